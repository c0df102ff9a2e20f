/** Secrets Manager, as far as the rotation of a secret takes it (AWS Secrets Manager API Reference, one page an operation). */
import { ApiError, type Context, type Handlers } from "../service.ts";
import { findSecret, type Secret, type SecretsState, type SecretVersion } from "./state.ts";

type Asked = Context<SecretsState>;

function secretNamed(id: string, { state }: Asked): Secret {
  const secret = findSecret(state, id);
  if (secret === undefined) throw missing("Secrets Manager can't find the specified secret.");
  return secret;
}

const missing = (message: string) => new ApiError("ResourceNotFoundException", message);
const refused = (type: string, message: string) => new ApiError(type, message);

function describeSecret({ SecretId }: { readonly SecretId: string }, asked: Asked): unknown {
  const secret = secretNamed(SecretId, asked);
  return {
    ARN: secret.arn,
    Name: secret.name,
    RotationEnabled: secret.rotationEnabled,
    CreatedDate: secret.created,
    LastRotatedDate: secret.rotatedOn,
    VersionIdsToStages: Object.fromEntries(
      [...secret.versions].flatMap(([id, { stages }]) => (stages.size === 0 ? [] : [[id, [...stages]]])),
    ),
  };
}

interface Wanted {
  readonly SecretId: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

/** Without a version or a stage it is the current one. Where both are given they must mean the same version. */
function getSecretValue({ SecretId, VersionId, VersionStage }: Wanted, asked: Asked): unknown {
  const secret = secretNamed(SecretId, asked);
  const stage = VersionStage ?? (VersionId === undefined ? "AWSCURRENT" : undefined);
  const [id, version] =
    [...secret.versions].find(
      ([found, { stages }]) =>
        (VersionId === undefined || found === VersionId) && (stage === undefined || stages.has(stage)),
    ) ?? [];
  if (version?.value === undefined) {
    const what = stage === undefined ? `VersionId: ${VersionId}` : `staging label: ${stage}`;
    throw missing(`Secrets Manager can't find the specified secret value for ${what}`);
  }
  const { value, stages, created } = version;
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: id,
    SecretString: value,
    VersionStages: [...stages],
    CreatedDate: created,
  };
}

interface Put {
  readonly SecretId: string;
  readonly ClientRequestToken?: string;
  readonly SecretString: string;
  readonly VersionStages?: readonly string[];
}

/** The token is the version's id. The same value again changes nothing; another one is refused, since versions are never altered. */
function putSecretValue(input: Put, asked: Asked): unknown {
  const secret = secretNamed(input.SecretId, asked);
  const id = input.ClientRequestToken ?? asked.uuid();
  const known = secret.versions.get(id);
  if (known?.value !== undefined && known.value !== input.SecretString)
    throw refused(
      "ResourceExistsException",
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  if (known?.value === undefined) {
    const version: SecretVersion = known ?? { value: undefined, stages: new Set(), created: asked.now };
    version.value = input.SecretString;
    secret.versions.set(id, version);
    for (const stage of input.VersionStages ?? ["AWSCURRENT"]) moveStage(secret, stage, id);
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: id,
    VersionStages: [...(secret.versions.get(id)?.stages ?? [])],
  };
}

/** A stage is one version's at a time. Whatever loses AWSCURRENT is AWSPREVIOUS from then on. */
function moveStage(secret: Secret, stage: string, to: string): void {
  for (const [id, { stages }] of secret.versions) {
    if (!stages.has(stage) || id === to) continue;
    stages.delete(stage);
    if (stage === "AWSCURRENT") moveStage(secret, "AWSPREVIOUS", id);
  }
  secret.versions.get(to)?.stages.add(stage);
}

interface Move {
  readonly SecretId: string;
  readonly VersionStage: string;
  readonly MoveToVersionId?: string;
  readonly RemoveFromVersionId?: string;
}

/** A label that another version has is moved only by whoever names that version. */
function updateSecretVersionStage(input: Move, asked: Asked): unknown {
  const { VersionStage: stage, MoveToVersionId: to, RemoveFromVersionId: from } = input;
  const secret = secretNamed(input.SecretId, asked);
  const [holder] = [...secret.versions].find(([, { stages }]) => stages.has(stage)) ?? [];
  if (to !== undefined && !secret.versions.has(to)) throw missing(`Secrets Manager can't find the version ${to}.`);
  if (from !== undefined && holder !== from)
    throw refused("InvalidParameterException", `The staging label ${stage} is not attached to version ${from}.`);
  if (to !== undefined && holder !== undefined && holder !== to && from === undefined)
    throw refused(
      "InvalidParameterException",
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  if (from !== undefined) secret.versions.get(from)?.stages.delete(stage);
  if (from !== undefined && stage === "AWSCURRENT" && to !== from) moveStage(secret, "AWSPREVIOUS", from);
  if (to !== undefined) moveStage(secret, stage, to);
  if (stage === "AWSCURRENT") secret.rotatedOn = asked.now;
  return { ARN: secret.arn, Name: secret.name };
}

/** Begins a rotation: the new version has its label and no value yet. The function that goes on from there is for the test to call. */
function rotateSecret(
  input: { readonly SecretId: string; readonly ClientRequestToken?: string },
  asked: Asked,
): unknown {
  const secret = secretNamed(input.SecretId, asked);
  if (!secret.rotationEnabled)
    throw refused("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.");
  const pending = [...secret.versions.values()].find(({ stages }) => stages.has("AWSPENDING"));
  if (pending && !pending.stages.has("AWSCURRENT"))
    throw refused("InvalidRequestException", "A previous rotation isn't complete. That rotation will be reattempted.");
  const id = input.ClientRequestToken ?? asked.uuid();
  secret.versions.set(id, { value: undefined, stages: new Set(), created: asked.now });
  moveStage(secret, "AWSPENDING", id);
  return { ARN: secret.arn, Name: secret.name, VersionId: id };
}

export const secretsHandlers: Handlers<SecretsState> = {
  DescribeSecret: describeSecret,
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
  UpdateSecretVersionStage: updateSecretVersionStage,
  RotateSecret: rotateSecret,
};
