import { describe, expect, it } from "vitest";
import { IRELAND, SHOP, type Universe } from "../support/universe.ts";
import { files, snapshots, VOLUME } from "./legacy-vault.ts";
import { PRODUCTION } from "./manifests.ts";
import { told, writesSince } from "./telling.ts";

/** What the random histories found: announcements and deletions that outlived what they were for. */

const DAY_MS = 86_400_000;
const planOf = (account: string) => ({
  BackupPlanId: "11111111-2222-3333-4444-555555555555",
  BackupPlanArn: `arn:aws:backup:${IRELAND}:${account}:backup-plan:11111111-2222-3333-4444-555555555555`,
  BackupRuleName: "daily",
});

const policy = (more: string) => `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: clean-up }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  orphans: { when: [expired, planDeleted], action: delete, grace: 72h }
  ${more}
`;

const approval = (changes: readonly string[], more = "") => `---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: clean }
spec: { changes: [${changes.join(", ")}], ${more} reason: left behind, expires: "2026-03-28" }
`;

const destroyed = (u: Universe): readonly string[] =>
  writesSince(u, 0)
    .filter(({ operation }) => operation.includes("RecoveryPoint"))
    .map(({ operation, input }) => `${operation} ${String(input["RecoveryPointArn"]).slice(-2)}`);

const waiting = (run: ReturnType<typeof told>): readonly string[] =>
  run.report.held.flatMap(({ change, effect }) => (change !== undefined && effect === "destroys" ? [change] : []));

describe("second thoughts", () => {
  it("an orphan that has got a delete date is not deleted besides: it goes by itself", async () => {
    const manifests = (...more: readonly string[]) => files(policy("retention: { atMostDays: 60 }"), ...more);
    const u = snapshots([{ lifecycle: { DeleteAfterDays: 60 } }, { createdBy: planOf(SHOP) }], manifests());
    const first = told(await u.run());
    expect(waiting(first)).toHaveLength(2);
    u.simulator.clock.advance(15 * DAY_MS);
    u.commit(manifests(approval(waiting(told(await u.run())))));
    await u.run();
    expect(destroyed(u)).toHaveLength(1);
  });

  it("an objection ends an announcement, though it is not known whether the point is an orphan as well", async () => {
    const elsewhere = { createdBy: planOf("999900001111"), lifecycle: { DeleteAfterDays: 400 } };
    const u = snapshots(
      [{ lifecycle: { DeleteAfterDays: 60 } }, elsewhere],
      files(policy("retention: { atMostDays: 60 }")),
    );
    expect(told(await u.run()).report.summary["announced"]).toBe(1);
    u.simulator.meddle("lock-vault", { account: SHOP, region: IRELAND });
    expect(told(await u.run()).report.summary["announced"]).toBe(0);
  });

  it("a resource that is back ends the announcements for its loss, though its plan is out of sight", async () => {
    const when = policy("").replace("expired, planDeleted]", "planDeleted, resourceDeleted], minMissing: 24h");
    const u = snapshots([{}, { createdBy: planOf("999900001111") }], files(when));
    const volume = { arn: VOLUME, type: "EBS" };
    u.simulator.removeResource(SHOP, IRELAND, VOLUME);
    await u.run();
    u.simulator.clock.advance(2 * DAY_MS);
    expect(told(await u.run()).report.summary["announced"]).toBe(1);
    u.simulator.addResource(SHOP, IRELAND, volume);
    expect(told(await u.run()).report.summary["announced"]).toBe(0);
  });

  it("with the policy gone nothing stands announced, whatever AWS is still at work on", async () => {
    const expired = {
      status: "EXPIRED",
      lifecycle: { DeleteAfterDays: 30 },
      undeletable: "The snapshot is locked.",
    } as const;
    const u = snapshots([{ lifecycle: { DeleteAfterDays: 400 } }, expired], files(policy("")));
    const first = told(await u.run());
    u.simulator.clock.advance(4 * DAY_MS);
    u.commit(files(policy(""), approval(waiting(first))));
    expect(told(await u.run()).report.summary["announced"]).toBe(1);
    expect(destroyed(u)).toEqual(["DeleteRecoveryPoint 02"]);
    u.commit({ "fleet.yaml": PRODUCTION["fleet.yaml"] });
    expect(told(await u.run()).report.summary["announced"]).toBe(0);
  });
});
