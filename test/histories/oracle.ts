import type { Call } from "../simulator/calls.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { tenures, trespasses } from "../laws/leases.ts";
import { SHOP } from "../support/universe.ts";
import { Archive, type Kept } from "./archive.ts";
import { announcementFor, type Announced } from "./announced.ts";
import type { Committed } from "./desired.ts";
import { approvalProblem } from "./consent.ts";
import { causeProblems } from "./causes.ts";
import { hasKey, isSuspended } from "./facts.ts";
import { incompleteListings, unreadKeys } from "./listings.ts";
import { pointsOf, vaultsOf, type Land } from "./people.ts";
import { isFrozen, isWaived, policiesOf } from "./policies.ts";
import { Purse } from "./purse.ts";
import { mutationsUntold, reportProblems } from "./reports.ts";
import { watch, type Sight } from "./witness.ts";

/** A run as the oracle knows it: what was committed when it began, and whether it may destroy at all. */
export interface Run {
  readonly id: string;
  readonly how: "whole" | "of an event" | "of one account";
  readonly committed: Committed;
  readonly at: Date;
  /** Index of its first call in the log. */
  readonly from: number;
  /** Nothing was broken, nobody interfered: it must have seen everything. */
  readonly clean: boolean;
  /** The points that were there, by ARN, each with its status and what AWS said about it. */
  readonly present: ReadonlyMap<string, readonly [status: string, message: string | undefined]>;
  /** Points in each vault, by ARN. */
  readonly population: ReadonlyMap<string, number>;
  readonly badKeys: ReadonlySet<string>;
  readonly suspended: ReadonlySet<string>;
}

/** Judges every destructive call by the world itself and by the reports as they were published. It knows the rules, and none of our code. */
export class Oracle {
  readonly archive: Archive;
  readonly violations: string[] = [];
  /** Destructions by what they were. */
  readonly counts = new Map<string, number>();
  readonly #simulator: Simulator;
  readonly #land: Land;
  readonly #runs = new Map<string, Run>();
  readonly #pending: Sight[] = [];
  readonly #purse = new Purse();
  /** Since when a resource is not there, by ARN. */
  readonly #gone = new Map<string, Date>();
  readonly #seen = new Set<string>();
  /** Calls before which a person acted in the middle of a run. */
  readonly #meddled: number[] = [];
  /** Reports heard so far. */
  #read = 0;

