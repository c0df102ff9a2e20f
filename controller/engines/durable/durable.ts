import type { RunRecord } from "../../attest/report/record.ts";
import type { Digest } from "../../domain/identity.ts";
import type { Engine } from "../engine.ts";
import { Acts, hearWorkers, type Coordinating } from "./acts.ts";
import type { Task } from "./contract.ts";
import { endLook, gatherApplied, gatherDeclared, gatherGoverned, gatherSurvey, type Spread } from "./gather.ts";
import { Operations } from "./operations.ts";
import { doOwnPart, extentOf, orderOf, prepareSurvey } from "./own-acts.ts";
import { spreadOver } from "./spread.ts";

/** A durable execution that carries a run, and the workers that it has. */
export interface DurableRun extends Coordinating {
  /** Qualified ARN of the worker's alias. */
  readonly worker: string;
  /** Of this process alone: what tells its attempts from others'. */
  readonly attempt: string;
  /** Told of what the run came to, in the act that concludes it. */
  readonly concluded?: (record: RunRecord) => Promise<void>;
}

/** How long AWS is given to show what it accepted, between two looks; and how often. It takes two minutes at most (semantics §0.5). */
const PAUSE_SECONDS = 15;
const MOST_PAUSES = 8;

/** Spreads looking and applying over workers, and does the rest in steps of its own (rule 24, decision 14). */
export function durableEngine(durable: DurableRun): Engine {
  const { context, run, worker, attempt, concluded } = durable;
  const operations = new Operations();
  const acts = new Acts(durable, operations);
  let lastLook: readonly number[] = [];
  let pauses = 0;

  /** A map over so many targets, of which those of `then` are yet to come. */
  const spread = async <T extends Task>(
    name: string,
    what: { readonly task: T; readonly wave?: number; readonly plan?: Digest },
    targets: number,
    then: readonly number[],
  ): Promise<Spread<T>> => {
    const cut = operations.cut(targets, then);
    const request = { run: run.id, ...acts.handedOn, ...what };
    const answers = await spreadOver(context, name, cut, { arn: worker, request });
    operations.spend(1 + answers.reduce((sum, { asked }) => sum + asked, 0));
    const { task, wave } = what;
    return { task, size: cut.size, answers, ...(wave === undefined ? {} : { wave }) };
  };

  return {
    begin: () => acts.takeLease(),
    end: () => acts.giveBack(),
    act: (name, work) => acts.act(name, work),
    conclude: (name, work) =>
      acts.act(name, async (scene) => {
        await hearWorkers(scene);
        const answer = await work(scene);
        await concluded?.(scene.record);
        return answer;
      }),

    look: async (name) => {
      const { all, governed, first } = await acts.act(`${name}: where`, extentOf);
      lastLook = [all, governed];
      // A first look is followed by a wave at least, and by another look at what it changed.
      const later = first ? [all, all, governed] : [];
      const declared = await spread(`${name}: declared`, { task: "declared" }, all, [governed, ...later]);
      await acts.act(`${name}: gather what is declared`, async (scene) => {
        await gatherDeclared(scene, declared);
        if (governed === 0) endLook(scene, []);
      });
      if (governed === 0) return;
      const rows = await spread(`${name}: governed`, { task: "governed" }, governed, later);
      await acts.act(`${name}: gather what is governed`, (scene) => gatherGoverned(scene, rows));
    },

    carryOut: async () => {
      const { plan, waves, touched } = await acts.act("order the waves", orderOf);
      for (const [wave, { targets, own }] of waves.entries()) {
        if (targets > 0) {
          const then = [...waves.slice(wave + 1).map((later) => later.targets), touched, touched];
          const applied = await spread(`wave ${wave}`, { task: "apply", wave, plan }, targets, then);
          await acts.act(`wave ${wave}: gather`, (scene) => gatherApplied(scene, applied));
        }
        if (own > 0) await acts.act(`wave ${wave}: own part`, (scene, lease) => doOwnPart(scene, lease, wave, attempt));
      }
    },

    survey: async () => {
      const targets = await acts.act("what to survey", (scene) =>
        prepareSurvey(scene, (count) => operations.affords([count])),
      );
      if (targets === 0) return;
      const surveyed = await spread("survey", { task: "survey" }, targets, []);
      await acts.act("gather the survey", (scene) => gatherSurvey(scene, surveyed));
    },

    pause: async () => {
      if (pauses >= MOST_PAUSES || !operations.affords(lastLook)) return false;
      pauses += 1;
      operations.spend(1);
      await context.wait({ seconds: PAUSE_SECONDS });
      return true;
    },
  };
}
