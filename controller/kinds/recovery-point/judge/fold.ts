import type { Counts, Settled, Tally } from "../../../domain/inventory.ts";
import type { AwsFailure } from "../../../domain/errors.ts";
import type { Target } from "../../../domain/identity.ts";
import type { FleetView } from "../../../domain/judging.ts";
import type { FoldContext, FoldMemory } from "../../kind.ts";
import { isReserved } from "../../listing.ts";
import type { Facts } from "../facts.ts";
import { existenceIn, type Survey } from "../owners/survey.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import type { RecoveryPointRuleSpec } from "../spec.ts";
import type { AbsentResource, Breach } from "./breach.ts";
import { byGravity } from "./breach.ts";
import { type Asked, askedBy } from "./asked.ts";
import { breachesOf } from "./breaches.ts";
import type { CopyFinding } from "./copies.ts";
import { type Setting, toFinding } from "./findings.ts";
import { Kept } from "../../kept.ts";
import { lastOnesExpiring } from "./last-expiring.ts";
import { type PointRule, reaches, rulesByType } from "./matching.ts";
import { originsIn } from "./origin.ts";
import { isRestorable, type Newest, remember } from "./survivors.ts";

/** One vault being judged. Memory grows with its resources and with the findings there is room for, never with its points. */
export interface PointFold {
  readonly target: Target;
  readonly vault: string;
  readonly vaultArn: string;
  readonly facts: Facts;
  readonly now: Date;
  readonly room: number;
  /** Why no point of this vault is judged, if none is (rule 10). */
  readonly untouchable: "reserved" | "air-gapped" | undefined;
  readonly view: FleetView;
  readonly memory: FoldMemory;
  readonly rules: readonly PointRule[];
  readonly rulesFor: (resourceType: string) => readonly PointRule[];
  readonly originOf: ReturnType<typeof originsIn>;
  readonly existenceOf: ReturnType<typeof existenceIn>;
  /** Newest points to keep of each resource, the most that any rule asks for. */
  readonly keepLast: number;
  readonly newest: Map<string, Newest>;
  readonly counts: Map<string, { points: number; bytes: number }>;
  readonly tallies: Map<string, Tally>;
  /** By cause and what would be done about it, the gravest of each. */
  readonly breaches: Map<string, Kept<Breach>>;
  readonly absent: Map<string, AbsentResource>;
  readonly undecided: string[];
  readonly watched: { readonly subject: string; readonly status: string }[];
  /** Every copy that is asked of the vault's points. */
  readonly asked: readonly Asked[];
  /** Of points that several vaults must hold a copy of, and that would go for it: which of them have been found to. */
  readonly joined: Map<string, ReadonlyMap<string, RecoveryPointRow>>;
  /** Of missing and short-lived copies: made by the join, after all rows are known. */
  readonly copies: Map<string, Kept<CopyFinding>>;
  population: number;
  /** Creation of the oldest restorable point. Epoch milliseconds; undefined: there is none so far. */
  oldestOn: number | undefined;
  /** Something that was not read, without which not every point can be judged. */
  doubt: AwsFailure | undefined;
}

export function beginFold(context: FoldContext<RecoveryPointRuleSpec, Survey>): PointFold {
  const { target, partition, rules, room, now, view, memory, survey } = context;
  // The kind's own step wrote them, a moment ago.
  const facts = partition.facts as unknown as Facts;
  const reaching = rules.filter(({ spec }) => reaches(spec, partition.name));
  return {
    target,
    vault: partition.name,
    vaultArn: partition.id,
    facts,
    now,
    room,
    untouchable: isReserved(partition.name)
      ? "reserved"
      : facts.vaultType === "BACKUP_VAULT"
        ? undefined
        : "air-gapped",
    view,
    memory,
    rules: reaching,
    rulesFor: rulesByType(rules, partition.name),
    originOf: originsIn(view),
    existenceOf: existenceIn(survey, target),
    keepLast: Math.max(1, ...rules.map(({ spec }) => spec.orphans?.keepLast ?? 1)),
    newest: new Map(),
    counts: new Map(),
    tallies: new Map(),
    breaches: new Map(),
    absent: new Map(),
    undecided: [],
    watched: [],
    asked: askedBy(reaching, { memory, now }),
    joined: new Map(),
    copies: new Map(),
    population: 0,
    oldestOn: undefined,
    doubt: "failure" in facts.tagged ? facts.tagged.failure : undefined,
  };
}

