import type { Question } from "../domain/verification.ts";

/** Every test a file can fail, and the question that then answers no. Names are for machines too: they stay as they are from release to release. */
export const CHECKS = {
  "no-reports": "intact",
  envelope: "intact",
  "payload-type": "intact",
  base64: "intact",
  signature: "intact",
  "key-id": "intact",
  "required-keys": "intact",
  "signature-list": "intact",
  utf8: "intact",
  canonical: "intact",
  schema: "intact",
  subject: "intact",
  manifest: "intact",
  summary: "intact",
  unchanged: "intact",
  carried: "intact",
  supersedes: "intact",
  transition: "intact",
  "run-times": "intact",
  attachment: "intact",
  "file-name": "complete",
  sequence: "complete",
  "chain-id": "complete",
  link: "complete",
  order: "complete",
  start: "complete",
  "attachment-missing": "complete",
  source: "sourced",
  head: "anchored",
} as const satisfies Readonly<Record<string, Question>>;
export type Check = keyof typeof CHECKS;

/** A file that failed a test which nothing after it can do without. Caught where verdicts are drawn up, never further. */
export class Refused extends Error {
  readonly check: Check;
  constructor(check: Check, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "Refused";
    this.check = check;
  }
}
