import type { Question } from "./verification.ts";

/**
 * Every test that evidence can fail, and the question that then answers no. Names are for machines too: they stay as they are from release
 * to release, and each failure goes by the name of its own reason.
 */
export const CHECKS = {
  "no-reports": "intact",
  keys: "intact",
  "keys-policy": "intact",
  envelope: "intact",
  "payload-type": "intact",
  base64: "intact",
  signature: "intact",
  der: "intact",
  "key-id": "intact",
  "required-keys": "intact",
  "signature-list": "intact",
  transition: "intact",
  utf8: "intact",
  canonical: "intact",
  number: "intact",
  schema: "intact",
  subject: "intact",
  manifest: "intact",
  summary: "intact",
  unchanged: "intact",
  carried: "intact",
  supersedes: "intact",
  "run-times": "intact",
  attachment: "intact",
  "manifest-list": "intact",
  "file-name": "complete",
  sequence: "complete",
  "chain-id": "complete",
  link: "complete",
  log: "complete",
  window: "complete",
  order: "complete",
  start: "complete",
  due: "complete",
  period: "complete",
  versions: "complete",
  "attachment-missing": "complete",
  "pack-missing": "complete",
  source: "sourced",
  pack: "sourced",
  commit: "sourced",
  tree: "sourced",
  "manifest-root": "sourced",
  head: "anchored",
} as const satisfies Readonly<Record<string, Question>>;
export type Check = keyof typeof CHECKS;

/** Something that failed a test which nothing after it can do without. Caught where verdicts are drawn up, never further. */
export class Refused extends Error {
  readonly check: Check;
  constructor(check: Check, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "Refused";
    this.check = check;
  }
}

/** A test that failed, before it is said in which file. */
export interface Finding {
  readonly check: Check;
  readonly message: string;
}

/** What `run` comes to, or what it was refused for; every other error goes on. */
export async function refusal<T>(
  run: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly refused: Finding }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: { check: error.check, message: error.message } };
  }
}
