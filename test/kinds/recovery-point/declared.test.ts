import { expect, it } from "vitest";
import type { AnyOperation, Call } from "../../../controller/aws/operation.ts";
import type { Sighting } from "../../../controller/domain/announcement.ts";
import type { GovernedKind } from "../../../controller/kinds/define-governed-kind.ts";
import { recoveryPoint } from "../../../controller/kinds/recovery-point/recovery-point.ts";
import type { RecoveryPoint } from "../../simulator/backup/state.ts";
import { addVault } from "../../simulator/backup/build.ts";
import { type Bench, bench, GONE_PLAN, HUB, madeBy, over, place, SORT_NAMES, SORTS, type Sort } from "./bench.ts";
import { beside } from "./beside.ts";
import { ruleOf } from "./facts.ts";

/** Law 11: what a step declares is what it calls, each of it, and nothing else. Roles are made of nothing but these declarations. */

const called = new Map<string, Set<string>>();

/** The same caller, remembering for a step what it was asked for. */
const noting = (step: string, call: Call): Call =>
  ((operation: AnyOperation, input: never) => {
    const names = called.get(step) ?? new Set();
    called.set(step, names.add(operation.name));
    return call(operation, input);
  }) as Call;

const watched: GovernedKind = {
  ...recoveryPoint,
  survey: (call, ...rest) => recoveryPoint.survey!(noting("survey", call), ...rest),
  partitions: (call, ...rest) => recoveryPoint.partitions(noting("partitions", call), ...rest),
  stream: (call, ...rest) => recoveryPoint.stream(noting("stream", call), ...rest),
  examine: (call, target, parts, context) =>
    recoveryPoint.examine!(noting("examine", call), target, parts, {
      ...context,
      elsewhere: (at) => {
        const there = context.elsewhere(at);
        return there && noting("examine.elsewhere", there);
      },
    }),
  apply: Object.fromEntries(
    Object.entries(recoveryPoint.apply).map(([name, step]) => [
      name,
      {
        ...step,
        run: (call, target, finding, context) =>
          step.run(noting(name, call), target, finding, {
            ...context,
            elsewhere: (at) => noting(`${name}.elsewhere`, context.elsewhere(at)),
          }),
      } satisfies (typeof recoveryPoint.apply)[string],
    ]),
  ),
};

const MADE_BY = madeBy(GONE_PLAN);
const DELETING = { action: "delete", minMissing: "24h" } as const;
const HOLD = { Title: "audit", Description: "audit" };

/** An orphan of a resource of some sort that is gone, and a newer point of it: deleted, after every look. */
async function deleteOrphan(sort: Sort): Promise<unknown> {
  const on = bench({}, watched);
  const [type, arn] = SORTS[sort];
  const resource = on.simulator.addResource(HUB, place.region, { arn, type });
  if (sort === "bucket") on.simulator.addBucket({ name: "documents", account: HUB, region: place.region });
  on.simulator.removeResource(HUB, place.region, arn);
  const of = { resourceArn: arn, resourceType: type, createdBy: MADE_BY, sourceResourceId: resource.resourceId };
  const [, old] = [on.point(5, of), on.point(60, of)];
  const longAgo = "2026-01-01T00:00:00.000Z" as Sighting["firstOn"];
  const missing = new Map([[arn, { resource: arn, firstOn: longAgo, lastOn: longAgo }]]);
  const rule = ruleOf({ orphans: { when: ["resourceDeleted"], ...DELETING } });
  on.operator("backup", "CreateLegalHold", { ...HOLD, RecoveryPointSelection: { VaultNames: ["elsewhere"] } });
  return on.mend(await on.findingOf([rule], "delete", old.arn, { missing }));
}

async function deleteOfPlan(): Promise<unknown> {
  const on = bench({}, watched);
  const [, old] = [on.point(5, { createdBy: MADE_BY }), on.point(60, { createdBy: MADE_BY })];
  return on.mend(await on.findingOf([ruleOf({ orphans: { when: ["planDeleted"], ...DELETING } })], "delete", old.arn));
}

/** A point kept too short, or too long, in a world with a legal hold on something else. */
async function setRetention(step: "lifecycle" | "shorten", resource: object = {}): Promise<unknown> {
  const on = bench({}, watched);
  const [, old] = [
    on.point(5, { ...resource, lifecycle: { DeleteAfterDays: 30 } }),
    on.point(60, { ...resource, lifecycle: { DeleteAfterDays: 365 } }),
  ];
  on.operator("backup", "CreateLegalHold", { ...HOLD, RecoveryPointSelection: { VaultNames: ["elsewhere"] } });
  const retention = step === "shorten" ? { atMostDays: 30 } : { atLeastDays: 400 };
  return on.mend(await on.findingOf([ruleOf({ retention })], step, old.arn));
}

async function copy(): Promise<unknown> {
  const on = bench({}, watched);
  const key = on.simulator.addKey(HUB, over.region, { alias: "alias/central" });
  addVault(on.simulator.backup(HUB, over.region), { name: "central", encryptionKeyArn: key.arn });
  const point = on.point(2, { lifecycle: { DeleteAfterDays: 400 } });
  const to = { account: HUB, region: over.region, vault: "central" };
  const rule = ruleOf({
    copies: [{ to, since: "2026-01-01T00:00:00Z", remedy: "copyAgain" }],
    encryption: { keys: ["alias/aws/backup"] },
    tags: { owner: "x" },
  });
  return on.mend(await on.findingOf([rule], "copy", point.arn));
}

/** A point that is left to its copy in another account's vault. */
async function deleteCopied(): Promise<unknown> {
  const on = bench({}, watched);
  const { old, rule } = beside(on);
  return on.mend(await on.findingOf([rule], "delete", old.arn));
}

async function tag(type: string, resourceArn: string): Promise<unknown> {
  const on: Bench = bench({}, watched);
  const point: RecoveryPoint = on.point(2, { resourceArn, resourceType: type, lifecycle: { DeleteAfterDays: 400 } });
  return on.mend(await on.findingOf([ruleOf({ tags: { owner: "x" } })], "tag", point.arn));
}

it("every role is granted what its steps call, all of it, and nothing else", async () => {
  const results = [
    ...(await Promise.all(SORT_NAMES.map(deleteOrphan))),
    await deleteOfPlan(),
    await setRetention("lifecycle"),
    await setRetention("shorten"),
    await setRetention("shorten", { resourceArn: SORTS.fileSystem[1], resourceType: "EFS" }),
    await copy(),
    await deleteCopied(),
    ...(await Promise.all(
      (["volume", "db", "fileSystem", "fsxFileSystem", "redshiftCluster"] as const).map((sort) =>
        tag(SORTS[sort][0], SORTS[sort][1]),
      ),
    )),
  ];
  expect(results.filter((result) => result !== "accepted" && result !== "updated")).toEqual([]);
  for (const [role, steps] of Map.groupBy(recoveryPoint.steps, (one) => one.role)) {
    const declared = new Set(steps.flatMap(({ uses }) => uses.map(({ name }) => name)));
    const used = new Set(steps.flatMap(({ step }) => [...(called.get(step) ?? [])]));
    expect(sortedNames(used), role).toEqual(sortedNames(declared));
  }
});

const sortedNames = (names: ReadonlySet<string>): readonly string[] => [...names].toSorted((a, b) => (a < b ? -1 : 1));
