import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { HUB, IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { type Crash, doneTo, killAround, lastReport } from "./around.ts";
import { PATIENCE_MS } from "./cases.ts";
import { ACCOUNTS } from "./manifests.ts";
import { untold } from "./crash.ts";
import { reportsIn } from "./evidence.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FILES = `arn:aws:elasticfilesystem:${IRELAND}:${SHOP}:file-system/fs-01`;
const point = (n: number) => `arn:aws:backup:${IRELAND}:${SHOP}:recovery-point:0000000${n}-0000-4000-8000-000000000000`;

const files = (...documents: readonly string[]): Readonly<Record<string, string>> => ({
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "points.yaml": [CLEAN_UP, ...documents].join(""),
});
const CLEAN_UP = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: clean-up }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  orphans: { when: [expired], action: delete }
`;
const approval = (name: string, expires: string) => `---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: ${name} }
spec: { standing: [{ policy: clean-up, cause: expired }], reason: left behind, expires: "${expires}" }
`;

/** A file system with a good point, and two older ones that AWS Backup could not delete. One may go a day. */
function leftBehind(): Universe {
  const u = universe({ files: files(), accounts: [HUB, ...ACCOUNTS] });
  const shop = u.simulator.backup(SHOP, IRELAND);
  u.simulator.addResource(SHOP, IRELAND, { arn: FILES, type: "EFS" });
  addVault(shop, { name: "legacy" });
  for (const n of [1, 2, 3])
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: point(n),
      resourceArn: FILES,
      resourceType: "EFS",
      creationDate: new Date(u.simulator.clock.now().getTime() - (40 + n) * DAY_MS),
      sizeBytes: 1_000,
      ...(n === 1
        ? { lifecycle: { DeleteAfterDays: 400 } }
        : { status: "EXPIRED" as const, lifecycle: { DeleteAfterDays: 30 } }),
    });
  return u;
}

/** The same, announced and marked, the grace gone by, and consent in git. */
async function due(): Promise<Universe> {
  const u = leftBehind();
  await u.run();
  u.simulator.clock.advance(HOUR_MS);
  await u.run();
  u.simulator.clock.advance(14 * DAY_MS);
  u.commit(files(approval("clean", "2026-04-10")));
  return u;
}

const pointsLeft = ({ simulator }: Universe): readonly string[] =>
  [...simulator.backup(SHOP, IRELAND).vaults.get("legacy")!.points].map(({ arn }) => arn);

/** Whoever comes next knows what the dead one may have done: it destroys nothing beyond the day, and uses no consent twice. */
async function judgeDeletion({ u, dead, from, where }: Crash): Promise<void> {
  const byDead = dead.done.filter(({ operation }) => operation === "DeleteRecoveryPoint").length;
  await u.run();
  const today = doneTo(u, from, "DeleteRecoveryPoint");
  expect(today.length, `${where}: one a day, whoever asked for it`).toBeLessThanOrEqual(1);
  expect(untold(u.simulator, dead), where).toEqual([]);
  const { carried, deletions: told = [] } = lastReport(u);
  const { spent = [], consumed = [], deletions = [] } = carried;
  expect(spent.length, `${where}: what may have gone is spent`).toBeGreaterThanOrEqual(today.length);
  expect(consumed.length, `${where}: and its consent used up`).toBe(spent.length);
  const followed = [...deletions, ...told].map(({ subject }) => subject);
  if (byDead > 0) expect([...new Set(followed)], `${where}: and it is followed up`).toEqual(today);
}

/** In the end all that was agreed to is gone, each asked for once, and the last point is not. */
async function judgeEnd({ u, from, where }: Crash): Promise<void> {
  for (const day of [1, 2, 3]) {
    u.simulator.clock.advance(DAY_MS + HOUR_MS);
    u.commit(files(approval(`clean-${day}`, `2026-04-1${day}`)));
    await u.run();
  }
  u.simulator.clock.advance(HOUR_MS);
  await u.run();
  expect(pointsLeft(u), where).toEqual([point(1)]);
  expect(doneTo(u, from, "DeleteRecoveryPoint").toSorted(), `${where}: each once`).toEqual([point(2), point(3)]);
  const confirmed = reportsIn(u.simulator).flatMap(({ deletions = [] }) =>
    deletions.filter(({ result }) => result === "confirmed"),
  );
  expect(confirmed.map(({ subject }) => subject).toSorted(), `${where}: and told`).toEqual([point(2), point(3)]);
}

describe("law 12, crash anywhere", () => {
  it(
    "around the deletion of a recovery point",
    async () => {
      const crashes = await killAround(due, "DeleteRecoveryPoint", async (crash) => {
        await judgeDeletion(crash);
        await judgeEnd(crash);
      });
      expect(crashes).toBe(14);
    },
    PATIENCE_MS,
  );

  it(
    "around the mark of an orphan",
    async () => {
      const crashes = await killAround(
        async () => leftBehind(),
        "TagResource",
        async ({ u, dead, from, where }) => {
          for (const _run of [1, 2]) await u.run();
          expect(
            doneTo(u, from, "TagResource").filter((arn) => arn.includes("recovery-point")).length,
            where,
          ).toBeLessThanOrEqual(4);
          expect(untold(u.simulator, dead), where).toEqual([]);
          const tags = [...u.simulator.backup(SHOP, IRELAND).vaults.get("legacy")!.points].map(
            (one) => one.tags["holdfast:orphan"],
          );
          expect(tags, where).toEqual([undefined, "expired", "expired"]);
          const settled = doneTo(u, from, "TagResource").length;
          await u.run();
          expect(doneTo(u, from, "TagResource").length, `${where}: and rest`).toBe(settled);
        },
      );
      expect(crashes).toBe(14);
    },
    PATIENCE_MS,
  );
});
