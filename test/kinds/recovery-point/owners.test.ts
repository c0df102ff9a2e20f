import { describe, expect, it } from "vitest";
import type { Target } from "../../../controller/domain/identity.ts";
import { proveGone } from "../../../controller/kinds/recovery-point/owners/gone.ts";
import { OWNER_SERVICES } from "../../../controller/owner-services/services.ts";
import { existenceIn, populationOf, surveyOwners } from "../../../controller/kinds/recovery-point/owners/survey.ts";
import { addRecoveryPoint, addVault } from "../../simulator/backup/build.ts";
import { createSimulator, type Simulator } from "../../simulator/simulator.ts";
import { ambientFleet, target as place } from "../../support/fleet.ts";
import { central, target } from "../answers.ts";
import { type Sort, SORT_NAMES, SORTS } from "./bench.ts";
import { PLAN, row, ruleOf } from "./facts.ts";

/** Rules 3 and 4: what proves a resource deleted, what does not, and what only moved. */

const HUB = "444455556666";
const here = place(HUB, "eu-west-1");
const arnOf = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${HUB}:${rest}`;

const another = (arn: string): string => `${arn}-b`;

/** A place with one resource and its neighbour, and a snapshot of it that remembers its id. */
function given(sort: Sort) {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [{ id: HUB, name: "hub" }],
    regions: ["eu-west-1", "eu-central-1"],
    pageSize: 1,
  });
  const [type, arn] = SORTS[sort];
  const add = (one: string) => {
    if (sort === "bucket")
      simulator.addBucket({ name: one.slice("arn:aws:s3:::".length), account: HUB, region: "eu-west-1" });
    return simulator.addResource(HUB, "eu-west-1", { arn: one, type });
  };
  const { resourceId } = add(arn);
  add(another(arn));
  const state = simulator.backup(HUB, "eu-west-1");
  addVault(state, { name: "nightly" });
  const point = (sourceResourceId: string | undefined) =>
    addRecoveryPoint(state, {
      vault: "nightly",
      resourceArn: arn,
      resourceType: type,
      creationDate: simulator.clock.now(),
      sourceResourceId,
    }).arn;
  const fleet = ambientFleet(simulator);
  const call = fleet.reader(here);
  const snapshot = point(resourceId);
  const prove = (from = snapshot, given = type as string) =>
    proveGone({ resource: arn, type: given, point: from }, call, call);
  const remove = () => simulator.removeResource(HUB, "eu-west-1", arn);
  return { simulator, call, arn, type, point, prove, remove, add };
}

const refuse = (simulator: Simulator, operation: string, kind: "deny" | "throttle" | "unavailable") =>
  simulator.faults.add({ operation, effect: { kind } });

describe.each(SORT_NAMES)("a resource of sort %s", (sort) => {
  const [, arn, listing, direct] = SORTS[sort];

  it("belongs to its own service and no other", () => {
    const owners = Object.entries(OWNER_SERVICES).filter(
      ([, { types, owns }]) => types.includes(SORTS[sort][0]) && owns(arn),
    );
    expect(owners.map(([name]) => name)).toEqual([sort]);
  });

  it("is listed among its neighbours, page by page to the end", async () => {
    const { call, remove } = given(sort);
    const population = await populationOf(sort, call, here);
    expect("complete" in population && [...population.complete.keys()].toSorted()).toEqual([arn, another(arn)]);
    remove();
    const after = await populationOf(sort, call, here);
    expect("complete" in after && [...after.complete.keys()]).toEqual([another(arn)]);
  });

  it("is not known to be absent where the listing broke off", async () => {
    const { simulator, call } = given(sort);
    // Of two buckets S3 makes one page.
    simulator.faults.add({ operation: listing, after: sort === "bucket" ? 0 : 1, effect: { kind: "deny" } });
    expect(await populationOf(sort, call, here)).toMatchObject({ failure: { kind: "denied" } });
  });

  it("is live while its service describes it", async () => {
    expect(await given(sort).prove()).toBe("live");
  });

  it("is gone once its service says in its own words that there is none", async () => {
    const { prove, remove } = given(sort);
    remove();
    expect(await prove()).toBe("gone");
  });

  it.each(["deny", "throttle", "unavailable"] as const)("is unknown where the direct read ends in %s", async (kind) => {
    const { simulator, prove, remove } = given(sort);
    remove();
    refuse(simulator, direct, kind);
    expect(await prove()).toBe("unknown");
  });

  it("is unknown where a 404 comes without the service's words", async () => {
    const { simulator, prove, remove } = given(sort);
    remove();
    simulator.faults.add({ operation: direct, effect: { kind: "html", status: 404 } });
    expect(await prove()).toBe("unknown");
  });

  it("is unknown under a type that its service does not keep", async () => {
    const { prove, remove } = given(sort);
    remove();
    for (const type of ["CloudFormation", "EKS", "Timestream", "DocumentDB", ""])
      expect(await prove(undefined, type)).toBe("unknown");
  });
});

describe.each([
  ["db", "orders-old"],
  ["cluster", "orders-old"],
] as const)("a %s that was renamed", (sort, name) => {
  it("is live under its new name: its id moved along", async () => {
    const { simulator, arn, prove, call } = given(sort);
    simulator.renameResource(HUB, "eu-west-1", arn, name);
    const population = await populationOf(sort, call, here);
    expect("complete" in population && population.complete.has(arn), "no listing has the old name").toBe(false);
    expect(await prove()).toBe("live");
  });

  it("is gone once no living one bears its id, whoever has its old name", async () => {
    const { remove, prove } = given(sort);
    remove();
    expect(await prove()).toBe("gone");
  });

  it("is unknown where the snapshot has forgotten what it was taken of", async () => {
    const { simulator, arn, prove, point } = given(sort);
    const forgetful = point(undefined);
    simulator.renameResource(HUB, "eu-west-1", arn, name);
    expect(await prove(forgetful)).toBe("unknown");
  });

  it("is unknown where the snapshot cannot be read, or is none of its service's", async () => {
    const { simulator, remove, prove } = given(sort);
    remove();
    expect(await prove(`arn:aws:backup:eu-west-1:${HUB}:recovery-point:0001`), "an air-gapped point").toBe("unknown");
    refuse(simulator, sort === "db" ? "DescribeDBSnapshots" : "DescribeDBClusterSnapshots", "deny");
    expect(await prove()).toBe("unknown");
  });

  it("is unknown where those alive could not be listed whole", async () => {
    const { simulator, prove, remove, add, arn } = given(sort);
    add(`${arn}-c`);
    remove();
    simulator.faults.add({ operation: SORTS[sort][2], page: 2, effect: { kind: "throttle" } });
    expect(await prove()).toBe("unknown");
  });
});

it("takes an instance for gone as soon as it is terminated, though EC2 shows it for an hour more", async () => {
  const { prove, remove, call } = given("instance");
  remove();
  expect(await prove()).toBe("gone");
  const population = await populationOf("instance", call, here);
  expect("complete" in population && population.complete.size).toBe(1);
});

describe("a bucket", () => {
  it("that another account took since is denied, which proves nothing", async () => {
    const simulator = createSimulator({
      hubAccount: HUB,
      accounts: [
        { id: HUB, name: "hub" },
        { id: "111122223333", name: "other" },
      ],
      regions: ["eu-west-1"],
    });
    simulator.addBucket({ name: "documents", account: "111122223333", region: "eu-west-1" });
    const call = ambientFleet(simulator).reader(here);
    const suspect = { resource: "arn:aws:s3:::documents", type: "S3", point: "p" };
    expect(await proveGone(suspect, call, call)).toBe("unknown");
  });
});

describe("where a resource is looked for", () => {
  const survey = (at: Target) => (
    asked.push(`${at.account}/${at.region}`),
    new Map([["bucket", { complete: new Map() }]])
  );
  const asked: string[] = [];
  const bucket = { resourceArn: "arn:aws:s3:::documents", resourceType: "S3" };
  const found = (more: object) => {
    asked.length = 0;
    return { is: existenceIn(survey, target)(row({ ...bucket, ...more })).is, asked: [...asked] };
  };
  const elsewhere = PLAN.replace(target.account, central.account);

  it.each<[string, object, string, string[]]>([
    ["a bucket's point made by hand: in the vault's account", {}, "absent", [`${HUB}/eu-west-1`]],
    [
      "a bucket's point of a plan: in the plan's account",
      { planArn: elsewhere },
      "absent",
      [`${central.account}/eu-west-1`],
    ],
    ["a bucket's copy made by hand: nobody can tell", { sourceVaultArn: "arn:v" }, "unknown", []],
    [
      "a resource whose ARN says where: there",
      { resourceArn: arnOf("ec2", "volume/vol-1"), resourceType: "EBS" },
      "unknown",
      [`${HUB}/eu-west-1`],
    ],
    [
      "a type that no service can prove",
      { resourceType: "CloudFormation", resourceArn: arnOf("cloudformation", "stack/s/1") },
      "unknown",
      [],
    ],
  ])("%s", (_what, more, is, places) => expect(found(more)).toEqual({ is, asked: places }));

  it("is nowhere outside the fleet: unknown, and so no orphan", () => {
    expect(existenceIn(() => undefined, target)(row()).is).toBe("unknown");
  });

  it("is told with the listing that broke off, where one did", () => {
    const failure = { kind: "denied", operation: "ec2:DescribeVolumes", message: "no" } as const;
    expect(existenceIn(() => new Map([["volume", { failure }]]), target)(row())).toEqual({ is: "unknown", failure });
  });
});

describe("a survey", () => {
  it.each<[string, Parameters<typeof ruleOf>[0][], string[]]>([
    ["lists nothing where no policy asks for proof", [{ orphans: { when: ["expired", "planDeleted"] } }], []],
    [
      "lists what the policies' types are of",
      [{ match: { resourceTypes: ["EBS"] }, orphans: { when: ["resourceDeleted"] } }],
      ["volume"],
    ],
    [
      "lists clusters and instances for RDS",
      [{ match: { resourceTypes: ["RDS"] }, orphans: { when: ["resourceDeleted"] } }],
      ["db", "cluster"],
    ],
    ["lists everything where a policy names no type", [{ orphans: { when: ["resourceDeleted"] } }], SORT_NAMES],
    [
      "lists nothing for types that prove nothing",
      [{ match: { resourceTypes: ["EKS"] }, orphans: { when: ["resourceDeleted"] } }],
      [],
    ],
  ])("%s", async (_what, specs, expected) => {
    const { call } = given("volume");
    const survey = await surveyOwners(
      call,
      here,
      specs.map((spec) => ruleOf(spec)),
    );
    expect([...survey.keys()].toSorted()).toEqual(expected.toSorted());
  });

  it("goes on past a service that could not be listed", async () => {
    const { simulator, call } = given("volume");
    refuse(simulator, "DescribeVolumes", "deny");
    const survey = await surveyOwners(call, here, [
      ruleOf({ match: { resourceTypes: ["EBS", "DynamoDB"] }, orphans: { when: ["resourceDeleted"] } }),
    ]);
    expect([...survey].map(([name, population]) => [name, "failure" in population])).toEqual([
      ["volume", true],
      ["table", false],
    ]);
  });
});
