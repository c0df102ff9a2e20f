/** As much of a row as tells which change it is of, and who asks for that. */
interface Asked {
  readonly change?: string | undefined;
  readonly manifest?: { readonly path: string; readonly line: number } | undefined;
}

/** Policies that ask the same of one resource make one change of it, under one id: their manifests tell their rows apart. */
export const askedBy = ({ change, manifest }: Asked): string => [change, manifest?.path, manifest?.line].join("\n");

/** What holds back the change of a row, as the policy has it that the row is of: a Waiver may excuse what one policy asks and not another. */
export function holdsBy<Hold extends Asked>(held: readonly Hold[]): (row: Asked) => Hold | undefined {
  const holds = new Map(held.flatMap((hold) => (hold.change === undefined ? [] : [[askedBy(hold), hold] as const])));
  return (row) => (row.change === undefined ? undefined : holds.get(askedBy(row)));
}
