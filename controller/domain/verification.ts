/** What a verifier concludes is the verifier's to say: the same in the command, in an evidence pack and on a page. */
export { QUESTIONS } from "../verifier/verification.ts";
export type { Answer, Pin, Question, Verification, VerificationProblem } from "../verifier/verification.ts";
