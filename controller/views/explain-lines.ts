import {
  minuteText,
  type Explanation,
  type Need,
  type PolicyTold,
  type RuleTold,
  type SelectionTold,
  type TestTold,
  type VaultTold,
} from "../domain/explanation.ts";
import { spanText } from "../domain/restore-times.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf, type Palette } from "./palette.ts";
import { countOf } from "./words.ts";

const VERDICTS: Readonly<Record<Explanation["verdict"], { readonly text: string; readonly tone: keyof Palette }>> = {
  protected: { text: "PROTECTED", tone: "good" },
  wanting: { text: "PROTECTED, AND NOT AS ITS POLICY ASKS", tone: "bad" },
  unprotected: { text: "NOT PROTECTED", tone: "bad" },
  unknown: { text: "UNKNOWN: nobody can tell", tone: "unknown" },
};

/** An explanation for a terminal: the verdict first, then what it rests on. Its texts must have been made visible. */
export function explanationLines(told: Explanation, options: TextOptions): readonly string[] {
  const palette = paletteOf(options.color);
  const { text, tone } = VERDICTS[told.verdict];
  const paragraph = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ["", palette.strong(title), ...lines] : [];
  const listed = (items: readonly string[]) => items.flatMap((item) => wrap(item, options.width, 2, 2));
  return [
    palette.strong(told.arn),
    palette.faint(`${told.type} in ${told.target}, ${tagsText(told.tags)}`),
    "",
    palette[tone](palette.strong(text)),
    ...told.because.flatMap((one) => wrap(`- ${one}`, options.width, 0, 2)),
    ...paragraph(
      "Taken in by",
      told.takers.flatMap((taker) => [
        ...listed([selectionText(taker)]),
        ...taker.rules.flatMap((rule) => ruleLines(rule, options)),
      ]),
    ),
    ...paragraph("Nobody can tell of", listed(told.doubtful.map(selectionText))),
    ...paragraph("Nearest selections, which leave it out", listed(told.near.map(selectionText))),
    ...paragraph("Declared, and not live yet", listed(told.declared.map(selectionText))),
    ...paragraph("Recovery points", listed(told.vaults.map(vaultText))),
    ...paragraph("Outside AWS Backup, which no policy counts", listed(told.outside)),
    ...paragraph("Jobs of the last 30 days that went wrong", listed(told.jobs.failures.map(failureText))),
    ...paragraph("Restored as a test in the last 30 days", listed(told.tests.map(testText))),
    ...paragraph(
      "Policies that ask something of it",
      listed(
        told.policies.map(
          ({ kind, name, manifest, mode, standing }) =>
            `${kind} ${name} (${manifest.path}:${manifest.line}, ${mode})${standingText(standing)}`,
        ),
      ),
    ),
    ...paragraph(
      "Waivers that may excuse it",
      listed(
        told.waivers.map(
          ({ name, owner, expiresOn, manifest }) =>
            `Waiver ${name} of ${owner} until ${expiresOn} (${manifest.path}:${manifest.line})`,
        ),
      ),
    ),
    ...paragraph(
      "What would be needed",
      told.needed.flatMap((need, at) => [...(at > 0 ? [""] : []), ...needLines(need, options)]),
    ),
    ...paragraph("What could not be read", listed(told.unread).map(palette.unknown)),
    "",
  ];
}

function standingText(standing: PolicyTold["standing"]): string {
  if (!standing) return "";
  switch (standing.is) {
    case "met":
      return ": met";
    case "notYetDue":
      return ": not due yet, since it is younger than that asks and a plan takes it in";
    case "unknown":
      return ": whether it is met cannot be told";
    case "breached":
      return `: not met, ${standing.because.join("; ")}`;
    default:
      return standing.is satisfies never;
  }
}

const TAGS = 6;

export function tagsText(tags: Explanation["tags"]): string {
  if (tags === null) return "its tags were not read";
  const all = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (all.length === 0) return "no tags";
  const first = all.slice(0, TAGS).map(([key, value]) => `${key}=${value}`);
  return `tags ${first.join(", ")}${all.length > TAGS ? ` and ${all.length - TAGS} more` : ""}`;
}

const selectionText = ({ plan, selection, because, ours, manifest }: SelectionTold): string =>
  `plan ${plan}, selection ${selection}: ${because}${manifest ? ` (${manifest.path}:${manifest.line})` : ours ? "" : " (no manifest's)"}`;

function ruleLines(rule: RuleTold, { width }: TextOptions): readonly string[] {
  const kept = rule.deleteAfterDays === undefined ? "kept for ever" : `kept ${countOf(rule.deleteAfterDays, "day")}`;
  const cold = rule.coldAfterDays === undefined ? "" : `, cold after ${countOf(rule.coldAfterDays, "day")}`;
  const next = rule.nextRun ? `, next ${minuteText(rule.nextRun)}` : "";
  const copies = rule.copies.map((copy) => `, copied to ${copy}`).join("");
  const gapped = rule.airGapped ? `, and to ${rule.airGapped}` : "";
  const sort = rule.continuous ? "continuous backup" : rule.schedule;
  return wrap(`rule ${rule.name}: ${sort}${next}, into ${rule.vault}${gapped}, ${kept}${cold}${copies}`, width, 4, 2);
}

const LOCKS: Readonly<Record<VaultTold["lock"], string>> = {
  open: "not locked",
  governance: "locked in governance mode",
  compliance: "locked in compliance mode",
};

function vaultText({ name, place, points, newest, expires, copies, continuous, airGapped, lock }: VaultTold): string {
  const what = countOf(points, copies ? "copy" : "point");
  const until = expires === null ? "kept for ever" : `deleted ${minuteText(expires)}`;
  const air = airGapped ? "air-gapped" : LOCKS[lock];
  return `vault ${name} in ${place}: ${what}${continuous ? ", continuous among them" : ""}, the newest of ${minuteText(newest)}, ${until}; ${air}`;
}

const failureText = ({ kind, id, state, message, on, plan }: Explanation["jobs"]["failures"][number]): string =>
  `${minuteText(on)} ${kind} job ${id} ${state}${plan === undefined ? "" : `, of plan ${plan}`}: ${message === "" ? "AWS gives no message" : message}`;

function testText({ on, plan, id, status, validation, seconds }: TestTold): string {
  const took = seconds === undefined ? "under way" : `${status} in ${spanText(seconds)}`;
  return `${minuteText(on)} by plan ${plan}, job ${id}: ${took}${validation === undefined ? "" : `, validation ${validation}`}`;
}

const needLines = ({ what, snippet }: Need, { width }: TextOptions): readonly string[] => [
  ...wrap(`- ${what}${snippet ? ":" : ""}`, width, 0, 2),
  // As it stands, so that it can be copied.
  ...(snippet ? ["", ...snippet.text.split("\n").map((line) => `    ${line}`)] : []),
];
