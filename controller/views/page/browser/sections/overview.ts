import { code, h, type Child } from "../dom.ts";
import { facts, type Context, type Section } from "../section.ts";
import type { Report } from "../shapes.ts";
import { number } from "../table.ts";
import { instant, plural, RESULT_WORDS, seconds, span, wordBadge } from "../words.ts";

export const overview: Section = { id: "overview", title: "The run, and what came of it", make };

function make({ shown: { report, payloadSha256 } }: Context): readonly Child[] {
  const { run, reporter, source, scope, chain } = report;
  return [
    h("p", { class: "lead" }, wordBadge(report.result), ` ${sentence(report)}`),
    figures(report),
    report.transition &&
      h(
        "p",
        { class: "note" },
        `The chain's keys change with this report: ${report.transition.reason}. From the next one on ${report.transition.newPolicy.threshold} of these must sign: `,
        report.transition.newPolicy.keyids.map((keyid) => [code(keyid), " "]),
      ),
    run.failure && h("p", { class: "warning" }, `The run broke off: ${run.failure.code}: ${run.failure.message}`),
    scope.partial && h("p", { class: "warning" }, "This run looked at a part of the fleet only."),
    report.unchanged &&
      h(
        "p",
        { class: "note" },
        `A short report: ${report.unchanged.sections.join(", ")} are as report ${report.unchanged.since.sequence} has them.`,
      ),
    facts([
      ["Fleet", scope.fleet ?? "none was resolved"],
      ["Report", [number(chain.sequence), ", payload SHA-256 ", code(payloadSha256)]],
      [
        "Run",
        [code(run.id), `, ${run.trigger}, ${run.mode}`, run.attempts === undefined ? "" : `, attempt ${run.attempts}`],
      ],
      ["Time", [`${instant(run.startedOn)} for ${span(seconds(run.startedOn, run.finishedOn))}`, clockText(report)]],
      ["Window", chain.window ? `${instant(chain.window.from)} to ${instant(chain.window.to)}` : "not told"],
      ["Next report due before", chain.nextDueBefore ? instant(chain.nextDueBefore) : "not told"],
      [
        "Desired state",
        source === null
          ? "none was read"
          : [source.commit === null ? "of no commit" : code(source.commit), ` from ${source.uri}`],
      ],
      [
        "Scope",
        `${plural(scope.accounts.length, "account")} in ${plural(scope.regions.length, "Region")}: ${scope.regions.join(", ") || "–"}`,
      ],
      [
        "Made by",
        [`${reporter.id} ${reporter.version}`, reporter.principalArn ? [" as ", code(reporter.principalArn)] : ""],
      ],
      ["Image", reporter.imageDigest ? code(reporter.imageDigest) : "not told"],
      ["Configuration", reporter.configSha256 ? ["SHA-256 ", code(reporter.configSha256)] : "not told"],
    ]),
  ];
}

const sentence = ({ result, chain, scope }: Report): string =>
  `Report ${chain.sequence}${scope.fleet === null ? "" : ` of fleet ${scope.fleet}`}: ${RESULT_WORDS[result] ?? "a result this page has no words for"}.`;

const clockText = ({ run: { clock } }: Report): string =>
  clock ? `, by the clock of the ${clock.source}, within ${clock.maxErrorMs} ms` : "";

const FIGURES: readonly (readonly [string, string])[] = [
  ["changes", "changes made"],
  ["held", "held"],
  ["resources", "not in sync"],
  ["unknown", "could not be read"],
  ["inSync", "in sync"],
  ["actions", "calls made"],
];

/** The counts that the report itself signs. */
function figures({ summary, announced }: Report): HTMLElement {
  const counts = FIGURES.flatMap(([name, words]) => {
    const count = summary[name];
    return count === undefined ? [] : [[count, words] as const];
  });
  const all = announced ? [...counts, [announced.points, "announced for deletion"] as const] : counts;
  return h(
    "ul",
    { class: "figures" },
    all.map(([count, words]) => h("li", {}, h("strong", {}, number(count)), h("span", {}, words))),
  );
}
