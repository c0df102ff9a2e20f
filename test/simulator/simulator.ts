/** AWS on loopback: an organization of accounts and Regions with AWS Backup and its neighbours, virtual time, faults and a call log. */
import { backup } from "./backup/service.ts";
import type { BackupState } from "./backup/state.ts";
import { defaultOptions, type BackupOptions } from "./backup/world.ts";
import { createBackupWorld } from "./backup-world.ts";
import { callLog, type CallLog } from "./calls.ts";
import { virtualClock, type Clock } from "./clock.ts";
import { connectTo, type Connection, type RequestHandler } from "./connection.ts";
import { createFaults, type Faults } from "./faults.ts";
import { serve, type Listening } from "./http.ts";
import { createRuntime, type LambdaRuntime } from "./durable/runtime.ts";
import { createEventBridge, type EventBridge } from "./events/event-bridge.ts";
import { createIam, type Iam } from "./iam/registry.ts";
import type { Scene } from "./meddling-scene.ts";
import { meddle, type Meddled, type MeddlingName } from "./meddling.ts";
import { addKey, createKmsState, type KeyInput, type KmsKey, type KmsState } from "./kms/state.ts";
import { operatorIn, type Operator } from "./operator.ts";
import { createOrganization, type AccountInput, type Organization } from "./organizations/state.ts";
import { eventSource, type EventSource, type EventSourceMapping } from "./platform/event-source.ts";
import { createPlatform, type PlatformState } from "./platform/state.ts";
import { seededRandom, type Random } from "./random.ts";
import { createCompute, type Compute } from "./owners/compute.ts";
import { placingIn, type Placing } from "./owners/placing.ts";
import { respond, type Answer, type Simulation } from "./respond.ts";
import { newBucket, type Bucket, type BucketInput } from "./s3/state.ts";
import { addSecret, createSecretsState, type Secret, type SecretInput, type SecretsState } from "./secrets/state.ts";
import type { WireRequest } from "./wire/message.ts";
import type { Resource, World, WorldOptions } from "./world.ts";

export interface SimulatorOptions {
  /** Everything invented (ids, keys, the moment a lifecycle strikes) follows from it. Default 1. */
  readonly seed?: number;
  /** Where virtual time starts. Default 2026-01-01. */
  readonly start?: Date;
  /** Where the controller lives; any unknown static access key is its administrator. */
  readonly hubAccount: string;
  /** Default: the hub account. */
  readonly managementAccount?: string;
  /** Default: invented. */
  readonly organizationId?: string;
  readonly accounts: readonly AccountInput[];
  readonly regions: readonly string[];
  /** Most items on a page, S3's listings apart. Default 3, so that paging is always exercised. */
  readonly pageSize?: number;
  /** Most keys on a page of an S3 listing. Default 10. */
  readonly objectPageSize?: number;
  /** Accept only access keys that were issued. Default false. */
  readonly strict?: boolean;
  /** The organization's switch for cross-account backup. Default on. */
  readonly crossAccountBackup?: boolean;
  /** AWS Backup's lags and choices where AWS is silent. */
  readonly backup?: Partial<BackupOptions>;
  /** Accounts that lack AWSServiceRoleForBackup. */
  readonly withoutServiceRole?: readonly string[];
  /** Whether Tagging writes the account into the ARNs of snapshots and images (unconfirmed). Default true. */
  readonly accountInImageArns?: boolean;
  /** Told of each permission as it is judged. */
  readonly judged?: WorldOptions["judged"];
}

