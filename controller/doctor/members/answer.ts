import * as z from "zod";
import { HEALTHS, type Finding } from "../finding.ts";

/** What the controller found, as it keeps it in the work store for whoever asked. */
const Answer = z.strictObject({
  version: z.literal(1),
  findings: z.array(
    z.strictObject({
      about: z.string(),
      check: z.string(),
      place: z.string().exactOptional(),
      health: z.enum(HEALTHS),
      says: z.string(),
      why: z.string().exactOptional(),
      fix: z.string().exactOptional(),
    }),
  ),
});

/** By the id that was asked with. */
export const answerKey = (id: string): string => `doctor/${id}.json`;
/** An id is a key's name, and comes from outside. */
export const isAnswerId = (id: string): boolean => /^[\w-]{1,64}$/.test(id);

export const encodeAnswer = (findings: readonly Finding[]): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ version: 1, findings })}\n`);

/** Throws SyntaxError or ZodError for what the controller did not write. */
export const decodeAnswer = (body: Uint8Array): readonly Finding[] =>
  Answer.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body))).findings;
