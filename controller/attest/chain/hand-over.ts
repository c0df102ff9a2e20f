import type { Transition } from "../../domain/report.ts";
import type { Digest } from "../../domain/identity.ts";
import { keyRowOf, policyAt, type KeyRow, type Keys } from "../sealing/keys.ts";
import type { Signer } from "../sealing/signer.ts";

/** A change of keys as it was asked for: new ones, each in the place of the key of its algorithm that there is, and one to be revoked. */
export interface Wish {
  readonly reason: string;
  readonly to: readonly Signer[];
  readonly revoke?: Digest;
}

/** A change of keys in its place. */
export interface HandOver {
  readonly transition: Transition;
  /** The trust root with it. */
  readonly keys: Keys;
  /** Who signs the report that says so: the old keys and the new, but for the one revoked. */
  readonly signers: readonly Digest[];
}

/**
 * What becomes of the keys by a transition that is report `sequence`. Undefined where none changes, or where one is revoked that does not sign
 * or that signs alone: a key which the chain does not know cannot put itself there.
 */
export function handOver(keys: Keys, sequence: number, { reason, to, revoke }: Wish): HandOver | undefined {
  const rows = keysOf(keys, policyAt(keys, sequence).keyids);
  const isFollowed = ({ keyid, algorithm }: KeyRow) =>
    keyid === revoke || to.some((signer) => signer.algorithm === algorithm && signer.keyid !== keyid);
  const from = rows.filter(isFollowed);
  const added = to
    .filter(({ keyid }) => !rows.some((row) => row.keyid === keyid))
    .map((one) => keyRowOf(one, sequence + 1));
  const left = [...rows.filter((row) => !from.includes(row)), ...added].toSorted(primaryFirst);
  const sound = rows.filter(({ keyid }) => keyid !== revoke);
  if (from.length + added.length === 0 || sound.length === 0) return undefined;
  if (revoke !== undefined && sound.length === rows.length) return undefined;
  const keyids = left.map(({ keyid }) => keyid);
  const newPolicy = { fromSequence: sequence + 1, threshold: keyids.length, keyids };
  return {
    transition: {
      reason,
      from: from.map(({ keyid }) => keyid),
      to: added,
      newPolicy,
      ...(from.some(({ keyid }) => keyid === revoke) ? { emergency: true } : {}),
    },
    keys: {
      ...keys,
      keys: [...keys.keys.map((row) => (from.includes(row) ? ended(row, sequence, revoke) : row)), ...added],
      policy: [...keys.policy.filter(({ fromSequence }) => fromSequence <= sequence), newPolicy],
    },
    signers: [...sound, ...added].map(({ keyid }) => keyid),
  };
}

const keysOf = ({ keys }: Keys, keyids: readonly string[]): readonly KeyRow[] =>
  keys.filter(({ keyid }) => keyids.includes(keyid));

/** A retired key signs the transition as its last report; a revoked one signs nothing from there on. */
const ended = (row: KeyRow, sequence: number, revoke: Digest | undefined): KeyRow =>
  row.keyid === revoke
    ? { ...row, validToSequence: sequence - 1, status: "revoked" }
    : { ...row, validToSequence: sequence, status: "retired" };

const RANK = { ECDSA_SHA_256: 0, ML_DSA_SHAKE_256: 1 } as const;
const primaryFirst = (a: KeyRow, b: KeyRow): number => RANK[a.algorithm] - RANK[b.algorithm];
