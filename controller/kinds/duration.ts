import * as z from "zod";

/** Written with a unit, so that nobody takes hours for days. */
export const Duration = z.string().regex(/^[1-9]\d{0,4}[hd]$/, "a number with h or d, such as 24h or 14d");

/** Milliseconds. */
export const durationMs = (text: string): number =>
  Number(text.slice(0, -1)) * (text.endsWith("d") ? 86_400_000 : 3_600_000);