export interface Simulator extends Placing {
  readonly clock: Clock;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** What the simulator could not judge (an unsupported policy, a bug of its own); should stay empty. */
  readonly problems: readonly unknown[];
  readonly random: Random;
  /** Buses and rules, to place them; how AWS Backup's events come; what nobody got. */
  readonly eventBridge: EventBridge;
  readonly iam: Iam;
  readonly organization: Organization;
  readonly regions: readonly string[];
  readonly hubAccount: string;
  /** One client process's connection, with a kill switch. */
  readonly connect: () => Connection;
  /** A request handler for SDK clients that nobody means to kill. */
  readonly handler: () => RequestHandler;
  /** Answers one request: what both fronts call. */
  readonly respond: (request: WireRequest) => Answer;
  /** A person at the console of an account: places things, or meddles. */
  readonly operator: (account: string, region: string) => Operator;
  /** Lets a person meddle once: as named or as the seed will have it, in one place or anywhere. Undefined: there was nothing to do it to. */
  readonly meddle: (
    name?: MeddlingName,
    place?: { readonly account: string; readonly region: string },
  ) => Meddled | undefined;
  /** Serves HTTP on 127.0.0.1; port 0 picks a free one. */
  readonly listen: (port: number) => Promise<Listening>;
  /** AWS Backup's state, to place a world as it already was and to assert on it. */
  readonly backup: (account: string, region: string) => BackupState;
  readonly bucket: (name: string) => Bucket;
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** Accounts that lack AWSServiceRoleForBackup: people delete it, and make it again. */
  readonly withoutServiceRole: Set<string>;
  readonly addBucket: (input: Omit<BucketInput, "created">) => Bucket;
  readonly kms: (account: string, region: string) => KmsState;
  readonly secrets: (account: string, region: string) => SecretsState;
  /** Functions that can be invoked. Whoever puts them here runs them. */
  readonly lambda: (account: string, region: string) => LambdaRuntime;
  /** Functions, schedules, alarms, topics and queues, to place them as they are. */
  readonly platform: (account: string, region: string) => PlatformState;
  /** What Lambda does between a queue and a function, in virtual time. */
  readonly eventSource: (mapping: EventSourceMapping) => EventSource;
  readonly addKey: (account: string, region: string, input?: KeyInput) => KmsKey;
  readonly addSecret: (account: string, region: string, input: SecretInput) => Secret;
  /** Resources that can be backed up, by ARN. */
  readonly resources: (account: string, region: string) => Map<string, Resource>;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const withoutServiceRole = new Set(options.withoutServiceRole);
  const world = createWorld(options, withoutServiceRole);
  const simulation: Simulation = { world, calls: callLog(), faults: createFaults(), problems: [] };
  const { clock, random, eventBridge, iam, organization } = world;
  const placing = placingIn(world);
  const meddleOnce: Simulator["meddle"] = (name, place) => {
    const states =
      place === undefined
        ? [...world.backupWorld.states()]
        : [existing(world.backup(place.account, place.region), place.account, place.region)];
    const scenes = states.map((state) => sceneIn(simulation, placing, state));
    return meddle(scenes, random, name);
  };
  return {
    clock,
    random,
    eventBridge,
    iam,
    organization,
    calls: simulation.calls,
    faults: simulation.faults,
    problems: simulation.problems,
    regions: options.regions,
    hubAccount: options.hubAccount,
    connect: () => connectTo(simulation),
    handler: () => connectTo(simulation).requestHandler,
    respond: (request) => respond(simulation, request),
    operator: (account, region) => operatorIn(simulation, account, region),
    meddle: meddleOnce,
    listen: (port) => serve(simulation, { port, meddle: meddleOnce }),
    backup: (account, region) => existing(world.backup(account, region), account, region),
    bucket: (name) => existingBucket(world, name),
    buckets: world.buckets,
    withoutServiceRole,
    addBucket: (input) => {
      const bucket = newBucket({ ...input, created: clock.now() });
      world.buckets.set(bucket.name, bucket);
      return bucket;
    },
    kms: (account, region) => existing(world.kms(account, region), account, region),
    secrets: (account, region) => existing(world.secrets(account, region), account, region),
    lambda: (account, region) => existing(world.lambda(account, region), account, region),
    platform: (account, region) => existing(world.platform(account, region), account, region),
    eventSource: (mapping) => eventSource(world, mapping),
    addKey: (account, region, input = {}) =>
      addKey(existing(world.kms(account, region), account, region), input, random, clock.now()),
    // Of a sequence of its own: a secret that is placed changes nothing else that the seed invents.
    addSecret: (account, region, input) =>
      addSecret(
        existing(world.secrets(account, region), account, region),
        input,
        seededRandom(options.seed ?? 1),
        clock.now(),
      ),
    resources: world.resources,
    ...placing,
  };
}

