import { decodeBase64 } from "./bytes.ts";
import { Refused } from "./checks.ts";
import { decodeEnvelope, pae, type Envelope } from "./envelope.ts";
import { keysAt, policyAt, policyFrom, type Keys, type Policy, type TrustedKey } from "./keys.ts";
import type { Primitives, SignatureAnswer } from "./primitives.ts";

/** An envelope whose signatures sufficed, or would if the unchecked ones did. */
export interface Opened {
  readonly payload: Uint8Array;
  /** The trusted keys that signed it, each once however many signatures it made. */
  readonly signedBy: ReadonlySet<string>;
  /** Trusted keys with a signature in their name that this platform could not look at. Never counted as signed. */
  readonly unchecked: ReadonlySet<string>;
  /** Too few signatures for any statement but the one that revokes a key: that is for the statement to say. */
  readonly onlyEmergency: boolean;
}

/**
 * An envelope's payload, once enough of the keys trusted at its sequence have signed it. Throws `Refused`. The algorithm comes from the key,
 * never from the file. Signatures of strangers are passed over; one of ours under a stranger's name is refused, or that name could be altered
 * unseen.
 */
export async function openEnvelope(
  file: Uint8Array,
  payloadType: string,
  keys: Keys,
  sequence: number,
  primitives: Primitives,
): Promise<Opened> {
  const envelope = decodeEnvelope(file);
  if (envelope.payloadType !== payloadType)
    throw new Refused("payload-type", `holds ${envelope.payloadType}, not ${payloadType}`);
  const [signedBy, unchecked] = [new Set<string>(), new Set<string>()];
  for (const key of candidates(keys, sequence)) {
    const answer = await signatureOf(key, envelope, primitives);
    if (answer === "valid") signedBy.add(key.keyid);
    if (answer === "unsupported") unchecked.add(key.keyid);
  }
  const { threshold } = policyAt(keys, sequence);
  const trusted = keysAt(keys, sequence).map(({ keyid }) => keyid);
  const count = (set: ReadonlySet<string>): number => trusted.filter((keyid) => set.has(keyid)).length;
  const there = count(signedBy) + count(unchecked);
  const onlyEmergency = there < threshold;
  if (onlyEmergency && (there === 0 || there < emergencyThreshold(keys, sequence)))
    throw new Refused("signature", `${there} of the trusted keys signed it, and it takes ${threshold}`);
  return { payload: envelope.payload, signedBy, unchecked, onlyEmergency };
}

/** Keys of the report's own policy and, where the next report has another, of that one: a transition is signed by old and new. */
function candidates(keys: Keys, sequence: number): readonly TrustedKey[] {
  const now = keysAt(keys, sequence);
  const next = policyFrom(keys, sequence + 1) ? keysAt(keys, sequence + 1) : [];
  return [...now, ...next.filter(({ keyid }) => !now.some((key) => key.keyid === keyid))];
}

/** The fewest signatures that a transition by which a key is revoked can have: of those keys of the old policy that are not revoked, all that it asks for. */
function emergencyThreshold(keys: Keys, sequence: number): number {
  const { threshold, keyids } = policyAt(keys, sequence);
  if (!policyFrom(keys, sequence + 1)) return threshold;
  const isRevoked = ({ status, validToSequence }: TrustedKey) =>
    status === "revoked" && validToSequence === sequence - 1;
  const revoked = new Set(keys.keys.filter(isRevoked).map(({ keyid }) => keyid));
  return Math.max(1, Math.min(threshold, keyids.filter((keyid) => !revoked.has(keyid)).length));
}

/** How many of a policy's keys are in a set. */
export const countOf = ({ keyids }: Policy, set: ReadonlySet<string>): number =>
  keyids.filter((keyid) => set.has(keyid)).length;

async function signatureOf(
  key: TrustedKey,
  { payloadType, payload, signatures }: Envelope,
  primitives: Primitives,
): Promise<SignatureAnswer> {
  const spki = decodeBase64(key.spki);
  const signed = pae(payloadType, payload);
  let answer: SignatureAnswer = "invalid";
  for (const { keyid, sig } of signatures) {
    const one = await looked(key, keyid, () => primitives.verifySignature(key.algorithm, spki, signed, sig));
    if (one === "valid" && keyid !== key.keyid)
      throw new Refused("key-id", `a signature of key ${key.keyid} goes by the name of ${keyid}`);
    if (one === "valid") return one;
    // Where nothing can be looked at, the name is all there is to go by.
    if (one === "unsupported" && keyid === key.keyid) answer = one;
  }
  return answer;
}

/** Another key's signature has another form, and need not be DER; one in this key's name must. */
async function looked(key: TrustedKey, keyid: string, look: () => Promise<SignatureAnswer>): Promise<SignatureAnswer> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Refused && error.check === "der" && keyid !== key.keyid) return "invalid";
    throw error;
  }
}
