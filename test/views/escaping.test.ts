import { describe, expect, it } from "vitest";
import type { Verification } from "../../controller/domain/verification.ts";
import { code, fenced } from "../../controller/views/markdown.ts";
import { planJson } from "../../controller/views/plan-json.ts";
import { planMarkdown } from "../../controller/views/plan-markdown.ts";
import type { PlanView } from "../../controller/views/plan-scene.ts";
import { planText } from "../../controller/views/plan-text.ts";
import { problemsJson, problemsText } from "../../controller/views/problems-text.ts";
import { progressText } from "../../controller/views/progress.ts";
import { changesBetween } from "../../controller/views/period/changes-between.ts";
import { diffText } from "../../controller/views/period/diff-text.ts";
import { reportList } from "../../controller/views/report-list.ts";
import { reportMarkdown } from "../../controller/views/report-markdown.ts";
import { reportText } from "../../controller/views/report-text.ts";
import { verificationJson, verificationText } from "../../controller/views/verification-text.ts";
import { visible } from "../../controller/views/visible.ts";
import { ATTACK, poisoned, RAW, SPELLED_OUT } from "./hostile.ts";
import { at, creating, denied, digest, everything, field, ireland, planOf, vaults, viewOf } from "./plan-fixtures.ts";
import { fullReport, quietReport } from "./report-fixtures.ts";

const plain = { color: false, width: 100 };

/** JSON takes data that its schema allows, so its names and values are poisoned, not its digests and account ids. */
const tagged: PlanView = viewOf(
  planOf(
    [creating(at(ireland, "vault", `nightly${ATTACK}`), vaults(4), [field("tags", undefined, { [ATTACK]: ATTACK })])],
    [],
    [],
  ),
  [ireland],
);
const problem = { ...vaults(3), severity: "error", message: "unknown field", hint: "did you mean tags?" } as const;
const verification: Verification = {
  intact: "no",
  complete: "yes",
  sourced: "not-checked",
  anchored: "yes",
  reports: 1,
  head: { sequence: 1, payloadSha256: digest("d") },
  problems: [{ file: "1.dsse.json", check: "signature", message: "wrong" }],
  limitations: ["none"],
  late: [],
  keys: [],
};

const texts: Readonly<Record<string, () => string>> = {
  "the plan": () => planText(poisoned(everything), plain),
  "the plan of a poisoned tag": () => planText(tagged, plain),
  "the plan as Markdown": () => planMarkdown(poisoned(everything)),
  "the report": () => reportText(poisoned(fullReport), plain),
  "the report as Markdown": () => reportMarkdown(poisoned(fullReport)),
  "the list of reports": () => reportList([poisoned(fullReport.report)], plain),
  "what changed between reports": () =>
    diffText(changesBetween(poisoned(quietReport.report), poisoned(fullReport.report), []), plain),
  "a verification": () => verificationText(poisoned(verification), plain),
  problems: () => problemsText([poisoned(problem)], plain),
  progress: () => progressText(poisoned({ stage: "observe", done: 1, of: 2, target: ireland, failure: denied }), 500),
};

/** It shows the beginning of a commit's id and nothing else that is free. */
const CUT = "the list of reports";

describe("what comes from elsewhere", () => {
  it.each(Object.entries(texts))("is never emitted raw in %s", (_name, text) => {
    expect(text()).not.toMatch(RAW);
  });

  it.each(Object.entries(texts).filter(([name]) => name !== CUT))("is spelled out in %s", (_name, text) => {
    expect(text()).toContain(SPELLED_OUT);
  });

  it("cannot add a line to a text", () => {
    const lines = (view: PlanView) => planText(view, { color: false, width: 20_000 }).split("\n").length;
    expect(lines(poisoned(everything))).toBe(lines(poisoned(everything, "harmless")));
  });

  it.each(["the plan as Markdown", "the report as Markdown"])("is inert in %s: no markup, no mention", (name) => {
    const outside = (texts[name]?.() ?? "")
      .replaceAll(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, "")
      .replaceAll(/<code>[^<]*<\/code>/g, "")
      .replaceAll(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
    expect(outside).not.toContain("everyone");
    expect(outside).not.toContain("<b>");
  });

  it.each([
    { name: "a plan", text: () => planJson(tagged), holds: { [ATTACK]: ATTACK } },
    { name: "problems", text: () => problemsJson([poisoned(problem)]), holds: `${problem.message}${ATTACK}` },
    { name: "a verification", text: () => verificationJson(poisoned(verification)), holds: `wrong${ATTACK}` },
  ])("is exact and escaped in the JSON of $name", ({ text, holds }) => {
    expect(text()).not.toMatch(RAW);
    expect(JSON.stringify(JSON.parse(text()))).toContain(JSON.stringify(holds));
  });
});

describe("visible", () => {
  it.each([
    { text: "nightly", shown: "nightly", because: "plain names stay as they are" },
    {
      text: "bücher/夜間-バックアップ",
      shown: "bücher/夜間-バックアップ",
      because: "letters of any script are readable",
    },
    {
      text: "a\u001B]0;title\u0007b",
      shown: "a\\u{001B}]0;title\\u{0007}b",
      because: "it would set the terminal's title",
    },
    { text: "\u202Egnp.exe", shown: "\\u{202E}gnp.exe", because: "it would be read from right to left" },
    { text: "a\u2066b\u2069", shown: "a\\u{2066}b\\u{2069}", because: "isolates reorder as overrides do" },
    { text: "a\u200Bb", shown: "a\\u{200B}b", because: "it would look like ab" },
    { text: "a\u00A0b", shown: "a\\u{00A0}b", because: "it would look like a space" },
    { text: "a\u3164b", shown: "a\\u{3164}b", because: "a letter that shows nothing is as good as none" },
    { text: "a\u{E0041}b", shown: "a\\u{E0041}b", because: "tag characters carry hidden text" },
    { text: "a\nb\tc\r", shown: "a\\nb\\tc\\r", because: "a line is the view's to end" },
    { text: "a\uD800b", shown: "a\\u{D800}b", because: "half a character is no character" },
    { text: "a\u009Bb\u007F", shown: "a\\u{009B}b\\u{007F}", because: "C1 controls start sequences too" },
  ])("turns $shown out, because $because", ({ text, shown }) => {
    expect(visible(text)).toBe(shown);
  });
});

describe("Markdown", () => {
  it.each([
    { text: "nightly", span: "`nightly`", because: "nothing needs more" },
    { text: "a`b", span: "``a`b``", because: "the fence is longer than any inside" },
    { text: "`", span: "`` ` ``", because: "a backtick at the edge would join the fence" },
    { text: "``x```", span: "```` ``x``` ````", because: "the longest run counts" },
  ])("spans $text as $span, because $because", ({ text, span }) => {
    expect(code(text)).toBe(span);
  });

  it("fences a block with more backticks than it holds", () => {
    expect(fenced(["```", "out of the block"], "text")).toBe("````text\n```\nout of the block\n````");
  });
});