function sceneIn(simulation: Simulation, placing: Placing, state: BackupState): Scene {
  const { account, region } = state;
  const { clock, random, resources } = simulation.world;
  return {
    state,
    random,
    act: operatorIn(simulation, account, region),
    resources: resources(account, region),
    removeResource: (arn) => placing.removeResource(account, region, arn),
    wait: (seconds) => clock.advance(seconds * 1000),
  };
}

function createWorld(options: SimulatorOptions, withoutServiceRole: ReadonlySet<string>): World {
  const start = options.start ?? new Date("2026-01-01T00:00:00Z");
  const random = seededRandom(options.seed ?? 1);
  const background = seededRandom(options.seed ?? 1);
  const clock = virtualClock(start);
  const { hubAccount, regions } = options;
  const strict = options.strict ?? false;
  const management = options.managementAccount ?? hubAccount;
  const organization = createOrganization(management, options.accounts, start, random, options.organizationId);
  const exists = (account: string, region: string) => organization.accounts.has(account) && regions.includes(region);
  const backupStates = perPlace<BackupState>(exists, (account, region) =>
    backup.createState(account, region, backupWorld),
  );
  const kms = perPlace<KmsState>(exists, createKmsState);
  const secrets = perPlace<SecretsState>(exists, createSecretsState);
  const resources = perPlace<Map<string, Resource>>(exists, () => new Map());
  const compute = perPlace<Compute>(exists, createCompute);
  const lambda = perPlace<LambdaRuntime>(exists, createRuntime);
  const platform = perPlace<PlatformState>(exists, createPlatform);
  const backupWorld = createBackupWorld(() => world, {
    options: { ...defaultOptions, ...options.backup },
    crossAccountBackup: options.crossAccountBackup ?? true,
    states: backupStates.all,
    withoutServiceRole,
  });
  const world: World = {
    options: {
      hubAccount,
      regions,
      strict,
      pageSize: options.pageSize ?? 3,
      objectPageSize: options.objectPageSize ?? 10,
      accountInImageArns: options.accountInImageArns ?? true,
      judged: options.judged ?? (() => {}),
    },
    clock,
    random,
    background,
    eventBridge: createEventBridge(() => world, background),
    iam: createIam({ hubAccount, strict, random }),
    organization,
    buckets: new Map(),
    kms: kms.at,
    secrets: secrets.at,
    backup: backupStates.at,
    backupWorld,
    resources: (account, region) => existing(resources.at(account, region), account, region),
    compute: compute.at,
    lambda: lambda.at,
    platform: platform.at,
    isActive: (account) => organization.accounts.get(account)?.status === "ACTIVE",
    exists,
  };
  clock.onPassed((from, to) => {
    backup.advance(backupWorld, from, to);
    world.eventBridge.advance(to);
  });
  return world;
}

interface Places<T> {
  /** Made on first use; undefined for an account or Region that does not exist. */
  readonly at: (account: string, region: string) => T | undefined;
  /** Those in use so far. */
  readonly all: () => Iterable<T>;
}

function perPlace<T>(
  exists: (account: string, region: string) => boolean,
  make: (account: string, region: string) => T,
): Places<T> {
  const made = new Map<string, T>();
  return {
    at: (account, region) => {
      const place = `${account} ${region}`;
      let one = made.get(place);
      if (one === undefined && exists(account, region)) {
        one = make(account, region);
        made.set(place, one);
      }
      return one;
    },
    all: () => made.values(),
  };
}

function existing<T>(state: T | undefined, account: string, region: string): T {
  if (state === undefined) throw new RangeError(`the simulator has no account ${account} or no Region ${region}`);
  return state;
}

function existingBucket(world: World, name: string): Bucket {
  const bucket = world.buckets.get(name);
  if (bucket === undefined) throw new RangeError(`the simulator has no bucket ${name}`);
  return bucket;
}
