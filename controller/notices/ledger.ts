import * as z from "zod";
import { type Concern, isOpen, SEVERITIES } from "../domain/concern.ts";
import { Instant, instant } from "../domain/identity.ts";

/**
 * What a route has been told. Unsigned, in the store of work: nothing rests on it but whether something is said twice. What there is to say
 * is the difference between this and what is of concern, so that a process that died before it spoke is made up for by the next.
 */
export const Ledger = z.strictObject({
  version: z.literal(1),
  /** By concern: as how grave it was told, when last, and of which beginning. */
  told: z.record(z.string(), z.strictObject({ severity: z.enum(SEVERITIES), on: Instant, firstOn: Instant })),
  /** The last digest, by the local minute that it was due at: YYYY-MM-DDTHH:MM. */
  digest: z.string().nullable(),
  /** How the last notice came to nothing. Null: it was delivered. */
  failed: z.strictObject({ on: Instant, because: z.string(), fix: z.string() }).nullable(),
  /** Since when the address has been the same. Null: it is no secret, or was never read. */
  secretSince: Instant.nullable(),
});
export type Ledger = z.infer<typeof Ledger>;

export const NEW_LEDGER: Ledger = { version: 1, told: {}, digest: null, failed: null, secretSince: null };

/** A ledger without what nobody remembers any more. */
export function pruned(ledger: Ledger, concerns: readonly Concern[]): Ledger {
  const known = new Set(concerns.map(({ id }) => id));
  return { ...ledger, told: Object.fromEntries(Object.entries(ledger.told).filter(([id]) => known.has(id))) };
}

/** …and with what has been said just now. That something is over is said once, and then there is nothing more to say of it. */
export function withTold(ledger: Ledger, said: readonly Concern[], now: Date): Ledger {
  const ended = new Set(said.filter((one) => !isOpen(one)).map(({ id }) => id));
  const open = said
    .filter(isOpen)
    .map(({ id, severity, firstOn }) => [id, { severity, firstOn, on: instant(now) }] as const);
  const before = Object.entries(ledger.told).filter(([id]) => !ended.has(id));
  return { ...ledger, told: { ...Object.fromEntries(before), ...Object.fromEntries(open) } };
}
