/** What the simulator's own tests share: a small organization, SDK clients on it, and calls at the bare wire. */
import { BackupClient } from "@aws-sdk/client-backup";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { FSxClient } from "@aws-sdk/client-fsx";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { RDSClient } from "@aws-sdk/client-rds";
import { RedshiftClient } from "@aws-sdk/client-redshift";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient, type Credentials } from "@aws-sdk/client-sts";
import type { RequestHandler } from "./connection.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";
import { bytesOf, parseQuery, textOf } from "./wire/message.ts";

export const hub = "111122223333";
export const member = "444455556666";
export const stranger = "888877776666";
export const region = "eu-west-1";

export function smallSimulator(options: Partial<SimulatorOptions> = {}): Simulator {
  return createSimulator({
    hubAccount: hub,
    regions: [region, "eu-central-1"],
    accounts: [
      { id: hub, name: "hub" },
      { id: member, name: "member", ou: "Workloads/Production", tags: { env: "production" } },
      { id: "222233334444", name: "backup", ou: "Infrastructure" },
      { id: "777788889999", name: "closed", ou: "Workloads", status: "SUSPENDED" },
      { id: stranger, name: "stranger", outside: true },
    ],
    ...options,
  });
}

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The key an STS answer carries. */
export function keyFrom({ AccessKeyId = "", SecretAccessKey = "", SessionToken = "" }: Partial<Credentials> = {}): Key {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

interface ClientOptions {
  readonly credentials?: Key;
  readonly region?: string;
  readonly requestHandler?: RequestHandler;
  readonly endpoint?: string;
}

/** One client of each service, in process unless an endpoint is given. Nothing is retried. */
export function clientsOf(simulator: Simulator, options: ClientOptions = {}) {
  const { credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" } } = options;
  const way =
    options.endpoint === undefined
      ? { requestHandler: options.requestHandler ?? simulator.handler() }
      : { endpoint: options.endpoint };
  const config = { region: options.region ?? region, credentials, maxAttempts: 1, ...way };
  return {
    backup: new BackupClient(config),
    dynamodb: new DynamoDBClient(config),
    ec2: new EC2Client(config),
    efs: new EFSClient(config),
    fsx: new FSxClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    organizations: new OrganizationsClient({ ...config, region: "us-east-1" }),
    rds: new RDSClient(config),
    redshift: new RedshiftClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
    sts: new STSClient(config),
    tagging: new ResourceGroupsTaggingAPIClient(config),
  };
}

interface BareReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request as it stands on the wire, with only so much signature as names the service. */
export function bare(
  simulator: Simulator,
  service: string,
  line: string,
  { body = "", headers = {} }: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): BareReply {
  const [method = "GET", url = "/"] = line.split(" ", 2);
  const [path = "/", query = ""] = url.split("?", 2);
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/${region}/${service}/aws4_request, Signature=0`;
  const answer = simulator.respond({
    method,
    path,
    query: parseQuery(query),
    headers: { host: "127.0.0.1", authorization, ...headers },
    body: bytesOf(body),
  });
  if (answer.kind !== "reply") throw new Error(`no answer: ${answer.kind}`);
  return { status: answer.reply.status, headers: answer.reply.headers, body: textOf(answer.reply.body) };
}

/** What a call was refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ readonly name: string; readonly status: number | undefined; readonly message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode, message };
  }
  throw new Error("the call was not refused");
}
