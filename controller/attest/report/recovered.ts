import type { Change } from "../../domain/change.ts";
import { showKey } from "../../domain/identity.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { OpenJournal } from "../../ports.ts";
import type { RecoveredRow } from "../../domain/report-rows.ts";
import { actionRows } from "./rows.ts";

/**
 * What dead runs did, for this run's report to say (rule 23). A wave that was concluded speaks for itself, tries and all; of one that
 * was not, `judge` says what looking shows. Looking does not show who did it: where two dead runs, or two processes of one, meant the same
 * resource, what is done is put down to neither.
 */
export function recoveredRows(
  journals: readonly OpenJournal[],
  judge: (intent: Change) => RecoveredRow["result"],
): readonly RecoveredRow[] {
  const entries = journals.flatMap(entriesOf);
  const suspects = Map.groupBy(entries.filter(mayHaveTried), ({ intent }) => showKey(intent.key));
  const judged = ({ run, intent, attempt }: Entry): RecoveredRow["result"] => {
    const result = judge(intent);
    const others =
      suspects
        .get(showKey(intent.key))
        ?.some((one) => one.run !== run || (one.intent.id === intent.id && one.attempt !== attempt)) ?? false;
    return result === "applied-unanswered" && others ? "uncertain" : result;
  };
  return entries.map((entry): RecoveredRow => {
    const { run, intent, outcome } = entry;
    return {
      run,
      change: intent.id,
      key: intent.key,
      ...(intent.action === "amend" ? { subject: intent.finding.subject } : {}),
      action: intent.action,
      result: outcome ? concluded(outcome) : judged(entry),
      attempts: outcome ? [...actionRows(outcome, run)] : [],
    };
  });
}

/** One change that a dead run meant to make, with what became of it where it came to say so. */
interface Entry {
  readonly run: string;
  /** Which of the run's files of intents it stands in. */
  readonly attempt: number;
  readonly intent: Change;
  readonly outcome: Outcome | undefined;
}

const entriesOf = ({ run, waves }: OpenJournal): readonly Entry[] =>
  waves.flatMap(({ intents, outcomes }, attempt) =>
    intents.map((intent) => ({
      run,
      attempt,
      intent,
      outcome: outcomes?.find(({ change }) => change.id === intent.id),
    })),
  );

const mayHaveTried = ({ outcome }: Entry): boolean => outcome === undefined || outcome.attempts.length > 0;

const concluded = ({ result, attempts }: Outcome): RecoveredRow["result"] =>
  result === "applied" ? "applied" : attempts.length > 0 ? "uncertain" : "not-applied";
