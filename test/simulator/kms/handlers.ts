/** KMS: signing with real cryptography, and enough about keys for vaults to be encrypted with them (semantics §9.6). */
import { startFrom, takePage } from "../paging.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { World } from "../world.ts";
import { ASYMMETRIC, type SentMessage } from "./asymmetric.ts";
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

interface SignInput extends SentMessage {
  readonly KeyId: string;
  readonly SigningAlgorithm: string;
  readonly DryRun?: boolean;
}

function sign(input: SignInput, { state }: Context<KmsContext>): unknown {
  const { key, privateKey, asymmetric } = signingKey(input, state);
  const Signature = asymmetric.sign(privateKey, input);
  if (input.DryRun) throw dryRun();
  return { KeyId: key.arn, Signature, SigningAlgorithm: asymmetric.algorithm };
}

function verify(input: SignInput & { readonly Signature: Uint8Array }, { state }: Context<KmsContext>): unknown {
  const { key, privateKey, asymmetric } = signingKey(input, state);
  const holds = signatureHolds(() => asymmetric.verify(privateKey, input, input.Signature));
  if (input.DryRun) throw dryRun();
  if (!holds) throw new ApiError("KMSInvalidSignatureException", "");
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: asymmetric.algorithm };
}

/** A signature that is not even of the right form is invalid like any other; a message of the wrong form is refused. */
function signatureHolds(verified: () => boolean): boolean {
  try {
    return verified();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    return false;
  }
}

function signingKey(input: SignInput, context: KmsContext) {
  const key = usable(keyNamed(input.KeyId, context));
  if (key.signing === undefined) {
    throw new ApiError(
      "InvalidKeyUsageException",
      `${key.arn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    );
  }
  const asymmetric = ASYMMETRIC[key.signing.spec];
  if (input.SigningAlgorithm !== asymmetric.algorithm) {
    const message = `Algorithm ${input.SigningAlgorithm} is incompatible with key spec ${key.spec}.`;
    throw new ApiError("InvalidKeyUsageException", message);
  }
  return { key, privateKey: key.signing.privateKey, asymmetric };
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
  if (key.signing === undefined) {
    throw new ApiError(
      "UnsupportedOperationException",
      `${key.arn} key spec is SYMMETRIC_DEFAULT which has no public key.`,
    );
  }
  const asymmetric = ASYMMETRIC[key.signing.spec];
  return {
    KeyId: key.arn,
    PublicKey: asymmetric.publicKey(key.signing.privateKey),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: "SIGN_VERIFY",
    SigningAlgorithms: [asymmetric.algorithm],
  };
}

function describeKey(input: { readonly KeyId: string }, { state }: Context<KmsContext>): unknown {
  const key = keyNamed(input.KeyId, state);
  return {
    KeyMetadata: {
      AWSAccountId: key.arn.split(":")[4],
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: key.created,
      Enabled: key.state === "Enabled",
      Description: key.description,
      KeyUsage: key.signing ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT",
      KeyState: key.state,
      DeletionDate: key.deletionDate,
      Origin: key.origin,
      KeyManager: key.manager,
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      MultiRegion: false,
      ...(key.signing
        ? { SigningAlgorithms: [ASYMMETRIC[key.signing.spec].algorithm] }
        : { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"] }),
    },
  };
}

/** A key has one policy, and its name is `default` (KMS API Reference, GetKeyPolicy). */
function getKeyPolicy(input: { readonly KeyId: string }, { state }: Context<KmsContext>): unknown {
  return { Policy: JSON.stringify(keyNamed(input.KeyId, state).policy, null, 2), PolicyName: "default" };
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
  if (spec !== "SYMMETRIC_DEFAULT" && spec !== "ECC_NIST_P256" && spec !== "ML_DSA_65") {
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
  GetKeyPolicy: getKeyPolicy,
  ListAliases: listAliases,
  CreateAlias: createAlias,
  CreateKey: createKey,
};
