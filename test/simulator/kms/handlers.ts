/** KMS: signing with real cryptography, and enough about keys for vaults to be encrypted with them (semantics §9.6). */
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { startFrom, takePage } from "../paging.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { World } from "../world.ts";
import { subjectPublicKeyInfo } from "./spki.ts";
import { addKey, findKey, type KmsKey, type KmsState } from "./state.ts";

export interface KmsContext {
  readonly world: World;
  readonly kms: KmsState;
}

/** Resolves a key as the caller names it, or throws `NotFoundException`. */
function keyNamed(name: string, { world, kms }: KmsContext): KmsKey {
  const key = findKey(kms, name, world.kms);
  if (key !== undefined) return key;
  const described = name.startsWith("alias/") ? `arn:aws:kms:${kms.region}:${kms.account}:${name}` : name;
  const noun = described.includes("alias/") ? "Alias" : "Key";
  const shown = described.startsWith("arn:") ? described : `arn:aws:kms:${kms.region}:${kms.account}:key/${described}`;
  throw new ApiError(
    "NotFoundException",
    `${noun} '${shown}' ${noun === "Alias" ? "is not found." : "does not exist"}`,
  );
}

interface SignInput {
  readonly KeyId: string;
  readonly Message: Uint8Array;
  readonly MessageType?: "RAW" | "DIGEST" | "EXTERNAL_MU";
  readonly SigningAlgorithm: string;
  readonly DryRun?: boolean;
}

const signingAlgorithm = "ECDSA_SHA_256";

function sign(input: SignInput, { state }: Context<KmsContext>): unknown {
  const key = signingKey(input, state);
  const digest = digestOf(input);
  if (input.DryRun) throw dryRun();
  const signature = p256.sign(digest, privateKeyOf(key), { prehash: false, format: "der" });
  return { KeyId: key.arn, Signature: signature, SigningAlgorithm: signingAlgorithm };
}

function verify(input: SignInput & { readonly Signature: Uint8Array }, { state }: Context<KmsContext>): unknown {
  const key = signingKey(input, state);
  const digest = digestOf(input);
  if (input.DryRun) throw dryRun();
  if (!signatureHolds(input.Signature, digest, key)) throw new ApiError("KMSInvalidSignatureException", "");
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: signingAlgorithm };
}

/** A signature that is not even DER is invalid like any other. KMS does not ask for a low S. */
function signatureHolds(signature: Uint8Array, digest: Uint8Array, key: KmsKey): boolean {
  try {
    return p256.verify(signature, digest, p256.getPublicKey(privateKeyOf(key)), {
      prehash: false,
      format: "der",
      lowS: false,
    });
  } catch {
    return false;
  }
}

