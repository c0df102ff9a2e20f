/** The simulated services, by SigV4 signing name: protocol, handlers, state and what a call needs leave for. */
import * as Backup from "@aws-sdk/client-backup";
import * as Kms from "@aws-sdk/client-kms";
import * as Organizations from "@aws-sdk/client-organizations";
import * as Tagging from "@aws-sdk/client-resource-groups-tagging-api";
import * as SecretsManager from "@aws-sdk/client-secrets-manager";
import * as S3 from "@aws-sdk/client-s3";
import * as Sts from "@aws-sdk/client-sts";
import { backup } from "./backup/service.ts";
import {
  backupDialect,
  kmsDialect,
  organizationsDialect,
  s3Dialect,
  secretsDialect,
  stsDialect,
  taggingDialect,
  type Dialect,
} from "./dialect.ts";
import { eventsService } from "./events/service.ts";
import { decide, type Need } from "./iam/authorize.ts";
import { backupNeeds } from "./iam/backup-needs.ts";
import type { ConditionContext } from "./iam/conditions.ts";
import type { Identity } from "./iam/registry.ts";
import { kmsHandlers, type KmsContext } from "./kms/handlers.ts";
import { findKey } from "./kms/state.ts";
import { organizationsHandlers } from "./organizations/handlers.ts";
import { organizationsNeeds } from "./organizations/needs.ts";
import { s3Handlers } from "./s3/handlers.ts";
import { s3Needs } from "./s3/needs.ts";
import { bucketHolding } from "./s3/named.ts";
import type { S3Context } from "./s3/context.ts";
import type { Bucket } from "./s3/state.ts";
import { secretsHandlers } from "./secrets/handlers.ts";
import { findSecret, type SecretsState } from "./secrets/state.ts";
import type { Handlers } from "./service.ts";
import { ownerServices } from "./owners/services.ts";
import { platformServices } from "./platform/services.ts";
import { requestedActions, stsHandlers, type AssumeRoleInput, type StsState } from "./sts/handlers.ts";
import { backupTags } from "./tagging/backup-tags.ts";
import { taggingHandlers, type TaggingContext } from "./tagging/handlers.ts";
import { awsQuery } from "./wire/aws-query.ts";
import { jsonRpc } from "./wire/json-rpc.ts";
import { readModel } from "./wire/model.ts";
import type { Protocol } from "./wire/protocol.ts";
import { restJson } from "./wire/rest-json.ts";
import { restXml } from "./wire/rest-xml.ts";
import type { World } from "./world.ts";

/** Whose call it is, and where it goes. */
export interface Caller {
  readonly world: World;
  readonly identity: Identity;
  readonly account: string;
  readonly region: string;
  /** Condition keys that every request of this caller carries. */
  readonly common: ConditionContext;
}

type Input = Readonly<Record<string, unknown>>;

export interface Service<State = unknown> {
  readonly protocol: Protocol;
  readonly dialect: Dialect;
  readonly handlers: Handlers<State>;
  /** Reached through us-east-1 whichever Regions are enabled. */
  readonly global: boolean;
  readonly stateFor: (caller: Caller) => State;
  readonly needs: (operation: string, input: Input, caller: Caller) => readonly Need[];
}

const backupService: Service<ReturnType<typeof backup.createState>> = {
  protocol: restJson(readModel(Backup)),
  dialect: backupDialect,
  handlers: backup.handlers,
  global: false,
  stateFor: ({ world, account, region }) => found(world.backup(account, region)),
  needs: (operation, input, { world, account, region }) => {
    const state = found(world.backup(account, region));
    const kms = world.kms(account, region);
    const key = (name: string) => (kms === undefined ? undefined : findKey(kms, name, world.kms));
    // The wire has checked the input against the SDK's schema; these are its member names.
    return backupNeeds(operation, input, {
      account,
      region,
      key,
      tagsOf: (arn) => backupTags(state, arn),
      testingPlan: (name) => state.restoreTestingPlans.get(name)?.arn,
    });
  },
};

const kmsService: Service<KmsContext> = {
  protocol: jsonRpc(readModel(Kms), "TrentService"),
  dialect: kmsDialect,
  handlers: kmsHandlers,
  global: false,
  stateFor: ({ world, account, region }) => ({ world, kms: found(world.kms(account, region)) }),
  needs: (operation, input, { world, account, region }) => {
    const name = input["KeyId"] ?? input["TargetKeyId"];
    const action = `kms:${operation}`;
    if (typeof name !== "string") return [{ action, resource: "*" }];
    const key = findKey(found(world.kms(account, region)), name, world.kms);
    if (key === undefined) return [];
    const owner = key.arn.split(":")[4] ?? "";
    const context = {
      "kms:SigningAlgorithm": input["SigningAlgorithm"] as string | undefined,
      "kms:MessageType": operation === "Sign" ? ((input["MessageType"] as string | undefined) ?? "RAW") : undefined,
      "kms:RequestAlias": name.includes("alias/") ? name.slice(name.indexOf("alias/")) : undefined,
    };
    return [{ action, resource: key.arn, context, policy: { document: key.policy, owner, rule: "resource" } }];
  },
};

