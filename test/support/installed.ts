/** Deploys a synthesized template to the simulator: its roles, buckets and keys, with the policies that it gives them. */
import { createHash } from "node:crypto";
import type { PolicyDocument } from "../simulator/iam/policy.ts";
import type { KmsKey } from "../simulator/kms/state.ts";
import type { Retention } from "../simulator/s3/state.ts";
import type { Secret } from "../simulator/secrets/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { INERT, nameOf } from "./resource-names.ts";
import { resolve, type Named, type Template, type TemplateResource } from "./template.ts";

export interface Deployment {
  readonly account: string;
  readonly region: string;
  /** Names of buckets, which a template leaves open, by the beginning of their logical ids. */
  readonly buckets?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

type Properties = Readonly<Record<string, unknown>>;

export interface Installed {
  /** The properties of a resource with every reference in them resolved, by its type and the beginning of its logical id. */
  readonly properties: (type: string, logicalId: string) => Properties;
  /** What the rest of the template knows a resource by, by its whole logical id. */
  readonly named: (logicalId: string) => Named;
  /** Types that stand for nothing in the simulator, and were left out. */
  readonly inert: readonly string[];
}

/** Throws where the template has a type that nobody has thought about here: it might give rights. */
export function install(simulator: Simulator, template: Template, deployment: Deployment): Installed {
  const rows = Object.entries(template.Resources);
  refuseUnknown(rows);
  const installing = new Installing(simulator, template, deployment);
  for (const [type, place] of Object.entries(PLACED))
    for (const [id] of rows.filter(([, { Type }]) => Type === type)) place(installing, id);
  return {
    properties: (type, logicalId) => {
      const [id] = rows.find(([name, { Type }]) => Type === type && name.startsWith(logicalId)) ?? [];
      if (id === undefined) throw new RangeError(`the template has no ${type} whose id begins with ${logicalId}`);
      return installing.properties(id);
    },
    named: (id) => installing.named(id),
    inert: [...new Set(rows.map(([, { Type }]) => Type).filter((type) => type in INERT))],
  };
}

function refuseUnknown(rows: readonly (readonly [string, TemplateResource])[]): void {
  const unknown = rows.filter(([, { Type }]) => !(Type in PLACED) && !(Type in INERT));
  if (unknown.length === 0) return;
  const listed = unknown.map(([id, { Type }]) => `${Type} (${id})`).join(", ");
  throw new Error(
    `test/support/installed.ts does not know ${listed}: place what gives rights, list what gives none in resource-names.ts`,
  );
}

/** What comes of each type that the simulator has, in the order in which one needs the other. */
const PLACED: Readonly<Record<string, (installing: Installing, id: string) => void>> = {
  "AWS::KMS::Key": (installing, id) => {
    installing.key(id).policy = installing.properties(id)["KeyPolicy"] as PolicyDocument;
  },
  "AWS::KMS::Alias": (installing, id) => {
    const { AliasName, TargetKeyId } = installing.properties(id) as Readonly<Record<string, string>>;
    const { simulator, deployment } = installing;
    const { aliases } = simulator.kms(deployment.account, deployment.region);
    aliases.set(AliasName!, { keyId: TargetKeyId!, created: simulator.clock.now() });
  },
  "AWS::SecretsManager::Secret": (installing, id) => void installing.secret(id),
  "AWS::SecretsManager::ResourcePolicy": (installing, id) => {
    const { SecretId, ResourcePolicy } = installing.properties(id);
    installing.secretOf(SecretId).policy = ResourcePolicy as PolicyDocument;
  },
  "AWS::SecretsManager::RotationSchedule": (installing, id) => {
    installing.secretOf(installing.properties(id)["SecretId"]).rotationEnabled = true;
  },
  "AWS::S3::Bucket": placeBucket,
  "AWS::S3::BucketPolicy": (installing, id) => {
    const { Bucket, PolicyDocument } = installing.properties(id);
    installing.simulator.bucket(String(Bucket)).policy = PolicyDocument as PolicyDocument;
  },
  "AWS::IAM::Role": placeRole,
  // With the roles that they are for.
  "AWS::IAM::ManagedPolicy": () => {},
  "AWS::IAM::RolePolicy": () => {},
};

function placeBucket(installing: Installing, id: string): void {
  const { ObjectLockEnabled, ObjectLockConfiguration, VersioningConfiguration } = installing.properties(
    id,
  ) as BucketProperties;
  const { account, region } = installing.deployment;
  const bucket = installing.simulator.addBucket({
    account,
    region,
    name: installing.named(id).ref,
    versioning: VersioningConfiguration?.Status ?? "never",
    objectLock: ObjectLockEnabled === true,
  });
  const standard = ObjectLockConfiguration?.Rule?.DefaultRetention;
  if (standard) bucket.lock = { defaultRetention: { mode: standard.Mode, days: standard.Days } };
}

interface BucketProperties {
  readonly ObjectLockEnabled?: boolean;
  readonly ObjectLockConfiguration?: {
    readonly Rule?: { readonly DefaultRetention?: { readonly Mode: Retention["mode"]; readonly Days: number } };
  };
  readonly VersioningConfiguration?: { readonly Status: "Enabled" | "Suspended" };
}

/** A role with what it may do: the policies written into it, and those that stand beside it in the template. */
function placeRole(installing: Installing, id: string): void {
  const given = installing.properties(id) as unknown as RoleProperties;
  const name = installing.named(id).ref;
  installing.simulator.iam.putRole(installing.deployment.account, {
    name,
    trust: given.AssumeRolePolicyDocument,
    inline: {
      ...Object.fromEntries((given.Policies ?? []).map((one) => [one.PolicyName, one.PolicyDocument])),
      ...installing.policiesOf(name),
    },
    ...(given.Path === undefined ? {} : { path: given.Path }),
    ...(given.PermissionsBoundary === undefined
      ? {}
      : { boundary: installing.managedPolicy(given.PermissionsBoundary), boundaryArn: given.PermissionsBoundary }),
    ...(given.MaxSessionDuration === undefined ? {} : { maxSessionSeconds: given.MaxSessionDuration }),
  });
}

interface RoleProperties {
  readonly AssumeRolePolicyDocument: PolicyDocument;
  readonly MaxSessionDuration?: number;
  readonly Path?: string;
  readonly PermissionsBoundary?: string;
  readonly Policies?: readonly { readonly PolicyName: string; readonly PolicyDocument: PolicyDocument }[];
}

interface GeneratedSecret {
  readonly PasswordLength?: number;
}

/** A UUID, as KMS's are. */
const keyId = (logicalId: string): string =>
  createHash("sha256")
    .update(logicalId)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

const resolved = new WeakMap<Template, Map<string, Map<string, Properties>>>();

/**
 * What a template comes to is the same each time it is deployed so, and laws deploy it to thousands of worlds. Not where it has a secret,
 * whose ARN ends in letters that Secrets Manager makes up.
 */
function resolvedBefore(template: Template, deployment: Deployment): Map<string, Properties> {
  if (Object.values(template.Resources).some(({ Type }) => Type === "AWS::SecretsManager::Secret")) return new Map();
  const ofTemplate = resolved.get(template) ?? new Map<string, Map<string, Properties>>();
  resolved.set(template, ofTemplate);
  const how = JSON.stringify(deployment);
  const known = ofTemplate.get(how) ?? new Map<string, Properties>();
  ofTemplate.set(how, known);
  return known;
}

/** One template on its way into the simulator. */
class Installing {
  readonly simulator: Simulator;
  readonly deployment: Deployment;
  readonly #template: Template;
  readonly #keys = new Map<string, KmsKey>();
  readonly #secrets = new Map<string, Secret>();
  readonly #resolved: Map<string, Properties>;

