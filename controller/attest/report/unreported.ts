import { type Instant, instant } from "../../domain/identity.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { OpenJournal } from "../../ports.ts";

/**
 * What runs that never reported did, or may have done: the outcomes they came to write down, and of waves that they did not conclude every
 * intent, as if it had been sent and not answered. What they may have destroyed counts against the budgets (rules 8, 23).
 */
export const unreportedOutcomes = (dead: readonly OpenJournal[], now: Date): readonly Outcome[] =>
  dead.flatMap(({ waves }) =>
    waves.flatMap(({ intents, outcomes }) => outcomes ?? intents.map((change) => maybe(change, instant(now)))),
  );

const maybe = (change: Outcome["change"], at: Instant): Outcome => ({
  change,
  at,
  attempts: [
    {
      changeId: change.id,
      target: change.key.target,
      role: "destroy",
      operation: "unknown",
      at,
      failure: {
        kind: "unanswered",
        operation: "unknown",
        message: "the run died before it wrote down what came back",
      },
    },
  ],
  result: "failed",
  failure: { kind: "unanswered", operation: "unknown", message: "the run died before it wrote down what came back" },
});
