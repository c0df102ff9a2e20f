import { AccountId, Region } from "../../controller/domain/identity.ts";
import type { Finished } from "../../controller/reconcile.ts";
import type { Connection } from "../simulator/connection.ts";
import type { RunOptions, Universe } from "../support/universe.ts";
import { IRELAND, SHOP } from "../support/universe.ts";
import { type Act, type GivenFault, tell } from "./acts.ts";
import { amend, approve } from "./commits.ts";
import { type Committed, filesOf, regionsOf } from "./desired.ts";
import { Tampered } from "./evidence.ts";
import { freezing } from "./freezing.ts";
import { Oracle, type Run } from "./oracle.ts";
import { behave, type Land, pointsOf } from "./people.ts";
import { build, DAY_MS, type World } from "./worlds.ts";

/** An organization, what is committed, and what happens to it over the months. */
export interface History {
  readonly world: World;
  readonly committed: Committed;
  readonly acts: readonly Act[];
}

/** A lease runs out in two minutes and may be taken over a minute later (rule 22). */
const UNTIL_FREE_MS = 3 * 60_000 + 1_000;
const HOUR_MS = 3_600_000;

/** A history as it is being played. */
export class Play {
  readonly u: Universe;
  readonly oracle: Oracle;
  readonly story: string[] = [];
  readonly #history: History;
  readonly #land: Land;
  readonly #tampered: Tampered;
  #committed: Committed;
  #runs = 0;

  constructor(history: History) {
    this.#history = history;
    this.#committed = history.committed;
    this.u = build(history.world, history.committed);
    this.#land = {
      simulator: this.u.simulator,
      regions: regionsOf(history.world.extent),
      images: [],
      announced: () => new Set(this.oracle.archive.reports.at(-1)?.announcements.map(({ subject }) => subject)),
    };
    this.oracle = new Oracle(this.#land);
    this.#tampered = new Tampered(this.u.simulator, this.oracle.archive);
  }

  /** Plays it to its end, or to the first violation. */
  async play(): Promise<void> {
    await this.#do({ act: "run", how: "whole" });
    for (const act of this.#history.acts) {
      if (this.oracle.violations.length > 0) return;
      await this.#do(act);
    }
    if (this.oracle.violations.length === 0) await this.#settleDown();
  }