function signingKey(input: SignInput, context: KmsContext): KmsKey {
  const key = usable(keyNamed(input.KeyId, context));
  if (key.privateKey === undefined) {
    throw new ApiError(
      "InvalidKeyUsageException",
      `${key.arn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    );
  }
  if (input.SigningAlgorithm !== signingAlgorithm) {
    const message = `Algorithm ${input.SigningAlgorithm} is incompatible with key spec ${key.spec}.`;
    throw new ApiError("InvalidKeyUsageException", message);
  }
  return key;
}

function privateKeyOf(key: KmsKey): Uint8Array {
  if (key.privateKey === undefined) throw new ApiError("InvalidKeyUsageException", `${key.arn} is not a signing key.`);
  return key.privateKey;
}

/** RAW messages are hashed here and have 4096 bytes at most (the model's own bound); a digest must have the hash's length. */
function digestOf({ Message, MessageType = "RAW" }: SignInput): Uint8Array {
  switch (MessageType) {
    case "RAW":
      return sha256(Message);
    case "DIGEST":
      if (Message.length === 32) return Message;
      throw new ApiError("ValidationException", `Digest is invalid length for algorithm ${signingAlgorithm}.`, {}, 400);
    case "EXTERNAL_MU":
      throw new ApiError("ValidationException", "MessageType EXTERNAL_MU is only valid for ML-DSA keys.", {}, 400);
    default:
      return MessageType satisfies never;
  }
}

function usable(key: KmsKey): KmsKey {
  if (key.state === "Disabled") throw new ApiError("DisabledException", `${key.arn} is disabled.`);
  if (key.state === "PendingDeletion")
    throw new ApiError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}

function dryRun(): ApiError {
  return new ApiError("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
}

function getPublicKey(input: { readonly KeyId: string }, { state }: Context<KmsContext>): unknown {
  const key = usable(keyNamed(input.KeyId, state));
  if (key.privateKey === undefined) {
    throw new ApiError(
      "UnsupportedOperationException",
      `${key.arn} key spec is SYMMETRIC_DEFAULT which has no public key.`,
    );
  }
  return {
    KeyId: key.arn,
    PublicKey: subjectPublicKeyInfo(p256.getPublicKey(key.privateKey, false)),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: "SIGN_VERIFY",
    SigningAlgorithms: [signingAlgorithm],
  };
}

function describeKey(input: { readonly KeyId: string }, { state }: Context<KmsContext>): unknown {
  const key = keyNamed(input.KeyId, state);
  const signs = key.privateKey !== undefined;
  return {
    KeyMetadata: {
      AWSAccountId: key.arn.split(":")[4],
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: key.created,
      Enabled: key.state === "Enabled",
      Description: key.description,
      KeyUsage: signs ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT",
      KeyState: key.state,
      DeletionDate: key.deletionDate,
      Origin: "AWS_KMS",
      KeyManager: key.manager,
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      MultiRegion: false,
      ...(signs ? { SigningAlgorithms: [signingAlgorithm] } : { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"] }),
    },
  };
}

interface ListAliasesInput {
  readonly KeyId?: string;
  readonly Limit?: number;
  readonly Marker?: string;
}

function listAliases(input: ListAliasesInput, { state }: Context<KmsContext>): unknown {
  const { world, kms } = state;
  const only = input.KeyId === undefined ? undefined : keyNamed(input.KeyId, state).id;
  const entries = [...kms.aliases]
    .filter(([, { keyId }]) => only === undefined || keyId === only)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const listing = `kms:ListAliases ${kms.account} ${kms.region} ${only ?? ""}`;
  const from = startFrom(input.Marker, listing, () => new ApiError("InvalidMarkerException", ""));
  const page = takePage(entries, { from, listing, limit: Math.min(input.Limit ?? 50, world.options.pageSize) });
  return {
    Aliases: page.items.map(([name, { keyId, created }]) => ({
      AliasName: name,
      AliasArn: `arn:aws:kms:${kms.region}:${kms.account}:${name}`,
      TargetKeyId: keyId,
      CreationDate: created,
      LastUpdatedDate: created,
    })),
    NextMarker: page.next,
    Truncated: page.next !== undefined,
  };
}

function createAlias(
  input: { readonly AliasName: string; readonly TargetKeyId: string },
  { now, state }: Context<KmsContext>,
): void {
  const { kms } = state;
  const { AliasName: name } = input;
  const arn = `arn:aws:kms:${kms.region}:${kms.account}:${name}`;
  if (!name.startsWith("alias/"))
    throw new ApiError("ValidationException", 'Alias must start with the prefix "alias/".', {}, 400);
  if (name.startsWith("alias/aws/")) throw new ApiError("NotAuthorizedException", `${name} is reserved.`, {}, 400);
  if (kms.aliases.has(name))
    throw new ApiError("AlreadyExistsException", `An alias with the name ${arn} already exists`);
  const key = keyNamed(input.TargetKeyId, state);
  if (!kms.keys.has(key.id)) throw new ApiError("NotFoundException", `Key '${key.arn}' does not exist`);
  kms.aliases.set(name, { keyId: key.id, created: now });
}

function createKey(
  input: { readonly KeySpec?: string; readonly KeyUsage?: string; readonly Description?: string },
  context: Context<KmsContext>,
): unknown {
  const { now, state } = context;
  const spec = input.KeySpec ?? "SYMMETRIC_DEFAULT";
  if (spec !== "SYMMETRIC_DEFAULT" && spec !== "ECC_NIST_P256") {
    throw new ApiError("UnsupportedOperationException", `The simulator has no keys of spec ${spec}`);
  }
  const key = addKey(state.kms, { spec, description: input.Description ?? "" }, state.world.random, now);
  return describeKey({ KeyId: key.id }, context);
}

export const kmsHandlers: Handlers<KmsContext> = {
  Sign: sign,
  Verify: verify,
  GetPublicKey: getPublicKey,
  DescribeKey: describeKey,
  ListAliases: listAliases,
  CreateAlias: createAlias,
  CreateKey: createKey,
};
