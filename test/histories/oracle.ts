import type { Call } from "../simulator/calls.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { tenures, trespasses } from "../laws/leases.ts";
import { SHOP } from "../support/universe.ts";
import { Archive, type Kept } from "./archive.ts";
import { announcementsFor, type Announced } from "./announced.ts";
import type { Committed } from "./desired.ts";
import { approvalProblem } from "./consent.ts";
import { isFit, isSuspended } from "./facts.ts";
import { pointsOf, vaultsOf, type Land } from "./people.ts";
import { type Judging, lawObjections, lookedAgain, tooFewSurvive, worldObjections } from "./objections.ts";
import { policiesOf } from "./policies.ts";
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
  /** Points that could not stand in for another: flagged, or under a key that does not work. */
  readonly unfit: ReadonlySet<string>;
  readonly suspended: ReadonlySet<string>;
}

interface Judged extends Pick<Judging, "announced" | "consent"> {
  /** It went although it was the last of its resource, since a person named it. */
  readonly isLast: boolean;
  readonly wrongs: readonly string[];
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
      unfit: new Set(points.filter((point) => !isFit(this.#simulator, point)).map(({ arn }) => arn)),
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
  async settle(): Promise<void> {
    this.look();
    this.archive.take();
    await this.archive.verified();
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
    const reports = this.archive.reports.slice(0, sight.reports);
    const [judged] = announcementsFor(sight, reports)
      .map((announced) => this.#objections(sight, run, call, announced))
      .toSorted((a, b) => a.wrongs.length - b.wrongs.length);
    if (!judged) return;
    const { announced, consent, isLast } = judged;
    if (consent.consent) this.#count(`by ${consent.consent}`);
    if (isLast) this.#count("the last, by its name");
    this.#count(
      `${sight.operation === "DeleteRecoveryPoint" ? "deleted" : "shortened"}: ${announced.row?.cause ?? "?"}`,
    );
    const wrongs = [
      ...judged.wrongs,
      ...this.#purse.spend(sight, run),
      ...this.#purse.use(announced, run, this.archive.reports),
    ];
    const what = `${sight.operation} of ${sight.point.arn} (${announced.row?.cause ?? "unannounced"}) by ${run.id} at ${sight.at.toISOString()}`;
    this.violations.push(...wrongs.map((why) => `${what}: ${why}`));
  }

  /** Which of a point's announcements a call goes by nobody can see in it: the one that speaks most for it does. */
  #objections(sight: Sight, run: Run, call: Call, announced: Announced): Judged {
    const calls = this.#simulator.calls
      .all()
      .slice(run.from, sight.index)
      .filter(({ sourceIdentity }) => sourceIdentity === run.id);
    const consent = approvalProblem(sight, run, announced, this.archive.reports);
    const policies = policiesOf(sight.point, run.committed);
    const policy = policies.find(({ name }) => name === announced.row?.policy);
    const judging: Judging = { sight, run, call, calls, announced, consent, policies, policy };
    const looked = lookedAgain(calls, sight);
    // What people did after its last look nobody could know (rule 6).
    const raced = this.#meddled.some((index) => index > looked);
    const wrongs = [
      ...lawObjections(judging),
      ...(raced ? [] : worldObjections(judging, this.#gone.get(sight.point.resourceArn))),
      ...announced.problems,
    ];
    return { announced, consent, isLast: consent.last && tooFewSurvive(judging) !== undefined, wrongs };
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
