import fc from "fast-check";
import { expect, it } from "vitest";
import { Target } from "../../../controller/domain/identity.ts";
import { recoveryPoint } from "../../../controller/kinds/recovery-point/recovery-point.ts";
import { matchSides } from "../../../controller/observe/counterparts.ts";
import { answering, refuse, target, viewOf } from "../answers.ts";
import { DAY, NO_MEMORY, ruleOf, vaultArn } from "./facts.ts";

/** Rule 20: the join runs in windows of creation time, and comes to the same wherever they are cut and whatever AWS takes a bound to be. */

const THERE = Target.parse({ account: target.account, region: "eu-central-1" });
const NOW = new Date(10 * DAY);
const rule = ruleOf({
  copies: [{ to: { account: THERE.account, region: THERE.region, vault: "central" }, since: "1970-01-01T00:00:00Z" }],
});

interface Point {
  /** Milliseconds. */
  readonly at: number;
  readonly resource: string;
  readonly copies: number;
}

const listedPoint = ({ at, resource }: Point, arn: string, source?: string) => ({
  RecoveryPointArn: arn,
  ResourceArn: resource,
  ResourceType: "EBS",
  Status: "COMPLETED",
  CreationDate: new Date(at),
  IamRoleArn: `arn:aws:iam::${target.account}:role/backup`,
  ...(source === undefined ? {} : { SourceBackupVaultArn: source }),
});
type Listed = ReturnType<typeof listedPoint>;

/** AWS's listing, page by page. `takes`: whether it counts a bound as within. */
const lister =
  (points: readonly Listed[], takes: { readonly after: boolean; readonly before: boolean }, page: number) =>
  ({
    ByCreatedAfter,
    ByCreatedBefore,
    NextToken,
  }: {
    ByCreatedAfter: Date;
    ByCreatedBefore: Date;
    NextToken?: string;
  }) => {
    const within = points.filter(({ CreationDate }) => {
      const [from, at, to] = [ByCreatedAfter, CreationDate, ByCreatedBefore].map((date) => date.getTime()) as [
        number,
        number,
        number,
      ];
      return (takes.after ? at >= from : at > from) && (takes.before ? at <= to : at < to);
    });
    const start = Number(NextToken ?? 0);
    return {
      RecoveryPoints: within.slice(start, start + page),
      ...(start + page < within.length ? { NextToken: String(start + page) } : {}),
    };
  };

/** A vault about to be judged, said to hold so many points. */
function opened(size: number) {
  const facts = { vaultType: "BACKUP_VAULT", locked: false, keys: {}, tagged: new Map(), marked: new Map() };
  const partition = { name: "nightly", id: vaultArn("nightly"), createdOn: new Date(0), size, facts };
  const seen = { view: viewOf({}), survey: () => undefined, memory: NO_MEMORY };
  return [
    recoveryPoint.begin({ target, targets: [target], partition, rules: [rule], now: NOW, room: 1000, ...seen }),
    partition,
  ] as const;
}

async function join(points: readonly Point[], size: number, takes: { after: boolean; before: boolean }, page = 3) {
  const here = points.map((one, index) => listedPoint(one, `source-${index}`));
  const there = points.flatMap((one, index) =>
    Array.from({ length: one.copies }, (_, nth) => listedPoint(one, `copy-${index}-${nth}`, vaultArn("nightly"))),
  );
  const source = answering({ ListRecoveryPointsByBackupVault: lister(here, takes, page) });
  const destination = answering({ ListRecoveryPointsByBackupVault: lister(there, takes, page) });
  const [fold, partition] = opened(size);
  const reader = (at: Target) => (at.region === THERE.region ? destination.call : undefined);
  const failure = await matchSides(recoveryPoint, fold, partition, { call: source.call, target, reader });
  const { findings, counts } = fold.settle("complete");
  return {
    failure,
    missing: findings.map(({ subject }) => subject).toSorted(),
    told: Object.fromEntries(Object.entries(counts).map(([name, { points: count }]) => [name, count])),
    windows: source.sent.length,
  };
}

/** What a join without any windows would say. */
function plainly(points: readonly Point[]) {
  const key = ({ at, resource }: Point) => `${at} ${resource}`;
  const copies = new Map<string, number>();
  for (const one of points) copies.set(key(one), (copies.get(key(one)) ?? 0) + one.copies);
  const late = points.map((one, index) => ({ one, index })).filter(({ one }) => one.at < NOW.getTime() - DAY);
  return late
    .filter(({ one }) => copies.get(key(one)) === 0)
    .map(({ index }) => `source-${index}`)
    .toSorted();
}

/** Moments that crowd around where windows are cut: whole days, and a second to either side. */
const anyPoint = fc.record({
  at: fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(-1_001, -1_000, -999, -1, 0, 1, 999, 1_000, 1_001))
    .map(([day, offset]) => Math.max(0, day * (DAY / 2) + offset)),
  resource: fc.constantFrom("r1", "r2"),
  copies: fc.constantFrom(0, 1, 2),
});

it("is the same for any number of windows, any page, and either reading of AWS's bounds", async () => {
  const disagreements: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyPoint, { maxLength: 25 }),
      fc.constantFrom(0, 20_001, 50_000, 200_000),
      fc.record({ after: fc.boolean(), before: fc.boolean() }),
      fc.integer({ min: 1, max: 5 }),
      async (points, size, takes, page) => {
        const { missing } = await join(points, size, takes, page);
        if (JSON.stringify(missing) !== JSON.stringify(plainly(points))) disagreements.push({ points, size, takes });
        return disagreements.length === 0;
      },
    ),
    { numRuns: 300 },
  );
  expect(disagreements).toEqual([]);
});

it("asks for each point once, though neighbouring windows both list it", async () => {
  const points = [{ at: 5 * (DAY / 2), resource: "r1", copies: 1 }];
  const both = { after: true, before: true };
  const { told, windows } = await join(points, 200_000, both);
  expect(windows, "it is cut into several").toBeGreaterThan(5);
  expect(told).toEqual({ copied: 1 });
});

it("says of a destination that breaks off, or that no run looks into, that nobody can tell", async () => {
  const source = answering({
    ListRecoveryPointsByBackupVault: lister(
      [listedPoint({ at: DAY, resource: "r1", copies: 0 }, "source")],
      { after: true, before: true },
      5,
    ),
  });
  const broken = answering({ ListRecoveryPointsByBackupVault: () => refuse("throttled") });
  for (const [reader, kind] of [
    [() => broken.call, "throttled"],
    [() => undefined, "unreachable"],
  ] as const) {
    const [fold, partition] = opened(1);
    const failure = await matchSides(recoveryPoint, fold, partition, { call: source.call, target, reader });
    expect(failure).toMatchObject({ kind });
    expect(fold.settle("complete")).toMatchObject({ findings: [], counts: { "copy-unknown": { points: 1 } } });
  }
});

it("says of its own side that breaks off nothing at all", async () => {
  const broken = answering({ ListRecoveryPointsByBackupVault: () => refuse("denied") });
  const [fold, partition] = opened(1);
  const reader = () => broken.call;
  expect(await matchSides(recoveryPoint, fold, partition, { call: broken.call, target, reader })).toMatchObject({
    kind: "denied",
  });
  expect(fold.settle("complete")).toMatchObject({ findings: [], counts: {} });
});
