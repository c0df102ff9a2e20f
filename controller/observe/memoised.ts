import type { AnyOperation, Call } from "../aws/operation.ts";
import { canonical } from "../domain/digest.ts";

/**
 * A caller that asks AWS the same question once: a vault and its three satellites all begin with the same listing and the same tags.
 * Good for one observation of one target; a failure is remembered like an answer, so that all who asked agree on what is unknown.
 */
export function memoised(call: Call): Call {
  const answers = new Map<string, Promise<unknown>>();
  return ((operation: AnyOperation, input: never) => {
    const question = `${operation.name} ${canonical(input)}`;
    const known = answers.get(question);
    if (known) return known;
    const answer = call(operation, input);
    answers.set(question, answer);
    return answer;
  }) as Call;
}
