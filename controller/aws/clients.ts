/** SDK clients: one per service, Region and identity, none of which retries by itself. */
import { BackupClient, type BackupClientConfig } from "@aws-sdk/client-backup";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { HoldfastError } from "../domain/errors.ts";
import type { SdkClient } from "./call.ts";
import {
  dynamodb,
  ec2,
  efs,
  eventBridge,
  fsx,
  iam,
  lambda,
  organizations,
  rds,
  redshift,
  secretsManager,
  sns,
  tagging,
} from "./services/index.ts";

export interface AwsSettings {
  /** Stands in for every service's own endpoint: a simulator, a proxy. */
  readonly endpoint?: string;
  /** The controller's own Region: its buckets, its key, its STS. */
  readonly region: string;
  /** Absent: the SDK's default chain, AWS_PROFILE and its kin included. */
  readonly credentials?: NonNullable<BackupClientConfig["credentials"]>;
  /** Carries requests in place of the network. */
  readonly requestHandler?: NonNullable<BackupClientConfig["requestHandler"]>;
  /** Clients of services that no run asks, for those who do. */
  readonly further?: Makers;
  /** Allows plain http to hosts other than this one. */
  readonly allowHttp: boolean;
}

export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
/** Credentials that know by themselves when they are stale. `memoized` keeps the SDK, which has a clock of its own, from caching them. */
export interface IdentityProvider {
  (options?: { readonly forceRefresh?: boolean }): Promise<Identity>;
  readonly memoized: true;
}

export interface Clients {
  readonly region: string;
  /** Without `identity`: the controller's own. */
  of(service: string, region: string, identity?: IdentityProvider): Promise<SdkClient>;
}

type Configuration = Pick<BackupClientConfig, "credentials" | "endpoint" | "requestHandler"> & {
  readonly region: string;
  readonly maxAttempts: number;
  readonly userAgentAppId: string;
};

/** What clients have in common: each types its middleware over its own commands. */
interface Made extends SdkClient {
  readonly config: SdkClient["config"] & { readonly requestHandler: NonNullable<Configuration["requestHandler"]> };
  readonly middlewareStack: unknown;
}
type Maker = (configuration: Configuration) => Made;
/** A service's client, made as all are. */
export const makerOf =
  (Client: new (configuration: Configuration) => Made): Maker =>
  (configuration) =>
    new Client(configuration);

/** By the service's prefix in IAM actions. */
export type Makers = Readonly<Record<string, () => Maker | Promise<Maker>>>;

/** By the service's prefix in IAM actions. Those that every run asks are at hand; the others are read when first they are asked. */
const MAKERS = {
  backup: () => makerOf(BackupClient),
  dynamodb: async () => makerOf((await dynamodb()).DynamoDBClient),
  ec2: async () => makerOf((await ec2()).EC2Client),
  elasticfilesystem: async () => makerOf((await efs()).EFSClient),
  events: async () => makerOf((await eventBridge()).EventBridgeClient),
  fsx: async () => makerOf((await fsx()).FSxClient),
  iam: async () => makerOf((await iam()).IAMClient),
  kms: () => makerOf(KMSClient),
  lambda: async () => makerOf((await lambda()).LambdaClient),
  organizations: async () => makerOf((await organizations()).OrganizationsClient),
  rds: async () => makerOf((await rds()).RDSClient),
  redshift: async () => makerOf((await redshift()).RedshiftClient),
  // A bucket's name is no host name at an endpoint that is not S3's own.
  s3: () => (configuration) =>
    new S3Client({
      ...configuration,
      forcePathStyle: configuration.endpoint !== undefined,
      followRegionRedirects: configuration.endpoint === undefined,
    }),
  secretsmanager: async () => makerOf((await secretsManager()).SecretsManagerClient),
  sns: async () => makerOf((await sns()).SNSClient),
  sts: () => makerOf(STSClient),
  tag: async () => makerOf((await tagging()).ResourceGroupsTaggingAPIClient),
} as const satisfies Makers;

/** Idle sockets and slow handshakes are cut as well: the time limit of a request ends when its answer begins. */
const NETWORK = {
  connectionTimeout: 5_000,
  socketTimeout: 20_000,
  throwOnRequestTimeout: true,
  httpsAgent: { keepAlive: true, maxSockets: 256 },
};

