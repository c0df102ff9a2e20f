import { QUESTIONS, type Answer, type Question, type Verification } from "../domain/verification.ts";
import { padTo, wrap, type TextOptions } from "./layout.ts";
import { paletteOf, type Palette } from "./palette.ts";
import { jsonText, visibleData } from "./visible.ts";
import { countOf } from "./words.ts";

/** What each answer is an answer to. */
const ASKED: Readonly<Record<Question, string>> = {
  intact: "every report is signed by a trusted key and is, byte for byte, what was signed",
  complete: "no report is missing, inserted or out of order from the first to the last",
  sourced: "the manifests that the reports name are the manifests given, neither more nor fewer",
  anchored: "the chain ends in the report that was written down elsewhere",
};

const TONE: Readonly<Record<Answer, keyof Palette>> = { yes: "good", no: "bad", "not-checked": "unknown" };

/** What a verifier found, for a terminal: four answers, then all that is wrong, then what no answer proves. */
export function verificationText(given: Verification, { color, width }: TextOptions): string {
  const verification = visibleData(given);
  const palette = paletteOf(color);
  const { reports, head, problems, limitations, late, keys } = verification;
  const paragraph = (lines: readonly string[]) => (lines.length > 0 ? [...lines, ""] : []);
  return [
    ...QUESTIONS.flatMap((question) => answerLines(question, verification[question], width, palette)),
    "",
    ...paragraph(
      problems.flatMap(({ file, check, message }) =>
        wrap([...(file === "" ? [] : [file]), check, message].join(": "), width, 0, 2).map(palette.bad),
      ),
    ),
    ...paragraph(
      late.flatMap(({ sequence, dueBefore, finishedOn }) =>
        wrap(`Late: report ${sequence} was due before ${dueBefore} and finished at ${finishedOn}`, width, 0, 2),
      ),
    ),
    ...paragraph(
      keys.map(
        ({ keyid, algorithm, protection, reports, unchecked }) =>
          `Key ${keyid} ${algorithm} ${protection}, signed ${reports}${unchecked > 0 ? `, NOT CHECKED in ${unchecked}` : ""}`,
      ),
    ),
    ...paragraph(limitations.flatMap((limitation) => wrap(`Limit: ${limitation}`, width, 0, 2)).map(palette.faint)),
    ...paragraph(head ? [`Last report  ${head.sequence}:${head.payloadSha256}`] : []),
    palette.strong(`${countOf(reports, "report")} read, ${countOf(problems.length, "problem")}`),
    "",
  ].join("\n");
}

/** The same for machines and for the auditor's file. */
export const verificationJson = (verification: Verification): string =>
  jsonText({ schema: "holdfast-verification/1", ...verification });

function answerLines(question: Question, answer: Answer, width: number, palette: Palette): readonly string[] {
  const [name, said] = [padTo(question.toUpperCase(), 10), padTo(answer, 13)];
  const [head = "", ...more] = wrap(ASKED[question], width, 23);
  return [`${palette.strong(name)}${palette[TONE[answer]](said)}${head.trimStart()}`, ...more];
}
