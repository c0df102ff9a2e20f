import * as z from "zod";
import { instant, type Instant } from "../domain/identity.ts";

const DAY = z.regexes.date.source;
const MOMENT = z.regexes.datetime({ offset: true }).source;

/** An end, as people write it: a day, which it lasts through, or an instant. */
export const Expiry = z
  .string()
  .regex(new RegExp(`${DAY}|${MOMENT}`), "a day such as 2027-01-31, or an instant such as 2027-01-31T18:00:00Z")
  .describe("A day, valid to its end (UTC), or an instant with its offset.");

const DAY_MS = 86_400_000;

/** The first instant at which it no longer holds. */
export const expiryOf = (text: string): Instant =>
  instant(new Date(Date.parse(text) + (text.includes("T") ? 0 : DAY_MS)));

/** The last day (UTC) on some of which it holds: what a person would call its date. */
export const lastDayOf = (expiresOn: Instant): string => new Date(Date.parse(expiresOn) - 1).toISOString().slice(0, 10);

export const hasExpired = (expiresOn: Instant, now: Date): boolean => Date.parse(expiresOn) <= now.getTime();
