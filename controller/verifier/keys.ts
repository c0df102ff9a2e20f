import { decodeBase64, decodeUtf8, hex } from "./bytes.ts";
import { Refused } from "./checks.ts";
import { algorithmOf } from "./der.ts";
import { parseJson } from "./json.ts";
import type { Algorithm, Primitives } from "./primitives.ts";
import { integer, list, object, oneOf, optional, sha256Hex, text, uuid, type Of } from "./shape.ts";

/** The trust root, `keys.json`: which keys a chain may be signed by, from which report on, and how many of them must sign. */
export interface Keys {
  readonly chainId: string;
  readonly keys: readonly TrustedKey[];
  readonly policy: readonly Policy[];
}

export interface TrustedKey {
  /** Lower-case hex SHA-256 of the SubjectPublicKeyInfo in DER. */
  readonly keyid: string;
  readonly algorithm: Algorithm;
  /** The SubjectPublicKeyInfo in DER, in base64. */
  readonly spki: string;
  readonly protection: "aws-kms" | "local-file";
  readonly validFromSequence: number;
  readonly validToSequence?: number | undefined;
  readonly status?: "active" | "retired" | "revoked" | undefined;
}

/** Who must sign from a sequence on. */
export interface Policy {
  readonly fromSequence: number;
  readonly threshold: number;
  readonly keyids: readonly string[];
}

const Shape = object({
  version: integer(1),
  chainId: uuid,
  keys: list(
    object({
      keyid: sha256Hex,
      algorithm: oneOf("ECDSA_SHA_256", "ML_DSA_SHAKE_256"),
      spki: text,
      protection: oneOf("aws-kms", "local-file"),
      validFromSequence: integer(1),
      validToSequence: optional(integer(1)),
      status: optional(oneOf("active", "retired", "revoked")),
    }),
    1_000,
  ),
  policy: list(object({ fromSequence: integer(1), threshold: integer(1), keyids: list(sha256Hex, 100) }), 1_000),
});

/** Reads `keys.json` strictly. Throws `Refused` with the check `keys`. */
export async function readKeys(file: Uint8Array, primitives: Primitives): Promise<Keys> {
  try {
    const value = parseJson(decodeUtf8(file));
    refuseSecondSpelling(decodeUtf8(file), value);
    const keys = Shape(value, "");
    if (keys.version !== 1) throw new Refused("keys", `is version ${keys.version}, and this verifier reads version 1`);
    const wrong = policyFault(keys) ?? (await keyFault(keys, primitives));
    if (wrong !== undefined) throw new Refused("keys", wrong);
    return keys;
  } catch (error) {
    if (error instanceof Refused && error.check !== "keys")
      throw new Refused("keys", `is no list of keys: ${error.message}`, { cause: error });
    throw error;
  }
}

/** People lay it out as they like, but a member twice would show a reviewer one key and a program another. */
function refuseSecondSpelling(text: string, value: unknown): void {
  const bare = text.replaceAll(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, "$1");
  if (bare !== JSON.stringify(value))
    throw new Refused("keys", "has a member twice, or text or a number in an unusual spelling");
}

function policyFault({ keys, policy }: Of<typeof Shape>): string | undefined {
  const known = new Set(keys.map(({ keyid }) => keyid));
  if (keys.length === 0) return "has no keys";
  if (known.size !== keys.length) return "lists a key twice";
  if (policy[0]?.fromSequence !== 1) return "has no policy for the first report";
  for (const [at, { fromSequence, threshold, keyids }] of policy.entries()) {
    if (at > 0 && fromSequence <= (policy[at - 1]?.fromSequence ?? 0)) return "has policies out of order";
    if (new Set(keyids).size !== keyids.length) return `names a key twice in the policy from report ${fromSequence}`;
    if (threshold > keyids.length) return `asks for more signatures than keys from report ${fromSequence} on`;
    if (!keyids.every((keyid) => known.has(keyid)))
      return `names an unknown key in the policy from report ${fromSequence}`;
  }
  return undefined;
}

async function keyFault({ keys }: Of<typeof Shape>, { sha256 }: Primitives): Promise<string | undefined> {
  for (const { keyid, algorithm, spki } of keys) {
    const der = decodeBase64(spki);
    if (hex(await sha256(der)) !== keyid) return `has a key ${keyid} that is not the SHA-256 of its spki`;
    if (algorithmOf(der) !== algorithm) return `has a key ${keyid} that is not one for ${algorithm}`;
  }
  return undefined;
}

/** Who must sign the report with this sequence. The first policy holds from 1, so there is always one. */
export const policyAt = ({ policy }: Keys, sequence: number): Policy =>
  policy.findLast(({ fromSequence }) => fromSequence <= sequence) ?? policy[0]!;

/** The policy that begins with this sequence and takes the place of another. */
export const policyFrom = ({ policy }: Keys, sequence: number): Policy | undefined =>
  policy.find(({ fromSequence }, at) => at > 0 && fromSequence === sequence);

/** The keys that count for a report: listed by its policy and valid at its sequence. */
export function keysAt(keys: Keys, sequence: number): readonly TrustedKey[] {
  const { keyids } = policyAt(keys, sequence);
  return keys.keys.filter(
    (key) =>
      keyids.includes(key.keyid) &&
      key.validFromSequence <= sequence &&
      (key.validToSequence === undefined || sequence <= key.validToSequence),
  );
}
