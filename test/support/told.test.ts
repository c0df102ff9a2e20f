import { describe, expect, it } from "vitest";
import type { SqsEvent } from "../simulator/platform/event-source.ts";
import { FLEET, FRANKFURT, IRELAND, SHOP, VAULTS, universe } from "./universe.ts";

interface Heard {
  readonly account: string;
  readonly region: string;
  readonly detail: { readonly state?: string };
}

const heardIn = ({ Records }: SqsEvent): readonly Heard[] => Records.map(({ body }) => JSON.parse(body) as Heard);

describe("the hub hears of AWS Backup's events", () => {
  const listening = () => universe({ files: { "fleet.yaml": FLEET }, events: true });

  it("of every account and Region, as the templates forward them, within minutes", async () => {
    const u = listening();
    const places = [SHOP, VAULTS].flatMap((account) => [IRELAND, FRANKFURT].map((region) => ({ account, region })));
    for (const { account, region } of places)
      u.simulator.operator(account, region)("backup", "CreateBackupVault", { BackupVaultName: "by-hand" });
    const heard: Heard[] = [];
    const invoked = await u.events.deliver(async (event) => void heard.push(...heardIn(event)));
    expect(heard.map(({ account, region }) => ({ account, region }))).toEqual(places);
    expect(invoked).toMatchObject([{ failed: [], error: undefined }]);
    expect(u.simulator.eventBridge.undelivered).toEqual([]);
    expect(u.events.waiting()).toEqual([]);
  });

  it("and keeps those that its function never took", async () => {
    const u = listening();
    u.simulator.operator(SHOP, IRELAND)("backup", "CreateBackupVault", { BackupVaultName: "by-hand" });
    const failing = async (): Promise<never> => {
      throw new Error("no");
    };
    const invoked = await u.events.deliver(failing, 48 * 3600);
    expect(invoked.filter(({ failed }) => failed.length !== 1)).toEqual([]);
    expect(invoked.length).toBeGreaterThan(1);
    expect([u.events.waiting().length, u.events.deadLetters().length]).toEqual([0, 1]);
  });
});
