import type { Finding } from "../../../domain/change.ts";
import type { PolicyCoverage, RpoBreach, Settled, Tally } from "../../../domain/inventory.ts";
import type { FleetView } from "../../../domain/judging.ts";
import type { AwsFailure } from "../../../domain/errors.ts";
import { durationMs } from "../../duration.ts";
import { Kept } from "../../kept.ts";
import type { FoldContext } from "../../kind.ts";
import type { ResourceRow } from "../row.ts";
import type { ProtectedResourceRuleSpec } from "../spec.ts";
import type { Survey } from "../survey/survey.ts";
import type { Remedied } from "../survey/remedied.ts";
import { isMissing, overlapFinding, toFinding, type Telling } from "./findings.ts";
import { fleetPoints } from "./fleet-points.ts";
import { type Maker, type Makers, makersIn, ordersOf } from "./makers.ts";
import { type Answer, type CoverageRule, matcher } from "./matching.ts";
import { beyondFleet, remediedFinding } from "./remedied.ts";
import { type Breach, type Ground, isNew, standingOf } from "./standing.ts";
import { reasonOf, takersAmong, type Verdicts } from "./why.ts";

/** A policy at work: how many resources stand how to it. */
interface Judged {
  readonly rule: CoverageRule;
  readonly matches: (row: ResourceRow) => Answer;
  readonly figures: { -readonly [K in keyof Omit<PolicyCoverage, "policy">]: PolicyCoverage[K] };
}

interface KeptFinding {
  readonly finding: Finding;
  /** Null: there never was a point. Epoch milliseconds. */
  readonly lastGoodOn: number | null;
}

/** The resources of one target being judged. Memory grows with the findings there is room for; points are of the surveys. */
export interface ResourceFold {
  readonly ground: Ground;
  readonly view: FleetView;
  /** Backups that were made up for, by resource. */
  readonly remedied: ReadonlyMap<string, readonly Remedied[]>;
  readonly room: number;
  readonly makers: Makers;
  readonly judged: readonly Judged[];
  /** By cause, the gravest of each. */
  readonly kept: Map<string, Kept<KeptFinding>>;
  /** By policy and cause. */
  readonly tallies: Map<string, Tally>;
  population: number;
  /** Something that was not read, without which some resource could not be judged. */
  doubt: AwsFailure | undefined;
}

export function beginFold(context: FoldContext<ProtectedResourceRuleSpec, Survey>): ResourceFold {
  const { target: here, targets, rules, now, room, view, survey } = context;
  const { optIns, vaults = [], unmarked } = survey(here) ?? {};
  const remedied = vaults.flatMap((vault) => vault.remedied);
  return {
    view,
    remedied: Map.groupBy(remedied, ({ row }) => row.resourceArn),
    ground: { here, points: fleetPoints(here, targets, survey), now: now.getTime() },
    room,
    makers: makersIn(view, here, optIns === undefined || "failure" in optIns ? undefined : optIns, now),
    judged: rules
      .filter(({ management }) => management.mode !== "suspended")
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((rule) => ({
        rule,
        matches: matcher(rule.spec.match),
        figures: { required: 0, met: 0, breaching: 0, unknown: 0, notYetDue: 0, idle: 0, overlapping: 0 },
      })),
    kept: new Map(),
    tallies: new Map(),
    population: 0,
    doubt: unmarked,
  };
}

/** Takes one resource in, whatever the order they come in: the fold is the same. */
export function foldRow(fold: ResourceFold, row: ResourceRow): ResourceFold {
  fold.population += 1;
  let verdicts: Verdicts | undefined;
  for (const one of fold.judged) {
    const matches = one.matches(row);
    if (matches === "no") continue;
    one.figures.required += 1;
    if (matches === "unknown") one.figures.unknown += 1;
    else judge(fold, one, row, (verdicts ??= fold.makers.verdicts(row)));
  }
  return fold;
}

