import type { PolicySeen } from "../../domain/announcement.ts";
import type { Revision, Rule } from "../../domain/desired.ts";
import { instant, showKey } from "../../domain/identity.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Carried } from "../../domain/carried.ts";
import { sourceTrust } from "../../domain/source-trust.ts";
import { carryDestruction } from "./carry-destruction.ts";
import { handedOver } from "./carry-tested.ts";
import type { RunRecord } from "../report/record.ts";
import { carrySurvey } from "../report/surveyed.ts";

const DAY_MS = 24 * 3_600_000;

/** The memory of the first run. */
export const NOTHING_CARRIED: Carried = {
  corrections: [],
  declared: null,
  adopted: [],
  calls: null,
  source: null,
  announcements: [],
  frontier: [],
};

/** What the next run must remember, as this one found and left it (rule 31). A run over a part of the fleet, or a failed one, hands on what it was given. */
export function carry(record: RunRecord, calls: Readonly<Record<string, number>>, since: number, now: Date): Carried {
  const before = record.memory?.carried ?? NOTHING_CARRIED;
  const { desired, run } = record;
  const whole = desired !== undefined && run.scope === undefined && record.failure === undefined;
  return {
    corrections: corrections(before.corrections, record.outcomes, since, now),
    adopted: adoptedBy(record, since),
    declared: whole ? { counts: declaredCounts(desired.resources), since } : before.declared,
    calls: whole ? { perClass: { ...calls }, ...pointsStreamed(record), since } : before.calls,
    source: whole && isFresh(desired.revision, before.source) ? sourceRow(desired.revision, since) : before.source,
    // Bound when the lists are stored, which is before anything is signed.
    announcements: [],
    ...(before.full ? { full: before.full } : {}),
    // Counted on when the report takes its place in the chain.
    frontier: before.frontier,
    ...carryDestruction(record, before, now),
    ...carryHanded(record, before, now),
    ...carrySurvey(record, before, since),
    policies: whole ? policiesSeen(before.policies ?? [], desired.rules, now) : (before.policies ?? []),
  };
}

/** Absent: none. */
function carryHanded({ outcomes }: RunRecord, before: Carried, now: Date): Pick<Carried, "handed"> {
  const handed = handedOver(before.handed, outcomes, now);
  return handed.length > 0 ? { handed } : {};
}

/** Recovery points that were read one by one: none where no policy is about any. */
function pointsStreamed({ before, vaults }: RunRecord): Pick<NonNullable<Carried["calls"]>, "points"> {
  if (!before || before.governed.length === 0) return {};
  const counts = vaults.map(({ recoveryPointCount }) => recoveryPointCount);
  return { points: { all: counts.reduce((sum, count) => sum + count, 0), biggestVault: Math.max(0, ...counts) } };
}

/** When each policy was first known: what its copies are asked of from (rule 20). One that was taken out and comes back begins anew. */
function policiesSeen(
  before: readonly PolicySeen[],
  rules: readonly Pick<Rule, "name">[],
  now: Date,
): NonNullable<Carried["policies"]> {
  const known = new Map(before.map((one) => [one.policy, one]));
  const names = [...new Set(rules.map(({ name }) => name))].toSorted();
  return names.map((policy) => known.get(policy) ?? { policy, firstOn: instant(now) });
}

/** What was only looked at was not acted on: a HEAD that was put back must not become the one to go on from (rule 25). */
const isFresh = (revision: Revision, last: Carried["source"]): boolean => sourceTrust(revision, last).trust === "fresh";

const sourceRow = ({ commit, sequence }: Revision, since: number): Carried["source"] => ({ commit, sequence, since });

/** How many resources of each kind a desired state declares. */
export const declaredCounts = (
  resources: readonly { readonly key: { readonly kind: string } }[],
): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(resources, ({ key }) => key.kind)]
      .map(([kind, all]): [string, number] => [kind, all.length])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Each field that was put back once more, and those put back within the last day: three times in a day is a quarrel (rule 17). */
function corrections(
  before: Carried["corrections"],
  outcomes: readonly Outcome[],
  since: number,
  now: Date,
): Carried["corrections"] {
  const entries = new Map(before.map((entry) => [`${showKey(entry.key)} ${entry.path}`, entry]));
  for (const { change, result } of outcomes) {
    if (result !== "applied" || !change.restores) continue;
    for (const { path } of change.fields) {
      const id = `${showKey(change.key)} ${path}`;
      const entry = entries.get(id) ?? { key: change.key, path, on: [], since };
      entries.set(id, { ...entry, on: [...entry.on, instant(now)] });
    }
  }
  return [...entries.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => ({ ...entry, on: entry.on.filter((on) => now.getTime() - Date.parse(on) < DAY_MS) }))
    .filter(({ on }) => on.length > 0);
}

/** An adoption that wrote nothing is one of a thing without tags: its id is all there is to know it by (rule 19). */
export function adoptedBy({ memory, outcomes }: RunRecord, since = 1): Carried["adopted"] {
  const before = memory?.carried.adopted ?? [];
  const fresh = outcomes.flatMap(({ change, result, attempts }) =>
    result === "applied" && change.action === "adopt" && attempts.length === 0
      ? [{ key: change.key, id: change.live.id, since }]
      : [],
  );
  const gone = new Set(
    outcomes.flatMap(({ change, result }) =>
      result === "applied" && (change.action === "prune" || change.action === "replace") ? [change.live.id] : [],
    ),
  );
  return [...before.filter(({ id }) => !gone.has(id) && !fresh.some((one) => one.id === id)), ...fresh];
}
