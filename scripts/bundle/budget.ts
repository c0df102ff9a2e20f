import type { Metafile } from "esbuild";
import type { WORKER_ENTRIES } from "./worker.ts";

/** Bytes of a bundle. */
export interface Size {
  /** What every run loads: the entry, and what it imports without being asked. A cold start reads this (design §15). */
  readonly always: number;
  /** All chunks, those that only some runs load included. */
  readonly total: number;
}

type Entry = keyof typeof WORKER_ENTRIES;
/** What each function may load in every run, and what all may weigh together (decision 10). */
const ALWAYS: Readonly<Record<Entry, number>> = {
  handler: 1_090_000,
  coordinator: 1_190_000,
  worker: 886_000,
  events: 576_000,
  rotation: 461_000,
};
const TOTAL = 1_690_000;

export const workerBudget = (entry: Entry): Size => ({ always: ALWAYS[entry], total: TOTAL });

export interface Weight extends Size {
  /** The heaviest parts, in bytes after minifying: packages, and our own folders. */
  readonly heaviest: readonly { readonly part: string; readonly bytes: number }[];
  /** Packages that are in it more than once: versions that the lock file did not bring together. */
  readonly repeated: readonly string[];
}

/** What a bundle of that entry weighs, and of what. */
export function weigh({ inputs, outputs }: Metafile, entry: string, most = 12): Weight {
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
  const size = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  return {
    always: size(loadedWith(entry, outputs)),
    total: size(Object.keys(outputs)),
    heaviest,
    repeated: repeatedIn(Object.keys(inputs)),
  };
}

/** The entry's file and every file that is loaded with it. */
function loadedWith(entry: string, outputs: Metafile["outputs"]): ReadonlySet<string> {
  const files = new Set(Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === entry));
  // A set is walked on to what is added on the way.
  for (const file of files)
    for (const { path, kind } of outputs[file]?.imports ?? []) if (kind === "import-statement") files.add(path);
  return files;
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

/** One line for each size, one for each of the heaviest parts, one for each package that is in it more than once. */
export function showWeight(name: string, weight: Weight, budget?: Size): string {
  const line = (bytes: number, what: string, of?: number) =>
    `${figure(bytes).padStart(11)}  ${what}${of === undefined ? "" : `, of ${figure(of)}`}`;
  return [
    `${name}:`,
    line(weight.always, "bytes in every run", budget?.always),
    line(weight.total, "bytes in all", budget?.total),
    ...weight.heaviest.map(({ part, bytes }) => line(bytes, part)),
    ...weight.repeated.map((part) => `more than once: ${part}`),
  ].join("\n");
}

/** What is over the budget, in words. */
export const overweight = (weight: Size, budget: Size): readonly string[] =>
  (["always", "total"] as const)
    .filter((size) => weight[size] > budget[size])
    .map((size) => `${SIZES[size]} is over budget by ${figure(weight[size] - budget[size])} bytes`);

const SIZES = { always: "what every run loads", total: "what all runs load together" } as const;

const figure = (bytes: number): string => bytes.toLocaleString("en-US");
