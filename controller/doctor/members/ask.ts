/** Has the controller look at its members, since they trust nobody else: starts it, and waits for what it found. */
import { invokeFunction } from "../../aws/installation-operations.ts";
import type { Call } from "../../aws/operation.ts";
import type { Clock, ObjectStore } from "../../ports.ts";
import { look, lookInto } from "../fact.ts";
import { subject, type Finding } from "../finding.ts";
import { answerKey, decodeAnswer } from "./answer.ts";

export interface Asking {
  readonly call: Call<typeof invokeFunction>;
  /** Where the controller puts what it found. */
  readonly work: ObjectStore;
  readonly clock: Clock;
  /** New with every asking. */
  readonly id: string;
}

const ASK_AGAIN_MS = 2_000;
/** A run that is under way is waited for; one that takes longer than Lambda lets it take is not there any more. */
const GIVE_UP_MS = 16 * 60_000;

/** `alias`: ARN of the controller's alias. The function is started asynchronously: a large fleet takes longer than a call may. */
export async function askController({ call, work, clock, id }: Asking, alias: string): Promise<readonly Finding[]> {
  const controller = subject(`controller ${alias.split(":").slice(6).join(":")}`);
  const [FunctionName, Qualifier] = [alias.split(":").slice(0, 7).join(":"), alias.split(":")[7]];
  const Payload = new TextEncoder().encode(JSON.stringify({ doctor: id }));
  const started = await look(() => call(invokeFunction, { FunctionName, Qualifier, InvocationType: "Event", Payload }));
  if (!started.seen) return controller.judge("fleet.asked", "what it sees of its members", started, () => []);
  const until = clock.monotonic() + GIVE_UP_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is what this loop does
    const answer = await lookInto(() => work.get(answerKey(id)));
    if (!answer.seen || answer.value instanceof Error)
      return controller.judge("fleet.asked", "its answer", answer, () => [noAnswer(alias)]);
    if (answer.value !== undefined) return decodeAnswer(answer.value.body);
    if (clock.monotonic() > until) return [noAnswer(alias)];
    // oxlint-disable-next-line no-await-in-loop -- waiting is what this loop does
    await clock.sleep(ASK_AGAIN_MS);
  }
}

const noAnswer = (alias: string): Finding =>
  subject(`controller ${alias.split(":").slice(6).join(":")}`).unknown("fleet.asked", {
    says: "it was asked to look at its members, and did not answer",
    why: "their roles and settings were not looked at",
    fix: "read what the function logged last, then ask again; an older release does not know the question",
  });