/** STS judges AssumeRole in its handler (GetCallerIdentity takes no permission): a role that does not exist and one that refuses must look the same. */
const stsService: Service<StsState> = {
  protocol: awsQuery(readModel(Sts), "https://sts.amazonaws.com/doc/2011-06-15/"),
  dialect: stsDialect,
  handlers: stsHandlers,
  global: true,
  stateFor: ({ world, identity, common }) => ({ world, identity, common }),
  needs: (operation, input, { identity }) => {
    if (operation !== "AssumeRole") return [];
    const request = input as unknown as AssumeRoleInput;
    return requestedActions(request, identity).map((action) => ({
      action,
      resource: request.RoleArn,
      judgedInside: true,
    }));
  },
};

const organizationsService: Service<World> = {
  protocol: jsonRpc(readModel(Organizations), "AWSOrganizationsV20161128"),
  dialect: organizationsDialect,
  handlers: organizationsHandlers,
  global: true,
  stateFor: ({ world }) => world,
  needs: (operation, input, { world }) => organizationsNeeds(operation, input, world.organization),
};

const taggingService: Service<TaggingContext> = {
  protocol: jsonRpc(readModel(Tagging), "ResourceGroupsTaggingAPI_20170126"),
  dialect: taggingDialect,
  handlers: taggingHandlers,
  global: false,
  stateFor: ({ world, account, region }) => ({
    world,
    backup: world.backup(account, region),
    resources: world.resources(account, region),
  }),
  needs: (operation) => [{ action: `tag:${operation}`, resource: "*" }],
};

const s3Service: Service<S3Context> = {
  protocol: restXml(readModel(S3)),
  dialect: s3Dialect,
  handlers: s3Handlers,
  global: true,
  stateFor: ({ world, identity, common }) => {
    const allowed = (operation: string, bucket: Bucket, Key?: string) =>
      s3Needs(
        operation,
        Key === undefined ? { Bucket: bucket.name } : { Bucket: bucket.name, Key },
        bucket,
        world.clock.now(),
      ).every((need) => {
        const decision = decide(need, identity, common);
        world.options.judged(need, identity, common, decision);
        return decision === "allowed";
      });
    return {
      world,
      buckets: world.buckets,
      mayList: (bucket) => allowed("ListObjectsV2", bucket),
      mayBypassGovernance: (bucket, key) => allowed("BypassGovernanceRetention", bucket, key),
    };
  },
  needs: (operation, input, { world }) => {
    const name = input["Bucket"] as string | undefined;
    return s3Needs(operation, input, name === undefined ? undefined : bucketHolding(world, name), world.clock.now());
  },
};

const secretsService: Service<SecretsState> = {
  protocol: jsonRpc(readModel(SecretsManager), "secretsmanager"),
  dialect: secretsDialect,
  handlers: secretsHandlers,
  global: false,
  stateFor: ({ world, account, region }) => found(world.secrets(account, region)),
  needs: (operation, input, { world, account, region }) => {
    const action = `secretsmanager:${operation}`;
    const secret = findSecret(found(world.secrets(account, region)), String(input["SecretId"]));
    if (secret === undefined) return [{ action, resource: `arn:aws:secretsmanager:${region}:${account}:secret:*` }];
    return [{ action, resource: secret.arn, policy: { document: secret.policy, owner: account, rule: "either" } }];
  },
};

/** The caller's account and Region were found to exist before a service is asked. */
function found<T>(state: T | undefined): T {
  if (state === undefined) throw new Error("a call reached an account or Region that does not exist");
  return state;
}

export const services = {
  backup: backupService,
  events: eventsService,
  kms: kmsService,
  organizations: organizationsService,
  s3: s3Service,
  secretsmanager: secretsService,
  sts: stsService,
  tagging: taggingService,
  ...ownerServices,
  ...platformServices,
} as const;

export type ServiceName = keyof typeof services;

/** The service a request was signed for. Its state type stays its own business. */
export function serviceNamed(name: string): Service | undefined {
  // Each service gives its handlers the state it makes itself, so the pair is sound whatever the type.
  return Object.hasOwn(services, name) ? (services[name as ServiceName] as unknown as Service) : undefined;
}