  constructor(land: Land) {
    this.#land = land;
    this.#simulator = land.simulator;
    this.archive = new Archive(land.simulator);
    watch(land.simulator, this.archive, SHOP, (sight) => void this.#pending.push(sight));
  }

  begin(run: Pick<Run, "id" | "how" | "committed" | "clean">): void {
    this.look();
    const points = pointsOf(this.#land);
    const now = this.#simulator.clock.now();
    this.#runs.set(run.id, {
      ...run,
      at: now,
      from: this.#simulator.calls.all().length,
      present: new Map(points.map(({ arn, status, statusMessage }) => [arn, [status, statusMessage]])),
      population: new Map(vaultsOf(this.#land).map(({ arn, points: { size } }) => [arn, size])),
      badKeys: new Set(points.filter((point) => !hasKey(this.#simulator, point)).map(({ arn }) => arn)),
      suspended: new Set(points.filter((point) => isSuspended(point, now)).map(({ arn }) => arn)),
    });
  }

  /** Notes which resources are gone, and since when. Called whenever somebody may have done something. */
  look(): void {
    const now = this.#simulator.clock.now();
    const living = new Set(this.#land.regions.flatMap((region) => [...this.#simulator.resources(SHOP, region).keys()]));
    for (const arn of living) this.#gone.delete(arn);
    for (const { resourceArn } of pointsOf(this.#land)) this.#seen.add(resourceArn);
    for (const arn of this.#seen) if (!living.has(arn) && !this.#gone.has(arn)) this.#gone.set(arn, now);
  }

  meddled(): void {
    this.#meddled.push(this.#simulator.calls.all().length);
    this.look();
  }

  /** After something happened: judges what was destroyed, and what was reported. */
  settle(): void {
    this.look();
    this.archive.take();
    for (const sight of this.#pending.splice(0)) this.#judge(sight);
    for (; this.#read < this.archive.reports.length; this.#read += 1) this.#hear(this.archive.reports[this.#read]!);
  }

  /** By the end whatever was changed is told somewhere (law 10), and was changed under the lease (law 9). */
  finish(): void {
    this.violations.push(
      ...mutationsUntold(this.#simulator.calls.all(), this.#runs, this.archive.reports),
      ...trespasses(tenures(this.#simulator)),
    );
  }

  #hear(report: Kept): void {
    this.#purse.follow(report, this.#land);
    const run = this.#runs.get(report.run.id);
    if (!run) return void this.violations.push(`report ${report.sequence} is of ${report.run.id}, which never ran`);
    const problems = reportProblems(report, run, this.#land, this.#gone);
    this.violations.push(...problems.map((why) => `report ${report.sequence} of ${run.id}: ${why}`));
  }

  #judge(sight: Sight): void {
    const call = this.#simulator.calls.all()[sight.index];
    if (call?.outcome !== "ok") return;
    const run = this.#runs.get(call.sourceIdentity ?? "");
    // People at the console may do as they please.
    if (!run) return;
    const days = (sight.input["Lifecycle"] as { readonly DeleteAfterDays?: number } | undefined)?.DeleteAfterDays;
    if (sight.operation === "UpdateRecoveryPointLifecycle" && (days ?? Number.POSITIVE_INFINITY) >= sight.days) {
      this.#count("lengthened");
      return;
    }
    const announced = announcementFor(sight, this.archive.reports.slice(0, sight.reports));
    this.#count(
      `${sight.operation === "DeleteRecoveryPoint" ? "deleted" : "shortened"}: ${announced.row?.cause ?? "?"}`,
    );
    const wrongs = [
      ...this.#facts(sight, run, call, announced),
      ...announced.problems,
      ...this.#purse.spend(sight, run),
      ...this.#purse.use(sight, run, this.archive.reports),
    ];
    const what = `${sight.operation} of ${sight.point.arn} (${announced.row?.cause ?? "unannounced"}) by ${run.id} at ${sight.at.toISOString()}`;
    this.violations.push(...wrongs.map((why) => `${what}: ${why}`));
  }

  #facts(sight: Sight, run: Run, call: Call, announced: Announced): readonly string[] {
    const calls = this.#simulator.calls
      .all()
      .slice(run.from, sight.index)
      .filter(({ sourceIdentity }) => sourceIdentity === run.id);
    // The last look at it; what people did after that nobody could know (rule 6).
    const looked = calls.findLast(
      ({ operation, input }) => operation === "DescribeRecoveryPoint" && input["RecoveryPointArn"] === sight.point.arn,
    );
    const raced = this.#meddled.some((index) => index > firstLook(calls, looked, sight));
    const consent = approvalProblem(sight, run, announced, this.archive.reports);
    const wrong = (is: boolean, why: string): readonly string[] => (is ? [why] : []);
    const unread = unreadKeys(calls);
    const survivors = sight.survivors.filter(
      ({ arn, encryptionKeyArn }) => !run.badKeys.has(arn) && !unread.has(encryptionKeyArn ?? ""),
    );
    const policies = policiesOf(sight.point, run.committed);
    const policy = policies.find(({ name }) => name === announced.row?.policy);
    const keepLast = policy?.orphans?.keepLast ?? 1;
    if (consent.consent) this.#count(`by ${consent.consent}`);
    if (consent.last && survivors.length < keepLast) this.#count("the last, by its name");
    return [
      ...wrong(run.how !== "whole", `a run ${run.how} destroys nothing`),
      ...wrong(
        call.principal.includes("holdfast-apply") || call.principal.includes("holdfast-observe"),
        "by another role",
      ),
      ...(consent.problem === undefined ? [] : [consent.problem]),
      ...wrong(policy?.mode !== "enforce", `policy ${announced.row?.policy} does not reach it, or is not enforced`),
      ...wrong(
        policies.some(({ mode }) => mode === "suspended"),
        "a policy of it is suspended",
      ),
      ...wrong(isFrozen(run.committed, run.at) && isFrozen(run.committed, sight.at), "changes are frozen"),
      ...wrong(isWaived(run.committed, sight.point.arn, run.at), "it is waived"),
      ...wrong(sight.suspended && run.suspended.has(sight.point.arn), "a person asked for no writes in its vault"),
      ...wrong(sight.untouchable !== undefined, sight.untouchable ?? ""),
      ...incompleteListings(calls, sight, announced.row?.cause).map((what) => `${what} was not read whole`),
      ...(raced
        ? []
        : [
            ...wrong(sight.held, "it is under a legal hold"),
            ...wrong(sight.locked, "its vault is locked"),
            ...wrong(sight.kept, "it is marked to be kept"),
            ...wrong(
              !consent.last && survivors.length < keepLast,
              `${survivors.length} newer restorable points are left, and ${keepLast} must be`,
            ),
            ...causeProblems(sight, announced, policies, this.#gone.get(sight.point.resourceArn)),
          ]),
    ];
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/** Where the second look at a point begins, which directly precedes its end: the first of its reads since the last other write. */
function firstLook(calls: readonly Call[], looked: Call | undefined, { point, index }: Sight): number {
  const before = calls.findLast(({ mutating, index: at }) => mutating && at < index);
  const read = calls.find(
    ({ operation, input, index: at }) =>
      at > (before?.index ?? -1) && operation === "DescribeRecoveryPoint" && input["RecoveryPointArn"] === point.arn,
  );
  return read?.index ?? looked?.index ?? -1;
}
