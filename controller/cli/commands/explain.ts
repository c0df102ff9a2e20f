import { explain } from "../../explain/explain.ts";
import { locate } from "../../explain/locate.ts";
import { readFacts } from "../../explain/read.ts";
import { inScope } from "../../decide/scope.ts";
import type { Explanation } from "../../domain/explanation.ts";
import { load } from "../../load/load.ts";
import { readsAlone } from "../../settings.ts";
import { explanationJson, explanationMarkdown, explanationText } from "../../views/explain.ts";
import { createReading } from "../../world.ts";
import { explainChange } from "./explain-change.ts";
import { refused } from "../approve/request.ts";
import { CHANGE_ID, GROUP_ID } from "../approve/resolve.ts";
import { formatOf, scopeOf, settingsOf, type Invocation } from "../invocation.ts";
import { newRun } from "../run.ts";

/** Says why a resource is or is not protected, or why a change is or is not made. Of AWS it only reads. */
export async function explainCommand(invocation: Invocation): Promise<number> {
  const [what = ""] = invocation.operands;
  return CHANGE_ID.test(what) || GROUP_ID.test(what)
    ? explainChange(what, invocation)
    : explainResource(what, invocation);
}

async function explainResource(arn: string, invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const settings = settingsOf(invocation);
  const reading = await createReading(settings, { progress: terminal.progress });
  const { clock, source, organization } = reading;
  const run = newRun(clock, scopeOf(invocation), { standalone: readsAlone(settings) });
  const desired = inScope(await load(await source.read(), organization, clock.now()), run.scope);
  const fleet = reading.enter(desired.fleet.access, run.id);
  const subject = await locate(arn, desired.fleet, (target) => fleet.reader(target));
  const facts = await readFacts(subject, desired, { clock, fleet });
  const stead = "answer" in facts.own ? facts.own.answer?.coveredBy : undefined;
  if (stead !== undefined)
    throw refused(`AWS Backup does not back up ${arn} itself, but ${stead}: ask for that by its ARN`);
  const told = explain(facts);
  terminal.out(render(told, invocation));
  return EXIT_CODES[told.verdict];
}

/** As the verdicts of design §14: what is not protected is drift from what should be, what could not be read is incomplete. */
const EXIT_CODES: Readonly<Record<Explanation["verdict"], number>> = {
  protected: 0,
  wanting: 2,
  unprotected: 2,
  unknown: 4,
};

function render(told: Explanation, invocation: Invocation): string {
  const format = formatOf(invocation);
  switch (format) {
    case "json":
      return explanationJson(told);
    case "markdown":
      return explanationMarkdown(told);
    case "text":
      return explanationText(told, invocation.terminal);
    default:
      return format satisfies never;
  }
}