/** Takes one row in, whatever the order they come in: the fold is the same. */
export function foldRow(fold: PointFold, row: RecoveryPointRow): PointFold {
  fold.population += 1;
  if (fold.memory.watched.has(row.arn)) fold.watched.push({ subject: row.arn, status: row.status });
  if (isRestorable(row.status)) fold.oldestOn = Math.min(row.createdOn, fold.oldestOn ?? Infinity);
  remember(fold.newest, row, fold.keepLast);
  const exempt = fold.untouchable ?? exemption(row);
  if (exempt !== undefined) return count(fold, exempt, row);
  const matching = fold.rulesFor(row.resourceType);
  if (matching.length === 0) return count(fold, "unmatched", row);
  if (matching.some(({ management }) => management.mode === "suspended")) return count(fold, "suspended", row);
  const { breaches, counted } = breachesOf(fold, row, matching);
  for (const name of counted) count(fold, name, row);
  for (const breach of breaches) keep(fold, breach);
  return fold;
}

/** Points that are counted and left alone, whatever the rules say (rule 10), and those that are not points yet or any more. */
function exemption({ status, form, deleteAfterEvent }: RecoveryPointRow): string | undefined {
  if (status === "CREATING" || status === "DELETING") return "in-transition";
  if (deleteAfterEvent) return "deleted-after-event";
  if (form === "snapshot") return undefined;
  return form === "continuous" ? "continuous" : "nested";
}

export function keep(fold: PointFold, breach: Breach): void {
  const name = `${breach.cause} ${breach.does}`;
  const kept = fold.breaches.get(name) ?? new Kept(byGravity, fold.room);
  fold.breaches.set(name, kept);
  kept.add(breach);
  // Marking and deleting are two ends of one breach.
  if (breach.does === "unmark") return;
  if (breach.does !== "mark") addTally(fold, breach.rule.name, breach.cause, breach.row.bytes);
  if (breach.does === "mark" && breach.rule.spec.orphans?.action === "tag")
    addTally(fold, breach.rule.name, breach.cause, breach.row.bytes);
}

export function addTally({ tallies }: PointFold, policy: string, cause: string, bytes: number): void {
  const known = tallies.get(`${policy} ${cause}`) ?? { policy, cause, points: 0, bytes: 0 };
  tallies.set(`${policy} ${cause}`, { policy, cause, points: known.points + 1, bytes: known.bytes + bytes });
}

export function count(fold: PointFold, name: string, { bytes }: Pick<RecoveryPointRow, "bytes">): PointFold {
  const known = fold.counts.get(name);
  if (known) {
    known.points += 1;
    known.bytes += bytes;
  } else fold.counts.set(name, { points: 1, bytes });
  return fold;
}

/** By name, so that the order in which AWS lists points never counts. */
const inOrder = <T>(all: ReadonlyMap<string, T>): readonly T[] =>
  [...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);

export function settleFold(fold: PointFold, status: Settled["status"]): Settled {
  const setting: Setting = { ...fold, status };
  const kept = inOrder(fold.breaches);
  const copies = inOrder(fold.copies);
  const last = status === "complete" && !fold.untouchable ? lastOnesExpiring(fold) : [];
  const counts: Counts = Object.fromEntries([...fold.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    status,
    findings: [
      ...kept.flatMap((one) => one.all().map((breach) => toFinding(breach, setting))),
      ...last,
      ...copies.flatMap((one) => one.all().map(({ finding }) => finding)),
    ],
    deferred: [...kept, ...copies].reduce((sum, { dropped }) => sum + dropped, 0),
    counts,
    tallies: [...fold.tallies.values()].toSorted((a, b) => (a.policy + a.cause < b.policy + b.cause ? -1 : 1)),
    population: fold.population,
    oldestOn: fold.oldestOn ?? null,
    watched: fold.watched.toSorted((a, b) => (a.subject < b.subject ? -1 : 1)),
    undecided: fold.undecided.toSorted(),
    ...(fold.doubt ? { doubt: fold.doubt } : {}),
    sightings: [],
    absent: [...fold.absent].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([resource, one]) => ({ resource, ...one })),
  };
}
