import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ListBackupVaultsCommand } from "@aws-sdk/client-backup";
import { HttpResponse } from "@smithy/core/protocols";
import { answeredAt, createClients, type AwsSettings } from "../../controller/aws/clients.ts";
import { roleArn, sessionName } from "../../controller/aws/credentials.ts";
import { defaultProvider } from "../../controller/aws/environment-credentials.ts";
import { Target } from "../../controller/domain/identity.ts";
import { createBackupVault, listBackupVaults } from "../../controller/aws/backup-operations.ts";
import { createControllerCall, createFleetAccess } from "../../controller/aws/fleet.ts";
import { troubleOf } from "../../controller/aws/failures.ts";
import type { AnyOperation } from "../../controller/aws/operation.ts";
import { listAccounts } from "../../controller/aws/organizations.ts";
import * as owners from "../../controller/aws/owner-operations.ts";
import {
  describeDbInstances,
  describeEfsFileSystems,
  describeFsxFileSystems,
  describeRedshiftClusters,
  describeVolumes,
  getRole,
  getTaggedResources,
  listBuckets,
  listTables,
} from "../../controller/aws/owner-operations.ts";
import { createPacing } from "../../controller/aws/pacing.ts";
import { createS3Store } from "../../controller/aws/s3-store.ts";
import { access, here, HUB, REGION, world } from "./world.ts";

const settings: AwsSettings = {
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
  allowHttp: false,
};
afterEach(() => void vi.unstubAllEnvs());