  constructor(simulator: Simulator, template: Template, deployment: Deployment) {
    this.simulator = simulator;
    this.#template = template;
    this.deployment = deployment;
    this.#resolved = resolvedBefore(template, deployment);
  }

  properties(id: string): Properties {
    const known = this.#resolved.get(id) ?? (this.#resolve(this.#resource(id).Properties ?? {}) as Properties);
    this.#resolved.set(id, known);
    return known;
  }

  /** The key, made when something first refers to it. Its id follows from its logical id, so that every installation of a template has the same. */
  key(id: string): KmsKey {
    const { account, region } = this.deployment;
    const spec = this.#resource(id).Properties?.["KeySpec"] as KmsKey["spec"] | undefined;
    const key =
      this.#keys.get(id) ??
      this.simulator.addKey(account, region, { id: keyId(id), ...(spec === undefined ? {} : { spec }) });
    this.#keys.set(id, key);
    return key;
  }

  /** The secret, made likewise: its ARN ends as Secrets Manager will have it. The first value is what it would generate. */
  secret(id: string): Secret {
    const { account, region } = this.deployment;
    const { PasswordLength = 32 } = (this.#resource(id).Properties?.["GenerateSecretString"] ?? {}) as GeneratedSecret;
    const value = "G".repeat(PasswordLength);
    const secret =
      this.#secrets.get(id) ?? this.simulator.addSecret(account, region, { name: id, value, rotationEnabled: false });
    this.#secrets.set(id, secret);
    return secret;
  }

  /** By its ARN. */
  secretOf(arn: unknown): Secret {
    const secret = [...this.#secrets.values()].find((one) => one.arn === arn);
    if (secret === undefined)
      throw new RangeError(`the template refers to the secret ${String(arn)}, which is not its own`);
    return secret;
  }

  named(id: string): Named {
    const resource = this.#resource(id);
    if (resource.Type === "AWS::SecretsManager::Secret") return { ref: this.secret(id).arn, attributes: {} };
    if (resource.Type === "AWS::KMS::Key") return { ref: this.key(id).id, attributes: { Arn: this.key(id).arn } };
    const { account, region } = this.deployment;
    return nameOf(id, resource, { account, region, resolve: (value) => this.#resolve(value) });
  }

  /** By name. */
  policiesOf(role: string): Readonly<Record<string, PolicyDocument>> {
    const found = Object.entries(this.#template.Resources)
      .filter(([id, { Type }]) => Type === "AWS::IAM::RolePolicy" && this.properties(id)["RoleName"] === role)
      .map(([id]) => this.properties(id));
    return Object.fromEntries(
      found.map(({ PolicyName, PolicyDocument }) => [String(PolicyName), PolicyDocument as PolicyDocument]),
    );
  }

  /** A policy that is for several roles, by its ARN. */
  managedPolicy(arn: string): PolicyDocument {
    const [id] =
      Object.entries(this.#template.Resources).find(
        ([one, { Type }]) => Type === "AWS::IAM::ManagedPolicy" && this.named(one).ref === arn,
      ) ?? [];
    if (id === undefined)
      throw new RangeError(`the template refers to the managed policy ${arn}, which is not its own`);
    return this.properties(id)["PolicyDocument"] as PolicyDocument;
  }

  #resolve(value: unknown): unknown {
    return resolve(value, this.#template, { ...this.deployment, named: (id) => this.named(id) });
  }

  /** A resource, under the name that this deployment gives it. */
  #resource(id: string): TemplateResource {
    const resource = this.#template.Resources[id];
    if (resource === undefined) throw new RangeError(`the template refers to ${id}, and has no such resource`);
    const [, name] = Object.entries(this.deployment.buckets ?? {}).find(([prefix]) => id.startsWith(prefix)) ?? [];
    if (resource.Type !== "AWS::S3::Bucket") return resource;
    const BucketName = name ?? `${id.toLowerCase()}-${this.deployment.account}`;
    return { ...resource, Properties: { BucketName, ...resource.Properties } };
  }
}
