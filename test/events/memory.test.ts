import { describe, expect, it } from "vitest";
import type { Target } from "../../controller/domain/identity.ts";
import { workloadOf } from "../../controller/engines/forecast.ts";
import type { Memory } from "../../controller/ports.ts";
import { files, snapshot, snapshots } from "../scenarios/legacy-vault.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { retentionOf, setRetention } from "../scenarios/people.ts";
import { told, writesSince } from "../scenarios/telling.ts";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS, type Universe } from "../support/universe.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AWAY = { account: VAULTS, region: FRANKFURT } as Target;
const HERE = { account: SHOP, region: IRELAND } as Target;

const event = (u: Universe, ...targets: readonly Target[]) => u.run({ trigger: "event", scope: { targets } });
const memoryOf = async (u: Universe): Promise<Memory> => (await u.controller()).world.history.read();

/** What runs over a part of the fleet hand on as they were given it. */
const handedOn = ({ carried, announcements, sightings, inSync }: Memory) => {
  const { declared, source, calls, policies, surveyed, adopted, deletions, spent, consumed } = carried;
  const kept = { declared, source, calls, policies, surveyed, adopted, deletions, spent, consumed };
  return { ...kept, announcements, sightings, inSync: Object.fromEntries(inSync) };
};

const CLEAN_UP = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: clean-up }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  orphans: { when: [expired, resourceDeleted], action: delete, grace: 14d, minMissing: 30d }
---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: clean }
spec:
  standing: [{ policy: clean-up, cause: expired }]
  reason: left behind
  ticket: OPS-7
  expires: "2026-03-28"
`;

describe("a chain of sweeps and events", () => {
  it("loses nothing of what it remembers, wherever the event was", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    const { chain } = told(await u.run()).report;
    const before = await memoryOf(u);
    for (const targets of [[AWAY], [HERE], [HERE, AWAY]]) {
      const { report } = told(await event(u, ...targets));
      expect(report.chain.nextDueBefore).toBe(chain.nextDueBefore);
      expect(handedOn(await memoryOf(u))).toEqual(handedOn(before));
    }
    expect(before.inSync.size).toBeGreaterThan(0);
    const { report } = told(await u.run());
    expect([report.result, report.unchanged?.since.sequence]).toEqual(["CONVERGED", 2]);
  });

  it("keeps announcements and their grace, which no event's run ends or begins anew", async () => {
    const points = [
      { lifecycle: { DeleteAfterDays: 400 } },
      { status: "EXPIRED", lifecycle: { DeleteAfterDays: 30 } },
    ] as const;
    const u = snapshots(points, files(CLEAN_UP));
    await u.run();
    const before = await memoryOf(u);
    expect(before.announcements).toHaveLength(1);
    expect(workloadOf(before.head!.report)).toMatchObject({ points: 2, biggestVault: 2 });
    for (const place of [HERE, AWAY, HERE]) {
      u.simulator.clock.advance(5 * DAY_MS);
      await event(u, place);
    }
    const deletions = () => writesSince(u, 0).filter(({ operation }) => operation === "DeleteRecoveryPoint");
    expect(deletions(), "the grace is over, and an event's run destroys nothing").toEqual([]);
    const after = await memoryOf(u);
    expect(after.announcements).toEqual(before.announcements);
    expect(workloadOf(after.head!.report), "what the next sweep takes").toEqual(workloadOf(before.head!.report));
    await u.run();
    expect(deletions().map(({ input }) => input["RecoveryPointArn"])).toEqual([snapshot(2)]);
  });

  it("counts what each of them put back: whoever sets it a third time in a day is not contradicted again", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    for (const run of [() => event(u, HERE), () => u.run()]) {
      setRetention(u, 20);
      u.simulator.clock.advance(HOUR_MS);
      await run();
      expect(retentionOf(u)).toBe(35);
    }
    setRetention(u, 20);
    u.simulator.clock.advance(HOUR_MS);
    const { report } = told(await event(u, HERE));
    expect([retentionOf(u), report.held.map(({ reason }) => reason)]).toEqual([20, ["contested"]]);
  });
});
