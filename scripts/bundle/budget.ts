import type { Metafile } from "esbuild";

/** Bytes over all chunks of the worker. What it weighs is what a cold start reads (design §15). */
export const WORKER_BUDGET = 900_000;

export interface Weight {
  readonly total: number;
  /** The heaviest parts, in bytes after minifying: packages, and our own folders. */
  readonly heaviest: readonly { readonly part: string; readonly bytes: number }[];
  /** Packages that are in it more than once: versions that the lock file did not bring together. */
  readonly repeated: readonly string[];
}

/** What a bundle weighs, and of what. */
export function weigh({ inputs, outputs }: Metafile, most = 12): Weight {
  const parts = new Map<string, number>();
  for (const output of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const part = partOf(path);
      parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
    }
  const heaviest = [...parts]
    .map(([part, bytes]) => ({ part, bytes }))
    .toSorted((a, b) => b.bytes - a.bytes || (a.part < b.part ? -1 : 1))
    .slice(0, most);
  const total = Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);
  return { total, heaviest, repeated: repeatedIn(Object.keys(inputs)) };
}

function repeatedIn(paths: readonly string[]): readonly string[] {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const [folder, name] = PACKAGE.exec(path) ?? [];
    if (folder !== undefined && name !== undefined) folders.set(name, (folders.get(name) ?? new Set()).add(folder));
  }
  return [...folders]
    .filter(([, found]) => found.size > 1)
    .map(([name]) => name)
    .toSorted();
}

/** The innermost package a file belongs to: its folder, and its name. */
const PACKAGE = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/;

/** The package a file belongs to, or the first two folders of ours. */
function partOf(path: string): string {
  return PACKAGE.exec(path)?.[1] ?? path.split("/").slice(0, 2).join("/");
}

/** One line for the total, one for each of the heaviest parts, one for each package that is in it more than once. */
export function showWeight(name: string, { total, heaviest, repeated }: Weight, budget?: number): string {
  const figure = (bytes: number) => bytes.toLocaleString("en-US").padStart(9);
  const of = budget === undefined ? "" : ` of ${budget.toLocaleString("en-US")}`;
  return [
    `${name}: ${total.toLocaleString("en-US")} bytes${of}`,
    ...heaviest.map(({ part, bytes }) => `${figure(bytes)}  ${part}`),
    ...repeated.map((part) => `more than once: ${part}`),
  ].join("\n");
}
