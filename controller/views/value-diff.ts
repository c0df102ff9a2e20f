import { sameValue } from "../domain/digest.ts";

/** One place inside two nested values where they differ; undefined is a side that has nothing there. */
export interface Difference {
  /** Dotted, from the value's own top; empty for the value itself. */
  readonly path: string;
  readonly live: unknown;
  readonly desired: unknown;
  /** What is there on one side only is an element of the list at `path`, not the whole of what is there. */
  readonly element?: true;
}

/**
 * Where two nested values differ, as few and as small as structure allows. Members are compared by name. Lists are compared as
 * sets, for what AWS Backup holds in lists is sets: what both have is left out, statements of one `Sid` are compared with each other.
 */
export function differences(live: unknown, desired: unknown, path = ""): readonly Difference[] {
  if (live === desired || (live !== undefined && desired !== undefined && sameValue(live, desired))) return [];
  const found = nested(live, desired, path);
  // Nothing smaller to point at: the values differ in order or repetition alone, or are no containers.
  return found && found.length > 0 ? found : [{ path, live, desired }];
}

function nested(live: unknown, desired: unknown, path: string): readonly Difference[] | undefined {
  if (isList(live) && isList(desired)) return listDifferences(live, desired, path);
  if (isRecord(live) && isRecord(desired)) return recordDifferences(live, desired, path);
  return undefined;
}

function recordDifferences(live: Members, desired: Members, path: string): readonly Difference[] {
  const names = [...new Set([...Object.keys(live), ...Object.keys(desired)])];
  return names.flatMap((name) => differences(live[name], desired[name], path === "" ? name : `${path}.${name}`));
}

function listDifferences(live: readonly unknown[], desired: readonly unknown[], path: string): readonly Difference[] {
  const gone = live.filter((one) => !desired.some((other) => sameValue(one, other)));
  const come = desired.filter((one) => !live.some((other) => sameValue(one, other)));
  const partner = (one: unknown) => come.find((other) => sid(one) !== undefined && sid(one) === sid(other));
  const paired = new Set(gone.map(partner));
  return [
    ...gone.flatMap((one) => {
      const other = partner(one);
      return other === undefined
        ? [{ path, live: one, desired: undefined, element: true as const }]
        : differences(one, other, `${path}[${sid(one) ?? ""}]`);
    }),
    ...come
      .filter((one) => !paired.has(one))
      .map((one) => ({ path, live: undefined, desired: one, element: true as const })),
  ];
}

/** The leaves of a value that stands alone, each with its path: what a created or removed thing consists of. */
export function leavesOf(value: unknown, path = ""): readonly { readonly path: string; readonly value: unknown }[] {
  if (!isRecord(value)) return [{ path, value }];
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .flatMap(([name, member]) => leavesOf(member, path === "" ? name : `${path}.${name}`));
}

type Members = Readonly<Record<string, unknown>>;
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isRecord = (value: unknown): value is Members => typeof value === "object" && value !== null && !isList(value);
/** The name an IAM statement goes by. */
const sid = (value: unknown): string | undefined =>
  isRecord(value) && typeof value["Sid"] === "string" ? value["Sid"] : undefined;
