import * as z from "zod";
import { KeyShape, PolicyShape } from "../../domain/chain-keys.ts";
import { digestOf } from "../../domain/digest.ts";
import type { Digest } from "../../domain/identity.ts";
import { decodeBase64, encodeBase64 } from "./envelope.ts";
import { algorithmOf } from "./public-key.ts";
import { Refused } from "../chain/refused.ts";
import type { Signer, Signers } from "./signer.ts";
import { decodeUtf8, encodeUtf8 } from "./strict-json.ts";

/** A key's name: SHA-256 of its SubjectPublicKeyInfo in DER. `openssl pkey -pubin -outform der | sha256sum` says the same. */
export const keyIdOf = (spki: Uint8Array): Digest => digestOf(spki);

export const KeyRow = KeyShape.refine(
  ({ keyid, spki }) => keyid === keyIdOf(decodeBase64(spki)),
  "keyid is not the SHA-256 of spki",
).refine(({ algorithm, spki }) => algorithm === algorithmOf(decodeBase64(spki)), "algorithm is not what spki signs by");
export type KeyRow = z.infer<typeof KeyRow>;

const PolicyRow = PolicyShape.refine(
  ({ keyids }) => new Set(keyids).size === keyids.length,
  "a key is named twice",
).refine(({ keyids, threshold }) => threshold <= keyids.length, "threshold is more than there are keys");
export type PolicyRow = z.infer<typeof PolicyRow>;

/**
 * The trust root, `keys.json`: which keys a chain may be signed by, from which report on, and how many of them must sign. Its place is the
 * git repository, where review is the change control of keys; the copy beside the reports is a convenience that proves nothing.
 */
export const Keys = z
  .strictObject({
    version: z.literal(1),
    chainId: z.uuid(),
    keys: z.array(KeyRow).min(1),
    policy: z.array(PolicyRow).min(1),
  })
  .refine(({ keys }) => new Set(keys.map(({ keyid }) => keyid)).size === keys.length, "a key is listed twice")
  .refine(({ policy }) => policy[0]?.fromSequence === 1, "the first policy must hold from report 1")
  .refine(
    ({ policy }) => policy.every((row, at) => at === 0 || row.fromSequence > (policy[at - 1]?.fromSequence ?? 0)),
    "policies must be in order of fromSequence",
  )
  .refine(
    ({ keys, policy }) =>
      policy.every(({ keyids }) => keyids.every((keyid) => keys.some((key) => key.keyid === keyid))),
    "a policy names a key that is not listed",
  );
export type Keys = z.infer<typeof Keys>;

/** Keys as they were read, or what is wrong with them: what that means is for the caller to say. */
export function parseKeys(file: Uint8Array): { readonly keys: Keys } | { readonly wrong: string } {
  try {
    const parsed = Keys.safeParse(JSON.parse(decodeUtf8(file)));
    return parsed.success ? { keys: parsed.data } : { wrong: z.prettifyError(parsed.error) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Refused) return { wrong: error.message };
    throw error;
  }
}

/** Indented: people review it. */
export const encodeKeys = (keys: Keys): Uint8Array => encodeUtf8(`${JSON.stringify(keys, null, 2)}\n`);

/** A signer's key as keys.json lists it, valid from a report on. */
export const keyRowOf = (signer: Signer, validFromSequence: number): KeyRow => ({
  keyid: signer.keyid,
  algorithm: signer.algorithm,
  spki: encodeBase64(signer.spki),
  protection: signer.protection,
  origin: signer.origin,
  ...(signer.kmsKeyArn === undefined ? {} : { kmsKeyArn: signer.kmsKeyArn }),
  validFromSequence,
  status: "active",
});

/** The trust root of a chain that begins with these keys, each of which must sign: a signature that may be missing protects nothing. */
export const firstKeys = (chainId: string, signers: Signers): Keys => ({
  version: 1,
  chainId,
  keys: signers.map((signer) => keyRowOf(signer, 1)),
  policy: [{ fromSequence: 1, threshold: signers.length, keyids: signers.map(({ keyid }) => keyid) }],
});

/** The same of one key. */
export const soleKey = (chainId: string, signer: Signer): Keys => firstKeys(chainId, [signer]);

/** Who must sign the report with this sequence. The first policy holds from 1, so there is always one. */
export const policyAt = ({ policy }: Pick<Keys, "policy">, sequence: number): PolicyRow =>
  policy.findLast(({ fromSequence }) => fromSequence <= sequence) ?? policy[0]!;

/** The policy that begins with this report and takes the place of another. */
export const policyFrom = ({ policy }: Pick<Keys, "policy">, sequence: number): PolicyRow | undefined =>
  policy.find(({ fromSequence }, at) => at > 0 && fromSequence === sequence);

/**
 * How many keys must sign a report. The last one under a policy, by which others revoke a key, takes no signature of that key's: as many as
 * are left of what the policy asks for.
 */
export function thresholdAt(keys: Keys, sequence: number): number {
  const { threshold, keyids } = policyAt(keys, sequence);
  if (!policyFrom(keys, sequence + 1)) return threshold;
  const isRevoked = ({ status, validToSequence }: KeyRow) => status === "revoked" && validToSequence === sequence - 1;
  const revoked = new Set(keys.keys.filter(isRevoked).map(({ keyid }) => keyid));
  return Math.max(1, Math.min(threshold, keyids.filter((keyid) => !revoked.has(keyid)).length));
}

/** The keys that count for a report: listed by its policy and valid at its sequence. */
export function keysAt(keys: Keys, sequence: number): readonly KeyRow[] {
  const { keyids } = policyAt(keys, sequence);
  return keys.keys.filter(
    (key) =>
      keyids.includes(key.keyid) &&
      key.validFromSequence <= sequence &&
      (key.validToSequence === undefined || sequence <= key.validToSequence),
  );
}
