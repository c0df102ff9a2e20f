import pLimit from "p-limit";
import { Digest, instant, showTarget, type Target } from "../../domain/identity.ts";
import { type AwsFailure, HoldfastError } from "../../domain/errors.ts";
import type { GovernedResult } from "../../domain/inventory.ts";
import { governedKinds, kinds } from "../../kinds/index.ts";
import { unreadable } from "../../observe/governed.ts";
import { together, type Glimpse } from "../../observe/observe.ts";
import { takeIn } from "../../stages/look.ts";
import { needed, type Scene } from "../../stages/scene.ts";
import { closePart } from "../../stages/wave-part.ts";
import type { ShardAnswer, Task } from "./contract.ts";
import type { Parts } from "./parts.ts";
import { changesOf, partName, shardOf } from "./shards.ts";

/** What workers answered of one map, shard by shard. */
export interface Spread<T extends Task> {
  readonly task: T;
  readonly size: number;
  readonly wave?: number;
  readonly answers: readonly ShardAnswer[];
}

/** What a shard came to: what its workers left, and why that is not all. */
interface Shard<Part> {
  readonly number: number;
  readonly part: Part | undefined;
  readonly failure: AwsFailure;
}

/** Papers read side by side. */
const READERS = 16;

/** What workers left, read by the digests that came back from them. What is not what its digest says is as if it had never been left. */
async function partsOf<T extends Task>(
  { record, world }: Scene,
  spread: Spread<T>,
): Promise<readonly Shard<Parts[T]>[]> {
  const limit = pLimit(READERS);
  const shards = await Promise.all(
    spread.answers.map(({ state, paper }, number) =>
      limit(async (): Promise<Shard<Parts[T]>> => {
        try {
          const digest = paper === undefined ? undefined : Digest.parse(paper);
          const part = digest && (await world.papers.read<Parts[T]>(record.run.id, digest));
          if (digest && part) {
            record.unheard.push(digest);
            record.hear({ calls: part.asked.calls, observations: [] });
          }
          return { number, part, failure: why(state === "MORE" ? OUT_OF_TIME : DIED) };
        } catch (error) {
          if (!(error instanceof HoldfastError) || error.code !== "paper-refused") throw error;
          world.log("shard-refused", { task: spread.task, shard: number, error: error.message });
          return { number, part: undefined, failure: why(error.message) };
        }
      }),
    ),
  );
  return shards;
}

const DIED = "no worker came to the end of the shard that it is in: see the worker's log";
const OUT_OF_TIME = "time ran out before a worker came to it; the next run looks again";
const why = (message: string): AwsFailure => ({ kind: "unavailable", operation: "observe", message });

/** Every target of a map, as it was seen or as unseen. */
function seenOf<T extends Exclude<Task, "apply">>(
  scene: Scene,
  spread: Spread<T>,
  shards: readonly Shard<Parts[T]>[],
): readonly {
  readonly target: Target;
  readonly seen?: Parts[T]["seen"][number]["seen"];
  readonly failure: AwsFailure;
}[] {
  const { record } = scene;
  const all = shards.flatMap(({ number, part, failure }) => {
    const seen = new Map(part?.seen.map((one) => [showTarget(one.target), one.seen]));
    return shardOf(record, { ...spread, shard: number }).map((target) => {
      const found = seen.get(showTarget(target));
      return found === undefined ? { target, failure } : { target, seen: found, failure };
    });
  });
  const unseen = all.filter(({ seen }) => seen === undefined).length;
  if (unseen > 0)
    record.limitations.push(
      `${unseen} of ${all.length} targets were not come to (${WORDS[spread.task]}): a worker died or ran out of time.`,
    );
  record.attachments.push(...shards.flatMap(({ part }) => part?.attachments ?? []));
  return all;
}

const WORDS = { declared: "what they declare", governed: "their recovery points", survey: "their population" } as const;

/** The first pass. Where no rule reaches any of the targets, it is all of the look. */
export async function gatherDeclared(scene: Scene, spread: Spread<"declared">): Promise<void> {
  const all = seenOf(scene, spread, await partsOf(scene, spread));
  const at = instant(scene.world.clock.now());
  scene.record.glimpse = together(
    all.map(({ target, seen, failure }): Glimpse => seen ?? { listings: unread(target, failure, at), ...NOTHING }),
  );
}

const NOTHING = { resolved: new Map<string, never>(), surveys: new Map<string, never>() };

const unread = (target: Target, failure: AwsFailure, at: ReturnType<typeof instant>): Glimpse["listings"] =>
  kinds.map(({ name }) => ({ target, kind: name, items: [], unread: [], at, status: "incomplete", failure }));

/** The second pass, and with it the look. */
export async function gatherGoverned(scene: Scene, spread: Spread<"governed">): Promise<void> {
  const all = seenOf(scene, spread, await partsOf(scene, spread));
  endLook(
    scene,
    all.flatMap(({ target, seen, failure }) => seen ?? governedKinds.map((kind) => unreadable(kind, target, failure))),
  );
}

export function endLook({ record }: Pick<Scene, "record">, governed: readonly GovernedResult[]): void {
  takeIn(record, { ...needed(record.glimpse, "a first pass"), governed }, record.targets);
  record.glimpse = undefined;
}

export async function gatherSurvey(scene: Scene, spread: Spread<"survey">): Promise<void> {
  const { surveyOver, unsurveyed } = await import("../../survey/survey.ts");
  const asking = needed(scene.record.asking, "a window to survey");
  const all = seenOf(scene, spread, await partsOf(scene, spread));
  scene.record.survey = surveyOver(
    all.map(({ seen }) => seen ?? unsurveyed(asking)),
    asking,
  );
}

/** What became of a wave's changes. Of a shard whose workers all died the journal tells, and looking. */
export async function gatherApplied(scene: Scene, spread: Spread<"apply">): Promise<void> {
  const { record } = scene;
  for (const { number, part } of await partsOf(scene, spread)) {
    const ended = spread.answers[number]?.state !== "DEAD";
    const result =
      part && ended
        ? part
        : await closePart(scene, {
            wave: needed(spread.wave, "the number of a wave"),
            name: partName(number),
            changes: changesOf(record, { ...spread, shard: number }),
            told: part?.outcomes ?? [],
          });
    record.outcomes.push(...result.outcomes);
    record.recovered.push(...result.recovered);
  }
}
