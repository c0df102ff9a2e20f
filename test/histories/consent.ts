import type { Announced } from "./announced.ts";
import type { Kept } from "./archive.ts";
import type { Approval } from "./desired.ts";
import type { Run } from "./oracle.ts";
import { isValid } from "./policies.ts";
import type { Sight } from "./witness.ts";

export interface Consented {
  /** What kind of consent there was. */
  readonly consent?: string;
  /** Some approval names the point itself, so that it may go although it is the last. */
  readonly last: boolean;
  readonly problem?: string;
}

/** Whether people had agreed to this very destruction when the run began (law 2, rule 7). */
export function approvalProblem(
  { point }: Sight,
  { committed, at }: Run,
  { row }: Announced,
  reports: readonly Kept[],
): Consented {
  const valid = committed.approvals.filter((one) => isValid(one, at));
  const last = valid.some(({ lastPoints }) => lastPoints.includes(point.arn));
  const [consent] = valid.flatMap((one) => kindOf(one, row, reports) ?? []);
  return consent === undefined ? { last, problem: "nobody approved it" } : { last, consent };
}

/** How an approval covers an announcement, if it does. */
export function kindOf(
  { changes, groups, standing }: Approval,
  row: Announced["row"],
  reports: readonly Kept[],
): string | undefined {
  if (!row) return undefined;
  if (changes.includes(row.change)) return "change";
  const members = groups.flatMap(({ id, report }) => membersOf(id, report, reports));
  if (members.includes(row.change)) return "group";
  return row.cause === "expired" && standing.includes(row.policy) ? "standing consent" : undefined;
}

const membersOf = (id: string, sequence: number, reports: readonly Kept[]): readonly string[] =>
  reports.find((one) => one.sequence === sequence)?.groups.find((group) => group.id === id)?.members ?? [];
