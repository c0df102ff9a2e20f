import { ListBackupVaultsCommand } from "@aws-sdk/client-backup";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { clientsOf, keyFrom, refusal } from "./fixture.ts";
import { meddlings, type MeddlingName } from "./meddling.ts";
import { accounts, central, organizationOptions, productionPlaces, seededSimulator, seedOrganization } from "./seed.ts";
import { memberRoles } from "./seed/roles.ts";
import { createSimulator } from "./simulator.ts";

describe("the seeded company", () => {
  it("has lived: every night's backups are there, and their copies in the central vault", () => {
    const simulator = seededSimulator({ drifted: false });
    for (const { account, region } of productionPlaces) {
      const points = [...(simulator.backup(account, region).vaults.get("nightly")?.points ?? [])];
      expect(points.length).toBeGreaterThan(130);
      expect(points.every(({ status }) => status === "COMPLETED")).toBe(true);
    }
    const copies = [...(simulator.backup(central.account, central.region).vaults.get("central")?.points ?? [])];
    expect(copies.length).toBeGreaterThan(260);
    expect(copies.every(({ sourceBackupVaultArn }) => sourceBackupVaultArn?.endsWith(":backup-vault:nightly"))).toBe(
      true,
    );
  });

  it("is the same for the same seed, and another for another", () => {
    const told = (seed: number) => JSON.stringify(seededSimulator({ seed }).calls.all());
    expect(told(5)).toBe(told(5));
    expect(told(5)).not.toBe(told(6));
  });

  it("can be set up in a simulator of one's own, to go on from there", () => {
    const simulator = createSimulator({ ...organizationOptions(), start: new Date("2026-03-01T00:00:00Z") });
    seedOrganization(simulator);
    simulator.clock.advance(2 * 86_400_000);
    expect(simulator.backup(accounts.shop, "eu-west-1").vaults.get("nightly")?.points.size).toBeGreaterThan(4);
  });

  it("has drifted by people's calls, all of them in the log", () => {
    const calls = seededSimulator().calls.writes();
    expect(calls.map(({ operation }) => operation)).toContain("DeleteBackupSelection");
    expect(calls.every(({ principal }) => principal.endsWith(":user/console"))).toBe(true);
  });

  it.each(memberRoles)("lets the hub enter every account as holdfast-%s, with the external id", async (role) => {
    const simulator = seededSimulator({ historyDays: 0, drifted: false });
    const { sts } = clientsOf(simulator);
    const enter = (account: string, ExternalId: string) =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${account}:role/holdfast-${role}`,
          RoleSessionName: "run",
          SourceIdentity: "run",
          ExternalId,
        }),
      );
    for (const account of Object.values(accounts)) {
      const { Credentials } = await enter(account, "holdfast");
      await clientsOf(simulator, { credentials: keyFrom(Credentials) }).backup.send(new ListBackupVaultsCommand({}));
    }
    expect((await refusal(enter(accounts.shop, "wrong"))).name).toBe("AccessDenied");
  });
});

describe("meddling", () => {
  it.each(Object.keys(meddlings) as MeddlingName[])("%s does one thing, and it succeeds", (name) => {
    const simulator = seededSimulator({ historyDays: 2, drifted: false });
    for (const { account, region } of productionPlaces) {
      simulator.operator(account, region)("backup", "CreateBackupVault", { BackupVaultName: "open" });
    }
    const before = simulator.calls.writes().length;
    const meddled = simulator.meddle(name);
    expect(meddled).toMatchObject({ name });
    expect(simulator.calls.writes()).toHaveLength(before + 1);
  });

  it("goes on as long as there is anything to meddle with, without ever being refused", () => {
    const simulator = seededSimulator({ seed: 3 });
    for (let turn = 0; turn < 200; turn += 1) expect(simulator.meddle()).toBeDefined();
    expect(simulator.calls.all().filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  });
});
