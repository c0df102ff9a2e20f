import { describe, expect, it } from "vitest";
import { footprint } from "../laws/footprint.ts";
import { edited, PRODUCTION } from "../scenarios/manifests.ts";
import { consoleOf, retentionOf, setRetention } from "../scenarios/people.ts";
import { mark, operationsOf, told, writesSince } from "../scenarios/telling.ts";
import { reportText } from "../../controller/views/report-text.ts";
import { FRANKFURT, HUB, IRELAND, SHOP, VAULTS, type Universe } from "../support/universe.ts";
import { listening, tampering, VOLUME } from "./scene.ts";

const ROLE = `arn:aws:iam::${SHOP}:role/service-role/AWSBackupDefaultServiceRole`;

const backUp = (u: Universe, resource = VOLUME): string => {
  const started = consoleOf(u)("backup", "StartBackupJob", {
    BackupVaultName: "nightly",
    ResourceArn: resource,
    IamRoleArn: ROLE,
    Lifecycle: { DeleteAfterDays: 35 },
  });
  return (started as { readonly BackupJobId: string }).BackupJobId;
};

const OPTED_IN = `
apiVersion: holdfast/v1
kind: RegionSettings
metadata: { name: opt-ins }
spec:
  targets: { groups: [production] }
  optIns: { EBS: true }
`;

describe("a backup that failed", () => {
  it("is told by the next batch of events, with AWS's own words, and counted by the next sweep alone", async () => {
    const { u, hub } = await listening();
    u.failBackups({ account: SHOP, region: IRELAND, message: "The volume is being deleted." });
    const jobId = backUp(u);
    await u.events.deliver(hub.take, 3600);
    const published = hub.reports().at(-1)!;
    const row = { jobId, kind: "backup", arn: VOLUME, state: "FAILED", message: "The volume is being deleted." };
    expect(published.report.jobsSinceSurvey).toMatchObject({ complete: true, failed: [row] });
    expect(published.report.jobs).toMatchObject({ complete: false, failed: [], byState: {} });
    expect(reportText(published, { color: false, width: 110 })).toContain("FAILED: The volume is being deleted.");
    const sweep = told(await u.run()).report;
    expect(sweep.jobsSinceSurvey).toBeUndefined();
    expect(sweep.jobs).toMatchObject({ complete: true, failed: [row] });
  });

  it("is told apart from those that expired, were stopped, came to a part, or completed with a message", async () => {
    const { u, hub } = await listening();
    const ends = ["FAILED", "EXPIRED", "ABORTED", "PARTIAL", "COMPLETED"] as const;
    for (const end of ends) {
      const resource = `${VOLUME}-${end}`;
      u.simulator.addResource(SHOP, IRELAND, { arn: resource, type: "EBS" });
      u.failBackups({ account: SHOP, region: IRELAND, resource, end, message: "Not all of it." });
      backUp(u, resource);
    }
    await u.events.deliver(hub.take, 12 * 3600);
    const failed = hub.reports().at(-1)?.report.jobsSinceSurvey?.failed ?? [];
    expect(Object.fromEntries(failed.map(({ arn, state }) => [arn, state]))).toEqual(
      Object.fromEntries(ends.map((end) => [`${VOLUME}-${end}`, end])),
    );
  });
});

describe("what a person changes by hand", () => {
  it("is put back within one batch, and the echo of that comes to one quiet run", async () => {
    const { u, hub } = await listening();
    const from = mark(u);
    tampering(u);
    await u.events.deliver(hub.take, 3600);
    expect(retentionOf(u)).toBe(35);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.get("nightly")?.lock).toBeDefined();
    expect(hub.reports().map(({ report }) => report.result)).toEqual(["CORRECTED", "CONVERGED"]);
    expect(hub.reports().map(({ report }) => [report.run.trigger, report.scope.partial])).toEqual([
      ["event", true],
      ["event", true],
    ]);
    const roles = writesSince(u, from).filter(({ principal }) => principal.includes("assumed-role/holdfast-"));
    expect(new Set(roles.map(({ principal }) => /assumed-role\/([^/]+)/.exec(principal)?.[1]))).toEqual(
      new Set(["holdfast-apply"]),
    );
  });

  it("in a Region's settings is put back likewise: an opt-in has an event of its own", async () => {
    const { u, hub } = await listening();
    u.commit({ ...PRODUCTION, "settings.yaml": OPTED_IN });
    await u.run();
    const { optIn } = u.simulator.backup(SHOP, IRELAND);
    consoleOf(u)("backup", "UpdateRegionSettings", { ResourceTypeOptInPreference: { EBS: false } });
    expect(optIn.get("EBS")).toBe(false);
    await u.events.deliver(hub.take, 3600);
    expect(optIn.get("EBS")).toBe(true);
    expect(hub.reports().map(({ report }) => [report.run.trigger, report.result])).toEqual([
      ["event", "CORRECTED"],
      ["event", "CONVERGED"],
    ]);
  });

  it("comes to the same by a sweep, should every event be lost", async () => {
    const ends = await Promise.all(
      [true, false].map(async (heard) => {
        const { u, hub } = await listening();
        tampering(u);
        await u.events.deliver(heard ? hub.take : async () => undefined, 3600);
        expect(retentionOf(u)).toBe(heard ? 35 : 20);
        const { report } = told(await u.run());
        expect(report.result).toBe(heard ? "CONVERGED" : "CORRECTED");
        const { declared, adopted, announcements, corrections } = told(await u.run()).report.carried;
        const fields = corrections.map(({ path, on }) => [path, on.length]);
        return { footprint: footprint(u.simulator), adopted, announcements, fields, counts: declared?.counts };
      }),
    );
    expect(ends[0]).toEqual(ends[1]);
  });

  it("is left as it is where mending it weakens: a sweep judges that", async () => {
    const { u, hub } = await listening();
    const from = mark(u);
    setRetention(u, 60);
    await u.events.deliver(hub.take, 3600);
    expect(retentionOf(u)).toBe(60);
    expect(operationsOf(writesSince(u, from))).toEqual(["UpdateBackupPlan"]);
    expect(hub.reports().at(-1)?.report.held).toMatchObject([{ reason: "partial-scope", also: ["needs-approval"] }]);
  });
});

describe("where an event's run looks", () => {
  it("is at the target that the event names and at the vaults that plans there copy into, and nowhere else", async () => {
    const { u, hub } = await listening();
    setRetention(u, 20);
    const from = mark(u);
    await u.events.deliver(hub.take);
    const places = u.simulator.calls
      .since(from)
      .filter(({ service, sourceIdentity }) => service === "backup" && sourceIdentity !== undefined)
      .map(({ account, region }) => `${account}/${region}`);
    expect([...new Set(places)].toSorted()).toEqual([`${VAULTS}/${FRANKFURT}`, `${SHOP}/${IRELAND}`]);
  });

  it("keeps in mind what is declared elsewhere: a policy that shuts out copies from there is held", async () => {
    const { u, hub } = await listening();
    u.commit(edited("central.yaml", `iam::${SHOP}:root`, `iam::${HUB}:root`));
    u.simulator.operator(VAULTS, FRANKFURT)("backup", "CreateBackupVault", { BackupVaultName: "by-hand" });
    const from = mark(u);
    await u.events.deliver(hub.take);
    expect(hub.reports().flatMap(({ report }) => report.held)).toMatchObject([
      { key: { kind: "vault-policy" }, reason: "partial-scope", also: ["hazard", "needs-approval"] },
    ]);
    expect(writesSince(u, from)).toEqual([]);
  });
});
