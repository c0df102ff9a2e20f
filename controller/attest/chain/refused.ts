/** The names of tests, and what fails one, are the verifier's: what reads a chain here and what an auditor runs say the same. */
export { Refused } from "../../verifier/checks.ts";