/** What becomes of a call: the failure's code, or the host it went to. */
async function reached(given: Partial<AwsSettings>): Promise<string> {
  const hosts: string[] = [];
  const { simulator } = world();
  const handler = simulator.handler();
  const requestHandler = {
    ...handler,
    handle: (request: Parameters<typeof handler.handle>[0]) => {
      hosts.push(`${request.protocol}//${request.hostname}`);
      return handler.handle(request);
    },
  };
  const client = await createClients({ ...settings, requestHandler, ...given }).of("backup", "eu-west-1");
  try {
    await client.send(new ListBackupVaultsCommand({}), { requestTimeout: 1000 });
    return hosts.join();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("where requests go", () => {
  it.each([
    ["AWS's own endpoint by default", {}, "https://backup.eu-west-1.amazonaws.com"],
    ["an endpoint given", { endpoint: "https://proxy.example" }, "https://proxy.example"],
    ["plain http on this machine", { endpoint: "http://127.0.0.1:4566" }, "http://127.0.0.1"],
    ["plain http elsewhere is refused", { endpoint: "http://proxy.example" }, "setting-refused"],
    ["…unless allowed", { endpoint: "http://proxy.example", allowHttp: true }, "http://proxy.example"],
  ])("%s", async (_, given, expected) => {
    expect(await reached(given)).toBe(expected);
  });

  it("plain http is refused from the environment just so", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_BACKUP", "http://proxy.example");
    expect(await reached({})).toBe("setting-refused");
    expect(await reached({ endpoint: "http://127.0.0.1:1" }), "an explicit endpoint wins").toBe("http://127.0.0.1");
  });

  it.each(["backup", "rds"])("shares a client over all calls of one service, Region and identity: %s", async (name) => {
    const clients = createClients(settings);
    const [one, same, elsewhere] = await Promise.all(
      ["eu-west-1", "eu-west-1", "eu-west-2"].map((region) => clients.of(name, region)),
    );
    expect(same).toBe(one);
    expect(elsewhere).not.toBe(one);
  });

  it("says which service it has no client for", async () => {
    await expect(createClients(settings).of("glacier", "eu-west-1")).rejects.toThrow(
      /no client for the service glacier/,
    );
  });
});

/** Where a call of a service goes, as far as the carrier; or why it went nowhere. */
async function carriedTo(operation: AnyOperation, given: Partial<AwsSettings> = {}): Promise<string> {
  const requestHandler = {
    handle: ({ hostname }: { readonly hostname: string }) => Promise.reject(new Error(hostname)),
  };
  const [service = ""] = operation.name.split(":");
  const client = await createClients({ ...settings, requestHandler, ...given }).of(service, "eu-west-1");
  const Command = await operation.command();
  return client.send(new Command({}), { requestTimeout: 1000 }).then(
    () => "answered",
    (error: { readonly code?: string; readonly message: string }) => error.code ?? error.message,
  );
}

interface Tried {
  readonly config: { maxAttempts(): Promise<number> };
}

describe("services that only some runs ask", () => {
  it.each<[AnyOperation, string]>([
    [describeVolumes, "ec2.eu-west-1.amazonaws.com"],
    [describeDbInstances, "rds.eu-west-1.amazonaws.com"],
    [listTables, "dynamodb.eu-west-1.amazonaws.com"],
    [describeEfsFileSystems, "elasticfilesystem.eu-west-1.amazonaws.com"],
    [describeFsxFileSystems, "fsx.eu-west-1.amazonaws.com"],
    [describeRedshiftClusters, "redshift.eu-west-1.amazonaws.com"],
    [getRole, "iam.amazonaws.com"],
    [getTaggedResources, "tagging.eu-west-1.amazonaws.com"],
    [listBuckets, "s3.eu-west-1.amazonaws.com"],
    [listAccounts, "organizations.us-east-1.amazonaws.com"],
  ])("are asked where they are, and not over plain http: $name", async (operation, host) => {
    expect(await carriedTo(operation)).toBe(host);
    expect(await carriedTo(operation, { endpoint: "http://proxy.example" })).toBe("setting-refused");
  });

  it.each(Object.values(owners).map((operation): AnyOperation => operation))(
    "have a command for $name, and a client that sends it once",
    async (operation) => {
      const [service = ""] = operation.name.split(":");
      const client = (await createClients(settings).of(service, "eu-west-1")) as unknown as Tried;
      expect(await client.config.maxAttempts()).toBe(1);
      const Command = await operation.command();
      expect(new Command({}).input).toEqual({});
    },
  );

  it("say when they answered, as the others do", async () => {
    const headers = { date: "Thu, 01 Jan 2026 00:00:00 GMT", "x-amzn-requestid": "r-1" };
    const body = new TextEncoder().encode('{"TableNames":[]}');
    const requestHandler = {
      handle: () => Promise.resolve({ response: new HttpResponse({ statusCode: 200, headers, body }) }),
    };
    const client = await createClients({ ...settings, requestHandler }).of("dynamodb", "eu-west-1");
    const Command = await listTables.command();
    const output = await client.send(new Command({}), { requestTimeout: 1000 });
    expect(answeredAt(output)).toEqual(new Date("2026-01-01T00:00:00Z"));
  });
});

describe("over the network", () => {
  it("calls, reads and writes as in process, in a host's own paths", async () => {
    const { simulator, time } = world();
    simulator.addBucket({ name: "evidence", account: HUB, region: REGION });
    const listening = await simulator.listen(0);
    try {
      const clients = createClients({ ...settings, endpoint: listening.endpoint });
      const pacing = createPacing(time.clock);
      const edge = { clients, clock: time.clock, pacing, deadline: Number.POSITIVE_INFINITY, random: () => 0.5 };
      const found = await createFleetAccess(edge)(access, "run-1").reader(here)(listBackupVaults, {});
      expect(found.BackupVaultList).toEqual([]);
      const store = createS3Store({ url: "s3://evidence/x", call: createControllerCall(edge), clock: time.clock });
      const body = new Uint8Array(100_000).fill(7);
      await store.put("a", body, { condition: { ifAbsent: true }, contentType: "text/plain" });
      const got = await store.get("a");
      expect(Buffer.from(got?.body ?? []).equals(body)).toBe(true);
      expect(got?.at, "the simulator's time, from the Date header").toEqual(simulator.clock.now());
      expect(await store.list("")).toEqual(["a"]);
    } finally {
      await listening.close();
    }
  });
});

describe("a request without an answer", () => {
  it("is cut off in time, and may have happened", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    try {
      const { port } = silent.address() as AddressInfo;
      const clients = createClients({ ...settings, endpoint: `http://127.0.0.1:${port}` });
      const client = await clients.of("backup", "eu-west-1");
      const error: unknown = await client
        .send(new ListBackupVaultsCommand({}), { requestTimeout: 20 })
        .catch((reason: unknown) => reason);
      expect(troubleOf(error, createBackupVault)).toMatchObject({
        failure: { kind: "unanswered" },
        delivery: "unclear",
      });
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});

describe("the way into an account", () => {
  it.each([
    ["/", "eu-west-1", "arn:aws:iam::222222222222:role/hf-apply"],
    ["/teams/backup/", "eu-west-1", "arn:aws:iam::222222222222:role/teams/backup/hf-apply"],
    ["teams", "us-gov-west-1", "arn:aws-us-gov:iam::222222222222:role/teams/hf-apply"],
    ["/", "cn-north-1", "arn:aws-cn:iam::222222222222:role/hf-apply"],
    ["/", "eusc-de-east-1", "arn:aws-eusc:iam::222222222222:role/hf-apply"],
    ["/", "us-isob-east-1", "arn:aws-iso-b:iam::222222222222:role/hf-apply"],
  ])("role path %s in %s", (rolePath, region, expected) => {
    const target = Target.parse({ account: "222222222222", region });
    expect(roleArn({ ...access, rolePath }, target, "apply")).toBe(expected);
  });

  it.each([
    ["20260101T000000Z-1a2b3c4d", "20260101T000000Z-1a2b3c4d"],
    ["event: nightly/eu", "event--nightly-eu"],
    ["x".repeat(80), "x".repeat(64)],
    ["x", "x-"],
  ])("run id %s", (run, expected) => {
    expect(sessionName(run)).toBe(expected);
  });
});

describe("credentials in the Lambda bundle", () => {
  it("come from the environment", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ASIA");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "token");
    expect(await defaultProvider({})()).toEqual({
      accessKeyId: "ASIA",
      secretAccessKey: "secret",
      sessionToken: "token",
    });
  });

  it("say what is missing, as the SDK's own provider does", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    await expect(defaultProvider()()).rejects.toMatchObject({ name: "CredentialsProviderError" });
  });
});
