import { CreateBackupVaultCommand, ListBackupVaultsCommand } from "@aws-sdk/client-backup";
import { SignCommand } from "@aws-sdk/client-kms";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, refusal, region, smallSimulator } from "./fixture.ts";

const create = (BackupVaultName: string) => new CreateBackupVaultCommand({ BackupVaultName });
const list = (NextToken?: string) => new ListBackupVaultsCommand({ NextToken });

describe("faults", () => {
  it.each([
    ["deny", "AccessDeniedException", 403],
    ["throttle", "ThrottlingException", 400],
    ["unavailable", "ServiceUnavailableException", 500],
    ["expired-token", "ExpiredTokenException", 403],
  ] as const)("%s in AWS Backup's words, before anything runs", async (kind, name, status) => {
    const simulator = smallSimulator();
    simulator.faults.add({ service: "backup", effect: { kind } });
    expect(await refusal(clientsOf(simulator).backup.send(create("main")))).toMatchObject({ name, status });
    expect(simulator.backup(hub, region).vaults.size).toBe(0);
    expect(simulator.calls.all()).toMatchObject([{ operation: "CreateBackupVault", outcome: name, delivered: true }]);
  });

  it("speak each service's dialect", async () => {
    const simulator = smallSimulator();
    simulator.faults.add({ effect: { kind: "throttle" } });
    const { s3, sts, kms } = clientsOf(simulator);
    expect(await refusal(s3.send(new ListObjectsV2Command({ Bucket: "abc" })))).toMatchObject({
      name: "SlowDown",
      status: 503,
    });
    expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: "Throttling",
      status: 400,
    });
    const sign = new SignCommand({ KeyId: "k", Message: Buffer.from("x"), SigningAlgorithm: "ECDSA_SHA_256" });
    expect(await refusal(kms.send(sign))).toMatchObject({ name: "ThrottlingException", status: 400 });
  });

  it("strike after so many calls, so many times, where they match", async () => {
    const simulator = smallSimulator();
    simulator.faults.add({ operation: "List*", account: hub, region, after: 1, times: 2, effect: { kind: "deny" } });
    const { backup } = clientsOf(simulator);
    const outcomes: string[] = [];
    for (let call = 0; call < 5; call += 1) {
      outcomes.push(
        await backup.send(list()).then(
          () => "ok",
          (error: Error) => error.name,
        ),
      );
    }
    expect(outcomes).toEqual(["ok", "AccessDeniedException", "AccessDeniedException", "ok", "ok"]);
    await clientsOf(simulator, { region: "eu-central-1" }).backup.send(list());
  });

  it("match by input, and are taken away again", async () => {
    const simulator = smallSimulator();
    const remove = simulator.faults.add({ input: { BackupVaultName: "one" }, effect: { kind: "deny" } });
    const { backup } = clientsOf(simulator);
    await backup.send(create("two"));
    expect((await refusal(backup.send(create("one")))).name).toBe("AccessDeniedException");
    remove();
    await backup.send(create("one"));
    expect(simulator.backup(hub, region).vaults.size).toBe(2);
  });

  it("cut a listing short at a page", async () => {
    const simulator = smallSimulator({ pageSize: 1 });
    const { backup } = clientsOf(simulator);
    for (const name of ["aa", "bb", "cc"]) await backup.send(create(name));
    simulator.faults.add({ operation: "ListBackupVaults", page: 2, effect: { kind: "unavailable" } });
    const first = await backup.send(list());
    expect((await refusal(backup.send(list(first.NextToken)))).name).toBe("ServiceUnavailableException");
    await backup.send(list());
  });

  it("lose an answer after the operation ran", async () => {
    const simulator = smallSimulator();
    simulator.faults.add({ operation: "CreateBackupVault", effect: { kind: "lose" } });
    await expect(clientsOf(simulator).backup.send(create("main"))).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(simulator.backup(hub, region).vaults.has("main")).toBe(true);
    expect(simulator.calls.all()).toMatchObject([{ outcome: "ok", mutating: true, delivered: false }]);
  });

  it("refuse a connection before anything runs", async () => {
    const simulator = smallSimulator();
    simulator.faults.add({ effect: { kind: "refuse-connection" } });
    await expect(clientsOf(simulator).backup.send(create("main"))).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(simulator.backup(hub, region).vaults.size).toBe(0);
  });

  it("hang for as long as the client is patient", async () => {
    const simulator = smallSimulator();
    simulator.faults.add({ effect: { kind: "hang" } });
    const patience = new AbortController();
    const call = clientsOf(simulator).backup.send(list(), { abortSignal: patience.signal });
    setTimeout(() => patience.abort(), 5);
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
  });

  it.each([200, 503])("answer %i with a page that no model knows", async (status) => {
    const simulator = smallSimulator();
    simulator.faults.add({ effect: { kind: "html", status } });
    await expect(clientsOf(simulator).backup.send(list())).rejects.toMatchObject({ name: "SyntaxError" });
    expect(simulator.calls.all()).toMatchObject([{ outcome: `HTML ${status}` }]);
  });
});

describe("a connection that is killed", () => {
  const settled = async (promise: Promise<unknown>) =>
    Promise.race([
      promise.then(
        () => "answered",
        () => "failed",
      ),
      new Promise((resolve) => setTimeout(resolve, 10, "silent")),
    ]);

  it.each([
    ["before", 1],
    ["after", 2],
  ] as const)("%s its second call leaves %i vaults, and never hears or does anything again", async (when, vaults) => {
    const simulator = smallSimulator();
    const connection = simulator.connect();
    const { backup } = clientsOf(simulator, { requestHandler: connection.requestHandler });
    connection.killAt(2, when);
    await backup.send(create("one"));
    expect(await settled(backup.send(create("two")))).toBe("silent");
    await connection.killed;
    expect(await settled(backup.send(create("three")))).toBe("silent");
    expect(simulator.backup(hub, region).vaults.size).toBe(vaults);
    expect(simulator.calls.writes()).toHaveLength(vaults);
  });

  it("leaves other connections alone", async () => {
    const simulator = smallSimulator();
    const connection = simulator.connect();
    connection.killAt(1, "before");
    expect(await settled(clientsOf(simulator, { requestHandler: connection.requestHandler }).backup.send(list()))).toBe(
      "silent",
    );
    await clientsOf(simulator).backup.send(list());
    expect(connection.count()).toBe(1);
  });
});

describe("the call log", () => {
  it("keeps who did what where, refusals included, and blobs only by their size", async () => {
    const simulator = smallSimulator();
    const { sts, kms } = clientsOf(simulator);
    await refusal(sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${hub}:role/none`, RoleSessionName: "ab" })));
    await refusal(
      kms.send(new SignCommand({ KeyId: "alias/x", Message: Buffer.from("abc"), SigningAlgorithm: "ECDSA_SHA_256" })),
    );
    expect(simulator.calls.since(0)).toMatchObject([
      {
        index: 0,
        service: "sts",
        operation: "AssumeRole",
        outcome: "AccessDenied",
        mutating: false,
        account: hub,
        region,
      },
      { index: 1, service: "kms", operation: "Sign", outcome: "NotFoundException", input: { Message: { bytes: 3 } } },
    ]);
    expect(simulator.calls.since(1)).toHaveLength(1);
  });
});
