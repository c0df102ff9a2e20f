/** Secrets of one account and Region, and their versions. */
import type { PolicyDocument } from "../iam/policy.ts";
import type { Random } from "../random.ts";

export interface SecretVersion {
  /** Absent: a rotation has begun, and nobody has put the new value yet. */
  value: string | undefined;
  readonly stages: Set<string>;
  readonly created: Date;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  rotationEnabled: boolean;
  rotatedOn: Date | undefined;
  /** The policy attached to the secret itself. */
  policy: PolicyDocument | undefined;
  /** By version id. */
  readonly versions: Map<string, SecretVersion>;
}

export interface SecretsState {
  readonly account: string;
  readonly region: string;
  /** By ARN. */
  readonly secrets: Map<string, Secret>;
}

export interface SecretInput {
  readonly name: string;
  /** Of the first version, which is current. */
  readonly value: string;
  /** Whether a rotation function is configured. Default true. */
  readonly rotationEnabled?: boolean;
  readonly policy?: PolicyDocument;
}

export const createSecretsState = (account: string, region: string): SecretsState => ({
  account,
  region,
  secrets: new Map(),
});

/** Places a secret as it already was. Its ARN ends in six characters that Secrets Manager chose. */
export function addSecret({ account, region, secrets }: SecretsState, input: SecretInput, random: Random, now: Date) {
  const suffix = random.uuid().replaceAll("-", "").slice(0, 6);
  const first: SecretVersion = { value: input.value, stages: new Set(["AWSCURRENT"]), created: now };
  const secret: Secret = {
    name: input.name,
    arn: `arn:aws:secretsmanager:${region}:${account}:secret:${input.name}-${suffix}`,
    created: now,
    rotationEnabled: input.rotationEnabled ?? true,
    rotatedOn: undefined,
    policy: input.policy,
    versions: new Map([[random.uuid(), first]]),
  };
  secrets.set(secret.arn, secret);
  return secret;
}

/** By ARN or by name. A partial ARN is not taken for a whole one. */
export const findSecret = ({ secrets }: SecretsState, id: string): Secret | undefined =>
  secrets.get(id) ?? [...secrets.values()].find(({ name }) => name === id);
