import { QUESTIONS, type Answer, type Question, type Verification } from "./verification.ts";

/** Names and messages may be a stranger's: what a terminal would act on is shown as text. */
const visible = (text: string): string =>
  text.replaceAll(
    /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu,
    (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );

/** What a verifier found, as lines: four answers, then all that is wrong, then what no answer proves. */
export function verdictText(given: Verification): string {
  const { problems, limitations, late, keys, head, reports } = given;
  return [
    ...QUESTIONS.map((question) => `${question.toUpperCase().padEnd(10)}${given[question]}`),
    "",
    ...problems.map(({ file, check, message }) => [...(file === "" ? [] : [file]), check, message].join(": ")),
    ...late.map(
      ({ sequence, dueBefore, finishedOn }) =>
        `Late: report ${sequence} was due before ${dueBefore} and finished at ${finishedOn}`,
    ),
    ...keys.map(
      ({ keyid, algorithm, protection, reports: signed, unchecked }) =>
        `Key: ${keyid} ${algorithm} ${protection}, signed ${signed}${unchecked > 0 ? `, NOT CHECKED in ${unchecked}` : ""}`,
    ),
    ...limitations.map((limitation) => `Limit: ${limitation}`),
    ...(head ? [`Last report: ${head.sequence}:${head.payloadSha256}`] : []),
    `${reports} reports read, ${problems.length} problems`,
  ]
    .map(visible)
    .join("\n");
}

/** 5 for any no, 4 where something that was asked for could not be checked, 0. What a signature says is always asked. */
export function exitCodeOf(answer: Verification, asked: Readonly<Partial<Record<Question, boolean>>>): number {
  const all: readonly Answer[] = QUESTIONS.map((question) => answer[question]);
  if (all.includes("no")) return 5;
  const open = QUESTIONS.some((question) => (asked[question] ?? question === "intact") && answer[question] !== "yes");
  return open ? 4 : 0;
}
