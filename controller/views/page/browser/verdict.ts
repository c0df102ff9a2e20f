import type { Answer, Pin, Question, Verification } from "../../../verifier/verification.ts";
import { code, h, type Child } from "./dom.ts";
import type { Evidence } from "./evidence.ts";
import { dataTable, number } from "./table.ts";
import { badge, grouped, plural, type Tone } from "./words.ts";

/** What a reader may ask of the verdict, and what the page does then. */
export interface Asking {
  readonly head: Pin | undefined;
  readonly compareHead: (text: string) => void;
  /** Why the last text was no head. */
  readonly refused: string | undefined;
  /** `sha256-…` of the script that runs here. */
  readonly scriptHash: string;
}

/** VALID: everything that could be looked at is as it should be. It never hides which of the four could not be. */
export const isValid = ({ intact, complete, sourced, anchored }: Verification): boolean =>
  intact === "yes" && ![complete, sourced, anchored].includes("no");

/** The verdict, its four answers, what went wrong if anything did, and what to compare. */
export function verdict(evidence: Evidence, asking: Asking): readonly Child[] {
  const { verification } = evidence;
  const valid = isValid(verification);
  return [
    h("h2", { id: "verdict-title" }, valid ? "VALID" : "INVALID"),
    h("p", { class: "lead" }, sentence(verification, valid)),
    answers(verification, evidence),
    verification.problems.length > 0 && problems(verification),
    !valid &&
      evidence.reports.length > 0 &&
      h(
        "p",
        { class: "warning bad" },
        "What follows is what the reports say. Each of them is signed and unaltered, but the set of them is not what it should be: see above.",
      ),
    ...compare(evidence, asking),
  ];
}

function sentence({ reports, problems: found }: Verification, valid: boolean): string {
  if (reports === 0) return "There is no report to verify.";
  if (valid)
    return `What could be checked of ${plural(reports, "report")} holds. The four answers differ: read which are yes, and which were not checked.`;
  const first = found[0];
  const reason = first ? ` ${first.file ? `${first.file}: ` : ""}${first.message}.` : "";
  return `Do not rely on ${reports === 1 ? "this report" : "these reports"}.${reason}`;
}

const TONES: Readonly<Record<Answer, Tone>> = { yes: "good", no: "bad", "not-checked": "unknown" };
const WORDS: Readonly<Record<Answer, string>> = { yes: "yes", no: "no", "not-checked": "not checked" };

function answers(verification: Verification, evidence: Evidence): HTMLElement {
  const rows: readonly (readonly [Question, string])[] = [
    ["intact", intactText(verification)],
    ["complete", completeText(verification, evidence)],
    ["sourced", sourcedText(verification)],
    ["anchored", anchoredText(verification)],
  ];
  return h(
    "table",
    { class: "answers" },
    h("caption", { class: "unseen" }, "Four questions, each answered apart from the others"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Question", "Answer", "What it means here"].map((title) => h("th", { scope: "col" }, title)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map(([question, meaning]) =>
        h(
          "tr",
          { "data-question": question },
          h("th", { scope: "row" }, question.toUpperCase()),
          h("td", {}, badge(TONES[verification[question]], WORDS[verification[question]])),
          h("td", { class: "meaning" }, meaning),
        ),
      ),
    ),
  );
}

const intactText = ({ intact, reports }: Verification): string =>
  intact === "yes"
    ? `${reports === 1 ? "The report is" : `All ${number(reports)} reports are`} signed as the trusted keys below demand, and not a byte was altered since.`
    : intact === "no"
      ? "Some file is not what was signed, or not signed by the keys below. Nothing of it is shown."
      : "There was nothing to check.";

function completeText({ complete }: Verification, { reports }: Evidence): string {
  const [first, last] = [reports[0]?.sequence, reports.at(-1)?.sequence];
  const isLogged = reports.every(({ report }) => report.chain.log !== undefined);
  if (complete === "yes")
    return `No report is missing from ${first ?? "the first"} to ${last ?? "the last"}: ${isLogged ? "numbers, digests, windows of time and the Merkle tree" : "numbers and digests"} fit together. Whether newer ones exist is a question for ANCHORED.`;
  return complete === "no"
    ? "Something is missing, out of order, or does not follow on what came before."
    : "Whether something is missing was not asked.";
}

const sourcedText = ({ sourced }: Verification): string =>
  sourced === "yes"
    ? "The manifests that the reports name are those of the commits they name, recomputed from git's own objects on this page."
    : sourced === "no"
      ? "Reports name manifests that their commits do not have."
      : "No git objects are at hand to compare the manifests with: add the packs of the evidence pack, or compare with a clone.";

const anchoredText = ({ anchored, head }: Verification): string =>
  anchored === "yes"
    ? "The report that you wrote down elsewhere is in this chain as you wrote it down."
    : anchored === "no"
      ? "The report that you wrote down elsewhere is not in this chain: it was cut off, or written anew."
      : `Nothing from outside was compared. Enter the head that you got separately${head ? "" : ", once there is one"}: without it a cut-off tail and a chain written anew with the same keys do not show.`;

const problems = ({ problems: found }: Verification): HTMLElement =>
  dataTable({
    caption: "What is wrong",
    columns: [
      { title: "File", text: ({ file }) => file || "–", show: ({ file }) => (file ? code(file) : "–") },
      { title: "Check", text: ({ check }) => check, show: ({ check }) => badge("bad", check) },
      { title: "What was found", text: ({ message }) => message },
    ],
    rows: found,
    empty: "",
  });

function compare(
  { verification: { head, keys } }: Evidence,
  { head: given, compareHead, refused, scriptHash }: Asking,
): readonly Child[] {
  const box = h("input", {
    type: "text",
    id: "head",
    value: given ? `${given.sequence}:${given.payloadSha256}` : "",
    placeholder: "42:0123456789abcdef…",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "head-help",
  });
  const button = h("button", { type: "button" }, "Compare");
  button.addEventListener("click", () => compareHead(box.value));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") compareHead(box.value);
  });
  return [
    h("h3", {}, "Compare these with the ones you got separately"),
    h(
      "p",
      { id: "head-help" },
      "A page can be forged as a whole. It cannot forge what reached you another way: by mail, by ticket, from git, from the person who holds the keys.",
    ),
    h(
      "dl",
      { class: "fingerprint" },
      keys.map(({ keyid, algorithm, protection, status, reports, unchecked }) => [
        h(
          "dt",
          {},
          `Key, ${algorithm}, ${protection === "local-file" ? "a file: integrity against outsiders only" : protection}, ${status}: signed ${plural(reports, "report")}${unchecked > 0 ? `, ${number(unchecked)} not checked` : ""}`,
        ),
        h("dd", {}, h("span", { class: "large" }, grouped(keyid))),
      ]),
      head && [
        h("dt", {}, `Head: report ${head.sequence}, SHA-256 of its payload`),
        h(
          "dd",
          {},
          h("span", { class: "large" }, grouped(head.payloadSha256)),
          code(`${head.sequence}:${head.payloadSha256}`),
        ),
      ],
      h("dt", {}, "Script of this page: the same in every page of a release"),
      h("dd", {}, code(scriptHash)),
    ),
    h("div", { class: "compare" }, h("label", { for: "head" }, "The head you have"), box, button),
    refused !== undefined && h("p", { class: "warning bad", role: "alert" }, refused),
  ];
}
