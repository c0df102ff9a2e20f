import type { Change } from "../domain/change.ts";
import type { OpenJournal } from "../ports.ts";
import type { RecoveredRow } from "../domain/report.ts";
import { actionRows } from "./rows.ts";

/**
 * What dead runs did, for this run's report to say (rule 23). A wave that was concluded speaks for itself, tries and all; of one that
 * was not, `judge` says what looking shows.
 */
export function recoveredRows(
  journals: readonly OpenJournal[],
  judge: (intent: Change) => RecoveredRow["result"],
): readonly RecoveredRow[] {
  return journals.flatMap(({ run, waves }) =>
    waves.flatMap(({ intents, outcomes }) =>
      intents.map((intent): RecoveredRow => {
        const outcome = outcomes?.find(({ change }) => change.id === intent.id);
        return {
          run,
          change: intent.id,
          key: intent.key,
          ...(intent.action === "amend" ? { subject: intent.finding.subject } : {}),
          action: intent.action,
          result: outcome
            ? outcome.result === "applied"
              ? "applied"
              : outcome.attempts.length > 0
                ? "uncertain"
                : "not-applied"
            : judge(intent),
          attempts: outcome ? [...actionRows(outcome)] : [],
        };
      }),
    ),
  );
}
