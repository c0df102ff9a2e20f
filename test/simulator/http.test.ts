import { connect } from "node:net";
import { CreateBackupVaultCommand, DescribeBackupVaultCommand, ListBackupVaultsCommand } from "@aws-sdk/client-backup";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { clientsOf, hub, refusal, region, smallSimulator } from "./fixture.ts";
import type { Listening } from "./http.ts";
import type { Simulator } from "./simulator.ts";

const open: Listening[] = [];

async function served(simulator: Simulator = smallSimulator()) {
  const listening = await simulator.listen(0);
  open.push(listening);
  const post = (path: string, body: unknown) =>
    fetch(`${listening.endpoint}/_simulator/${path}`, { method: "POST", body: JSON.stringify(body) });
  return {
    simulator,
    endpoint: listening.endpoint,
    port: listening.port,
    post,
    ...clientsOf(simulator, { endpoint: listening.endpoint }),
  };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

describe("the HTTP front", () => {
  it("prints a number, not a name, and answers the SDK", async () => {
    const { backup, endpoint, simulator } = await served();
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await backup.send(new CreateBackupVaultCommand({ BackupVaultName: "main" }));
    expect(simulator.backup(hub, region).vaults.has("main")).toBe(true);
    expect(await refusal(backup.send(new DescribeBackupVaultCommand({ BackupVaultName: "none" })))).toMatchObject({
      name: "AccessDeniedException",
      status: 403,
    });
  });

  it("carries objects of any bytes and keys of any letters", async () => {
    const { s3, simulator } = await served();
    simulator.addBucket({ name: "work", account: hub, region });
    const Body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
    const at = { Bucket: "work", Key: "a b/ü%2F+.bin" };
    await s3.send(new PutObjectCommand({ ...at, Body }));
    const got = await s3.send(new GetObjectCommand(at));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
  });

  it("breaks the connection where an answer is lost", async () => {
    const { backup, simulator } = await served();
    simulator.faults.add({ operation: "CreateBackupVault", effect: { kind: "lose" } });
    await expect(backup.send(new CreateBackupVaultCommand({ BackupVaultName: "main" }))).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    expect(simulator.backup(hub, region).vaults.has("main")).toBe(true);
  });

  it("listens on loopback only", async () => {
    const { port } = await served();
    const outside = await new Promise((resolve) => {
      const socket = connect({ host: "::1", port });
      socket.once("connect", () => resolve("open")).once("error", () => resolve("closed"));
    });
    expect(outside).toBe("closed");
  });
});

describe("the control endpoints", () => {
  it("move time, which every answer then tells", async () => {
    const { endpoint, post, simulator } = await served();
    expect(await (await post("clock", { advanceMs: 86_400_000 })).json()).toEqual({ now: "2026-01-02T00:00:00.000Z" });
    expect(simulator.clock.now()).toEqual(new Date("2026-01-02T00:00:00Z"));
    expect(await (await fetch(`${endpoint}/_simulator/clock`)).json()).toEqual({ now: "2026-01-02T00:00:00.000Z" });
    const answer = await fetch(`${endpoint}/backup-vaults`);
    expect(answer.headers.get("date")).toBe("Fri, 02 Jan 2026 00:00:00 GMT");
  });

  it("tell the calls from an index on", async () => {
    const { endpoint, backup } = await served();
    await backup.send(new ListBackupVaultsCommand({}));
    await backup.send(new CreateBackupVaultCommand({ BackupVaultName: "main" }));
    const lines = (await (await fetch(`${endpoint}/_simulator/calls?since=1`)).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { index: 1, operation: "CreateBackupVault", outcome: "ok" },
    ]);
  });

  it("make trouble and end it", async () => {
    const { endpoint, backup, post } = await served();
    expect((await post("faults", { operation: "ListBackupVaults", effect: { kind: "throttle" } })).status).toBe(201);
    expect((await refusal(backup.send(new ListBackupVaultsCommand({})))).name).toBe("ThrottlingException");
    await fetch(`${endpoint}/_simulator/faults`, { method: "DELETE" });
    await backup.send(new ListBackupVaultsCommand({}));
  });

  it("let jobs go wrong, and well again", async () => {
    const { endpoint, post, simulator } = await served();
    const failing = { account: hub, region, job: "backup", end: "FAILED" };
    expect((await post("mishaps", failing)).status).toBe(201);
    expect(simulator.backup(hub, region).mishaps).toMatchObject([{ job: "backup", end: "FAILED" }]);
    await fetch(`${endpoint}/_simulator/mishaps`, { method: "DELETE" });
    expect(simulator.backup(hub, region).mishaps).toEqual([]);
    expect((await post("mishaps", { ...failing, account: "000000000000" })).status).toBe(404);
  });

  it("let somebody meddle", async () => {
    const { post, simulator } = await served();
    expect((await post("meddle", { name: "remove-lock" })).status).toBe(409);
    simulator.operator(hub, region)("backup", "CreateBackupVault", { BackupVaultName: "main" });
    expect(await (await post("meddle", { name: "retag-vault" })).json()).toMatchObject({ did: "retagged vault main" });
  });

  it.each([
    ["clock", { advanceMs: -1 }],
    ["faults", { effect: { kind: "explode" } }],
    ["meddle", { name: "nothing-we-know" }],
    ["mishaps", { account: hub, region, job: "copy", end: "EXPIRED" }],
  ])("refuse what they do not understand at %s", async (path, body) => {
    const { post } = await served();
    expect((await post(path, body)).status).toBe(400);
  });
});