function judge(fold: ResourceFold, one: Judged, row: ResourceRow, verdicts: Verdicts): void {
  const { rule, figures } = one;
  const takers = takersAmong(verdicts);
  if (row.idle !== undefined) figures.idle += 1;
  overlap(fold, one, row, takers);
  copiesOwed(fold, one, row, takers);
  const { breaches, unknown } = standingOf(row, rule.spec, fold.ground);
  if (breaches.length > 0 && isNew(row, rule.spec, fold.ground) && takers.length > 0)
    return void (figures.notYetDue += 1);
  if (breaches.length > 0) figures.breaching += 1;
  else if (unknown.length > 0) figures.unknown += 1;
  else figures.met += 1;
  fold.doubt ??= unknown.find((doubt) => doubt !== "forgotten");
  if (breaches.length === 0) return;
  const orders = ordersOf(takers, row);
  const reason = reasonOf(row, fold.makers, verdicts, orders);
  const telling: Telling = { ...fold.ground, row, rule, orders, reason };
  for (const breach of breaches) keep(fold, toFinding(breach, telling), lastGoodOf(breach));
}

function overlap(fold: ResourceFold, { rule, figures }: Judged, row: ResourceRow, takers: readonly Maker[]): void {
  // By id: AWS lets several plans bear one name (semantics §2.1).
  const plans = [...new Map(takers.map(({ plan, planName }) => [plan.planId, planName])).values()].toSorted();
  if (plans.length < 2) return;
  figures.overlapping += 1;
  if (rule.spec.overlaps === "report") keep(fold, overlapFinding(plans, { row, rule, here: fold.ground.here }), null);
}

/** What was made up for is to be copied as its rule copies (rule 21): looked for by `examine`, and counted there. */
function copiesOwed(fold: ResourceFold, { rule }: Judged, row: ResourceRow, takers: readonly Maker[]): void {
  const { ground, view } = fold;
  if (rule.spec.remedy !== "backUpNow") return;
  for (const remedied of fold.remedied.get(row.arn) ?? []) {
    const orders = ordersOf(takers, row);
    const finding = remediedFinding(remedied, orders, { row, rule, ground, view });
    if (!finding) continue;
    fold.doubt ??= beyondFleet(orders, ground);
    keepOne(fold, finding, null);
  }
}

const lastGoodOf = (breach: Breach): number | null =>
  breach.cause === "rpo-breach" ? (breach.best?.held.createdOn ?? null) : null;

function keep(fold: ResourceFold, finding: Finding, lastGoodOn: number | null): void {
  tally(fold, finding);
  keepOne(fold, finding, lastGoodOn);
}

function keepOne(fold: ResourceFold, finding: Finding, lastGoodOn: number | null): void {
  const kept = fold.kept.get(finding.cause) ?? new Kept(byGravity, fold.room);
  fold.kept.set(finding.cause, kept);
  kept.add({ finding, lastGoodOn });
}

/** All of them, kept or not. Resources have no size that AWS Backup would tell. */
function tally({ tallies }: ResourceFold, { rule, cause }: Finding): void {
  const name = `${rule.name}\n${cause}`;
  const known = tallies.get(name) ?? { policy: rule.name, cause, points: 0, bytes: 0 };
  tallies.set(name, { ...known, points: known.points + 1 });
}

/** What never was protected first, then what has been without for longest. A total order. */
const byGravity = (a: KeptFinding, b: KeptFinding): number =>
  (a.lastGoodOn ?? 0) - (b.lastGoodOn ?? 0) || (orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : 0);
const orderOf = ({ finding: { subject, rule, because } }: KeptFinding): string =>
  [subject, rule.name, because].join("\n");

export function settleFold(fold: ResourceFold, status: Settled["status"]): Settled {
  const kept = [...fold.kept].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const findings = kept.flatMap((one) => one.all());
  return {
    status,
    findings: findings.map(({ finding }) => finding),
    deferred: kept.reduce((sum, { dropped }) => sum + dropped, 0),
    counts: {},
    tallies: [...fold.tallies].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
    population: fold.population,
    watched: [],
    undecided: [],
    ...(fold.doubt ? { doubt: fold.doubt } : {}),
    sightings: [],
    absent: [],
    coverage: fold.judged.map(({ rule, figures }) => ({ policy: rule.name, ...figures })),
    rpoBreaches: findings.flatMap((one) => breachRow(one, fold)),
  };
}

function breachRow({ finding, lastGoodOn }: KeptFinding, { judged }: ResourceFold): readonly RpoBreach[] {
  if (!isMissing(finding)) return [];
  const rule = judged.find((one) => one.rule.name === finding.rule.name)?.rule;
  if (!rule) return [];
  const { subject: arn, of } = finding;
  return [{ arn, type: of.type, policy: rule.name, rpoMs: durationMs(rule.spec.rpo), lastGoodOn }];
}