  /** Faults are over and nobody does anything any more: two runs, and the third finds nothing to change. */
  async #settleDown(): Promise<void> {
    this.#say("the end", this.#tampered.restore() ?? "nothing was amiss with the evidence");
    for (const count of [1, 2]) {
      this.u.simulator.clock.advance(HOUR_MS);
      await this.#run("whole", `run ${count} of the end`);
    }
    const from = this.u.simulator.calls.all().length;
    this.u.simulator.clock.advance(HOUR_MS);
    await this.#run("whole", "the last run");
    const writes = this.u.simulator.calls
      .since(from)
      .filter(({ mutating, service, sourceIdentity }) => mutating && service !== "s3" && sourceIdentity !== undefined)
      // What the day's budget or a canary kept back goes when its time has come.
      .filter(({ operation }) => !["DeleteRecoveryPoint", "UpdateRecoveryPointLifecycle"].includes(operation));
    this.oracle.violations.push(
      ...writes.map(
        ({ operation, input }) => `the third run in peace still made ${operation} ${JSON.stringify(input)}`,
      ),
    );
    this.oracle.finish();
    this.oracle.violations.push(...this.u.simulator.problems.map((problem) => `the simulator: ${String(problem)}`));
  }

  async #do(act: Act): Promise<void> {
    const { clock } = this.u.simulator;
    switch (act.act) {
      case "days pass":
        clock.advance(act.days * DAY_MS);
        this.oracle.look();
        this.#say(tell(act));
        return act.next === "a run" ? this.#run("whole", "run") : undefined;
      case "run":
        return this.#run(act.how, tell(act));
      case "run that dies":
        return this.#dyingRun(act);
      case "two runs":
        return this.#twoRuns(act);
      case "run with faults":
        return this.#faultyRun(act.faults);
      case "run with a person about":
        return this.#watchedRun(act);
      case "person":
        this.#say(tell(act), behave(this.#land, act.person, act.at) ?? "nothing");
        return this.oracle.look();
      case "evidence":
        return this.#say(tell(act), this.#tampered.do(act.what, act.at) ?? "nothing");
      case "approve":
        return this.#commit(tell(act), approve(this.#committed, act, this.oracle.archive.reports.at(-1), clock.now()));
      case "commit": {
        const announced = [...this.#land.announced()];
        const points = announced.length > 0 ? announced : pointsOf(this.#land).map(({ arn }) => arn);
        const grounds = { opening: this.#history.committed, points, at: act.at, now: clock.now() };
        return this.#commit(tell(act), amend(this.#committed, act.edit, grounds));
      }
      default:
        return act satisfies never;
    }
  }

  #commit(what: string, next: Committed | undefined): void {
    if (next) {
      this.#committed = next;
      this.u.commit(filesOf(next, this.#history.world.extent));
    }
    this.#say(what, next ? "committed" : "nothing");
  }

  /** Approvals that have run out are taken out, as their owners are told to. */
  #begin(how: Run["how"], clean: boolean): void {
    this.#runs += 1;
    this.oracle.begin({ id: `run-${this.#runs}`, how, clean, committed: this.#committed });
  }

  async #run(how: Run["how"], what: string, clean = true, connection?: Connection): Promise<void> {
    const controller = await this.u.controller(connection);
    this.#begin(how, clean);
    const ended = await this.#ending(controller.run(optionsOf(how, this.#runs)));
    await this.oracle.settle();
    this.#say(what, ended);
  }

  async #ending(run: Promise<Finished>): Promise<string> {
    try {
      const finished = await run;
      if (finished.ended === "stood-down") return `stood down for ${finished.record.holder}`;
      const { report } = finished.published;
      const held = Map.groupBy(report.held, ({ reason }) => reason);
      const holds = [...held].map(([reason, all]) => `${all.length} ${reason}`).join(", ");
      const changed = report.changes.map(({ key, result }) => `${key.name.split(/[:/]/).at(-1)} ${result}`).join(", ");
      const broken = report.run.failure ? ` (${report.run.failure.code}: ${report.run.failure.message})` : "";
      return `report ${report.chain.sequence}: ${report.result}${broken}; held: ${holds || "nothing"}; changed: ${changed || "nothing"}`;
    } catch (error) {
      return `failed loudly: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async #dyingRun(act: Extract<Act, { act: "run that dies" }>): Promise<void> {
    const connection = this.u.simulator.connect();
    const controller = await this.u.controller(connection);
    connection.killAt(act.at, act.when);
    this.#begin("whole", false);
    const ended = await Promise.race([this.#ending(controller.run()), connection.killed.then(() => "it died")]);
    this.u.simulator.clock.advance(UNTIL_FREE_MS);
    await this.oracle.settle();
    this.#say(tell(act), ended);
  }

  /** Side by side; or one stands still, the other takes the lease over, and then the first goes on. */
  async #twoRuns(act: Extract<Act, { act: "two runs" }>): Promise<void> {
    const frost = act.frozenAt === "never" ? undefined : freezing(this.u.simulator.connect(), act.frozenAt);
    const first = await this.u.controller(frost?.connection);
    const second = await this.u.controller();
    this.#begin("whole", false);
    const one = this.#ending(first.run());
    if (frost) {
      await Promise.race([one, frost.frozen]);
      this.u.simulator.clock.advance(UNTIL_FREE_MS);
    }
    this.#begin("whole", false);
    const other = await this.#ending(second.run());
    frost?.thaw();
    const ended = await one;
    await this.oracle.settle();
    this.#say(tell(act), `the first: ${ended}; the second: ${other}`);
  }

  async #faultyRun(faults: readonly GivenFault[]): Promise<void> {
    const lift = faults.map((fault) => this.u.simulator.faults.add(asFault(fault)));
    await this.#run("whole", tell({ act: "run with faults", faults }), false);
    for (const one of lift) one();
    // A run that could not give its lease back is waited for.
    this.u.simulator.clock.advance(UNTIL_FREE_MS);
  }

  async #watchedRun(act: Extract<Act, { act: "run with a person about" }>): Promise<void> {
    let calls = 0;
    let did: string | undefined;
    const leave = this.u.simulator.faults.add({
      effect: { kind: "deny" },
      when: () => {
        calls += 1;
        if (calls !== act.after) return false;
        did = behave(this.#land, act.person, act.at);
        this.oracle.meddled();
        return false;
      },
    });
    await this.#run("whole", tell(act), false);
    leave();
    this.#say("meanwhile", did ?? "nothing");
  }

  #say(what: string, came = ""): void {
    const at = this.u.simulator.clock.now().toISOString().slice(0, 16);
    this.story.push(`${at} ${what}${came === "" ? "" : ` -> ${came}`}`);
  }
}

const EVENTFUL = { account: AccountId.parse(SHOP), region: Region.parse(IRELAND) };

/** Events name the targets to look at, or there were too many of them: every second looks at the whole fleet. */
const optionsOf = (how: Run["how"], count: number): RunOptions => {
  switch (how) {
    case "whole":
      return {};
    case "of an event":
      return { trigger: "event", ...(count % 2 === 0 && { scope: { targets: [EVENTFUL] } }) };
    case "of one account":
      return { scope: { accounts: [SHOP] } };
    default:
      return how satisfies never;
  }
};

const asFault = ({ operation, kind, page, after, times }: GivenFault) => ({
  operation,
  effect: kind === "html" ? ({ kind, status: 503 } as const) : ({ kind } as const),
  after,
  ...(page === "any" ? {} : { page }),
  ...(times === 1 ? { times } : {}),
});
