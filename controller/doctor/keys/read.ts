import { getKeyPolicy } from "../../aws/installation-operations.ts";
import { describeKey, getPublicKey } from "../../aws/kms-signer.ts";
import type { Call } from "../../aws/operation.ts";
import { keyIdOf } from "../../attest/sealing/keys.ts";
import { lookFor, type Fact } from "../fact.ts";
import { readPolicy, type Said } from "../policies/document.ts";

export interface KeyFacts {
  /** As the setting or keys.json names it. */
  readonly name: string;
  /** `undefined`: there is no such key. */
  readonly described: Fact<Described | undefined>;
  /** SHA-256 of its public half. */
  readonly keyid: Fact<string | undefined>;
  readonly policy: Fact<readonly Said[] | undefined>;
}

export interface Described {
  readonly state: string;
  readonly spec: string;
  readonly usage: string;
  readonly origin: string;
  readonly deletedOn: string | undefined;
}

type KeyCall = Call<typeof describeKey | typeof getPublicKey | typeof getKeyPolicy>;

/** What KMS says of a key. `name`: a key's id or ARN, an alias or its ARN. */
export async function readKey(call: KeyCall, name: string): Promise<KeyFacts> {
  const described = await lookFor(async () => {
    const { KeyMetadata: told } = await call(describeKey, { KeyId: name });
    return {
      arn: told?.Arn ?? name,
      state: told?.KeyState ?? "",
      spec: told?.KeySpec ?? "",
      usage: told?.KeyUsage ?? "",
      origin: told?.Origin ?? "",
      deletedOn: told?.DeletionDate?.toISOString(),
    };
  });
  // A policy is asked for by the key itself: GetKeyPolicy takes no alias.
  const KeyId = described.seen ? (described.value?.arn ?? name) : name;
  const [keyid, policy] = await Promise.all([
    lookFor(async () => keyIdOf(new Uint8Array((await call(getPublicKey, { KeyId })).PublicKey ?? []))),
    lookFor(async () => readPolicy((await call(getKeyPolicy, { KeyId })).Policy ?? "")),
  ]);
  return { name, described, keyid, policy };
}
