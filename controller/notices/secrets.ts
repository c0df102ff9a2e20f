import type { Call } from "../aws/operation.ts";
import type { getSecretValue } from "../aws/secrets-operations.ts";
import { getSecretValue as read } from "../aws/secrets-operations.ts";
import { unless } from "../domain/errors.ts";
import { isKey, type SigningKeys } from "./signing.ts";

type SecretsCall = Call<typeof getSecretValue>;

export interface Secret {
  readonly value: string;
  /** When this version of it was made. */
  readonly since: Date | undefined;
}

/** The current version, as it is now. Throws AwsError; undefined where it has no text. */
export async function readSecret(call: SecretsCall, SecretId: string): Promise<Secret | undefined> {
  const { SecretString, CreatedDate } = await call(read, { SecretId });
  return SecretString === undefined || SecretString === ""
    ? undefined
    : { value: SecretString.trim(), since: CreatedDate };
}

const DAY_MS = 86_400_000;
/** So long after an exchange of keys receivers may still know only the key before. */
const BOTH_KEYS_MS = 7 * DAY_MS;

/** The keys to sign with now (rule 29). Throws AwsError; undefined where there is none, or something else. */
export async function readKeys(call: SecretsCall, SecretId: string, now: Date): Promise<SigningKeys | undefined> {
  const current = await readSecret(call, SecretId);
  if (!current || !isKey(current.value)) return undefined;
  const exchanged = current.since !== undefined && now.getTime() - current.since.getTime() < BOTH_KEYS_MS;
  const previous = exchanged
    ? await unless("missing", call(read, { SecretId, VersionStage: "AWSPREVIOUS" }), undefined)
    : undefined;
  const before = previous?.SecretString?.trim() ?? "";
  return { current: current.value, ...(isKey(before) ? { previous: before } : {}) };
}

/** An address nobody has renewed for so long is told of: it cannot renew itself (rule 29). */
export const OLD_MS = 365 * DAY_MS;