export function createClients(settings: AwsSettings): Clients {
  const makers = new Map(Object.entries<Makers[string]>({ ...MAKERS, ...settings.further }));
  const own = new Map<string, SdkClient>();
  const assumed = new WeakMap<IdentityProvider, Map<string, SdkClient>>();
  const cacheOf = (identity: IdentityProvider | undefined) => {
    if (identity === undefined) return own;
    const cache = assumed.get(identity) ?? new Map<string, SdkClient>();
    assumed.set(identity, cache);
    return cache;
  };
  /** One for all clients, so that accounts share the open connections to a Region's endpoint. */
  let requestHandler = settings.requestHandler;
  return {
    region: settings.region,
    of: async (service, region, identity) => {
      const maker = makers.get(service);
      if (maker === undefined) throw new HoldfastError("internal", `there is no client for the service ${service}`);
      const make = await maker();
      const cache = cacheOf(identity);
      const known = cache.get(`${service}/${region}`);
      if (known !== undefined) return known;
      const carried = requestHandler === undefined ? settings : { ...settings, requestHandler };
      const client = createClient(make, carried, region, identity);
      requestHandler ??= client.config.requestHandler;
      cache.set(`${service}/${region}`, client);
      return client;
    },
  };
}

function createClient(make: Maker, settings: AwsSettings, region: string, identity: IdentityProvider | undefined) {
  const { endpoint, requestHandler, allowHttp } = settings;
  const credentials = identity ?? settings.credentials;
  const client = make({
    region,
    maxAttempts: 1,
    userAgentAppId: "holdfast",
    requestHandler: requestHandler ?? NETWORK,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  watch(client.middlewareStack as MiddlewareStack, allowHttp);
  return client;
}

/** As much of the SDK's middleware stack as is used here. */
interface MiddlewareStack {
  add(middleware: (next: Handler) => Handler, options: { readonly step: string; readonly name: string }): void;
  remove(name: string): boolean;
}
type Handler = (args: { readonly request?: unknown }) => Promise<{
  readonly response?: unknown;
  readonly output?: unknown;
}>;
interface Addressed {
  readonly protocol?: string;
  readonly hostname?: string;
}

/**
 * Endpoints also come from the environment and from profiles, so that each request is looked at; and the answer's time is kept. The SDK's
 * own log is taken out: it copies every answer, a thousand recovery points at a time, for a logger that is not there.
 */
function watch(stack: MiddlewareStack, allowHttp: boolean): void {
  stack.remove("loggerMiddleware");
  stack.add(
    (next) => (args) => {
      const { protocol = "", hostname = "" } = args.request as Addressed;
      if (!allowHttp) refusePlainHttp(protocol, hostname);
      return next(args);
    },
    { step: "finalizeRequest", name: "holdfastRefusePlainHttp" },
  );
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const headers = (result.response as { readonly headers?: Readonly<Record<string, string>> } | undefined)?.headers;
      const metadata = (result.output as Timed | undefined)?.$metadata;
      if (metadata !== undefined && headers?.["date"] !== undefined) metadata.answeredAt = new Date(headers["date"]);
      return result;
    },
    { step: "initialize", name: "holdfastKeepDate" },
  );
}

interface Timed {
  readonly $metadata?: { answeredAt?: Date };
}

/** The service's own time when it answered: the `Date` header, to the second. */
export const answeredAt = (output: object): Date | undefined => (output as Timed).$metadata?.answeredAt;

function refusePlainHttp(protocol: string, hostname: string): void {
  if (protocol === "https:" || isLoopback(hostname)) return;
  throw new HoldfastError(
    "setting-refused",
    `the endpoint ${protocol}//${hostname} is not https and not on this machine: credentials would travel in the clear. Use https, or pass --allow-http if the network is yours`,
  );
}

/** RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 6761 §6.3. */
const isLoopback = (hostname: string): boolean =>
  /^127(\.\d{1,3}){3}$/.test(hostname) ||
  hostname === "::1" ||
  hostname === "[::1]" ||
  /(^|\.)localhost$/.test(hostname);
