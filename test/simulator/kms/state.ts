/** KMS keys and aliases of one account and Region. */
import type { PolicyDocument } from "../iam/policy.ts";
import type { Random } from "../random.ts";
import { ASYMMETRIC, type SigningSpec } from "./asymmetric.ts";

export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";

export interface KmsKey {
  readonly id: string;
  readonly arn: string;
  readonly spec: "SYMMETRIC_DEFAULT" | SigningSpec;
  /** `AWS`: made by a service for the account (`aws/backup`); it cannot be shared. */
  readonly manager: "AWS" | "CUSTOMER";
  readonly created: Date;
  readonly description: string;
  /** Of a signing key: a P-256 scalar, or the seed of an ML-DSA key. */
  readonly signing: { readonly spec: SigningSpec; readonly privateKey: Uint8Array } | undefined;
  /** Where the material was made; `EXTERNAL`: imported, so that a copy may exist elsewhere. */
  readonly origin: "AWS_KMS" | "EXTERNAL";
  state: KeyState;
  deletionDate: Date | undefined;
  policy: PolicyDocument;
}

export interface KmsState {
  readonly account: string;
  readonly region: string;
  readonly keys: Map<string, KmsKey>;
  /** `alias/name` → key id. */
  readonly aliases: Map<string, { readonly keyId: string; readonly created: Date }>;
}

export interface KeyInput {
  /** Default: invented. */
  readonly id?: string;
  readonly spec?: KmsKey["spec"];
  readonly alias?: string;
  readonly manager?: KmsKey["manager"];
  readonly origin?: KmsKey["origin"];
  readonly description?: string;
  readonly state?: KeyState;
  /** Default: the account's root, which leaves the decision to the account's own policies. */
  readonly policy?: PolicyDocument;
}

export function createKmsState(account: string, region: string): KmsState {
  return { account, region, keys: new Map(), aliases: new Map() };
}

/** Places a key as it already was, with its alias where one is given. */
export function addKey(state: KmsState, input: KeyInput, random: Random, now: Date): KmsKey {
  const id = input.id ?? random.uuid();
  const key: KmsKey = {
    id,
    arn: `arn:aws:kms:${state.region}:${state.account}:key/${id}`,
    spec: input.spec ?? "SYMMETRIC_DEFAULT",
    manager: input.manager ?? "CUSTOMER",
    created: now,
    description: input.description ?? "",
    signing:
      input.spec === undefined || input.spec === "SYMMETRIC_DEFAULT"
        ? undefined
        : { spec: input.spec, privateKey: ASYMMETRIC[input.spec].newPrivateKey(random) },
    origin: input.origin ?? "AWS_KMS",
    state: input.state ?? "Enabled",
    deletionDate: undefined,
    policy: input.policy ?? rootPolicy(state.account),
  };
  state.keys.set(id, key);
  if (input.alias !== undefined) state.aliases.set(input.alias, { keyId: id, created: now });
  return key;
}

/** The policy KMS gives a key that was created with none. */
export function rootPolicy(account: string): PolicyDocument {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }] };
}

const keyArn = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key\/.+|alias\/.+)$/;

/** Finds a key by id, alias, key ARN or alias ARN. An id or alias names a key of the caller's own account and Region; another account's
 * needs an ARN, and an ARN of another Region is not found (semantics §9.6). */
export function findKey(
  own: KmsState,
  name: string,
  elsewhere: (account: string, region: string) => KmsState | undefined,
): KmsKey | undefined {
  const arn = keyArn.exec(name);
  if (arn === null) return keyIn(own, name);
  const [, region = "", account = "", rest = ""] = arn;
  if (region !== own.region) return undefined;
  const state = account === own.account ? own : elsewhere(account, region);
  return state === undefined ? undefined : keyIn(state, rest.replace(/^key\//, ""));
}

function keyIn(state: KmsState, name: string): KmsKey | undefined {
  if (!name.startsWith("alias/")) return state.keys.get(name);
  const alias = state.aliases.get(name);
  return alias === undefined ? undefined : state.keys.get(alias.keyId);
}
