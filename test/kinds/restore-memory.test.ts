import { describe, expect, it } from "vitest";
import { instant } from "../../controller/domain/identity.ts";
import { restoreTimesOf } from "../../controller/domain/restore-times.ts";
import type { RestoreTestRow, TestedClass } from "../../controller/domain/tested.ts";
import { withOwners } from "../../controller/kinds/restore-test/owners.ts";
import type { RestoreTestRuleSpec } from "../../controller/kinds/restore-test/spec.ts";
import { answering, refuse, source, target } from "./answers.ts";
import { NO_MEMORY } from "./recovery-point/facts.ts";
import { ago, causes, type Given, NOW, remembered, row, settled, spec } from "./restore-facts.ts";

const may = instant(new Date("2026-05-01"));

describe("a job that AWS has forgotten", () => {
  const failed = row({ createdOn: ago(40 * 24 + 0.2), endedOn: ago(40 * 24), validation: "FAILED" });
  const first = { ...failed, created: row().created! };
  const memory = (standing: readonly RestoreTestRow[], over: Partial<TestedClass> = {}) =>
    remembered({ lastSuccessOn: may, standing: [...standing], ...over });
  const later = row({ jobId: "job-2", validation: "SUCCESSFUL" });
  it.each<readonly [string, Given, readonly string[]]>([
    ["still failed", { rows: [], memory: memory([failed]) }, ["validation-failed"]],
    [
      "still failed where jobs could not be read",
      { rows: [], memory: memory([failed]), status: "incomplete" },
      ["validation-failed"],
    ],
    ["is made up for by a later one of its resource", { rows: [later], memory: memory([failed]) }, []],
    [
      "is not by one of another resource",
      { rows: [{ ...later, resource: "another" }], memory: memory([failed]) },
      ["validation-failed"],
    ],
    [
      "counts by what AWS tells of it, where it does",
      { rows: [{ ...failed, validation: "SUCCESSFUL" }], memory: memory([failed]) },
      [],
    ],
    [
      "says nothing any more once the class has had its time",
      { rows: [], memory: memory([{ ...failed, createdOn: ago(91 * 24 + 0.2), endedOn: ago(91 * 24) }]) },
      [],
    ],
    [
      "left something behind, until that is gone",
      { rows: [], memory: memory([{ ...first, validation: "SUCCESSFUL" }]), restored: [first.created] },
      ["restore-leftover"],
    ],
    ["left nothing behind any more", { rows: [], memory: memory([{ ...first, validation: "SUCCESSFUL" }]) }, []],
    [
      "is judged by nobody while its policy is suspended",
      { rows: [], memory: memory([failed]), mode: "suspended" },
      [],
    ],
  ])("%s", (_, given, expected) => {
    expect(causes(given)).toEqual(expected);
  });

  it("is remembered as long as something is wrong with it, or nobody could see", () => {
    const standing = (given: Given) => settled(given).tested?.[0]?.standing?.map(({ jobId }) => jobId);
    expect(standing({ rows: [failed] })).toEqual(["job-1"]);
    expect(standing({ rows: [], memory: memory([failed]) })).toEqual(["job-1"]);
    expect(standing({ rows: [], memory: memory([failed]), mode: "suspended" })).toEqual(["job-1"]);
    expect(
      standing({ rows: [], memory: memory([{ ...first, validation: "SUCCESSFUL" }]), restored: "denied" }),
    ).toEqual(["job-1"]);
    expect(standing({ rows: [], memory: memory([{ ...first, validation: "SUCCESSFUL" }]) })).toBeUndefined();
    expect(standing({ rows: [later], memory: memory([failed]) })).toBeUndefined();
    expect(standing({ rows: [row()] }), "what waits for its validator is not wrong").toBeUndefined();
  });
});

describe("whose resource a test is of", () => {
  const volume = row().resource;
  const bucket = "arn:aws:s3:::orders";
  const abroad = "arn:aws:ec2:eu-central-1:777788889999:volume/vol-9";
  const wrong = [volume, bucket, abroad].map((resource, n) =>
    row({ jobId: `job-${n}`, resource, status: "FAILED", validation: undefined, created: undefined }),
  );
  const tagged = (tags: Readonly<Record<string, Readonly<Record<string, string>>>>) => () => ({
    ResourceTagMappingList: Object.entries(tags).map(([ResourceARN, one]) => ({
      ResourceARN,
      Tags: Object.entries(one).map(([Key, Value]) => ({ Key, Value })),
    })),
  });
  const owners = async (rule: RestoreTestRuleSpec, here: () => unknown, there?: () => unknown) => {
    const part = { ...settled({ rows: wrong, rule }), partition: "restore-tests" };
    const asked = answering({ "tag:GetResources": here });
    const elsewhere = () => there && answering({ "tag:GetResources": there }).call;
    const rules = [
      { kind: "restore-test", name: "monthly", target, spec: rule, management: { mode: "enforce" }, source } as const,
    ];
    const [examined] = await withOwners(asked.call, target, [part], { rules, memory: NO_MEMORY, now: NOW, elsewhere });
    return {
      found: wrong.map(({ jobId }) => examined?.findings.find(({ subject }) => subject === jobId)?.of.owner),
      asked: asked.sent,
    };
  };
  const own = spec({ ownerTags: ["owner", "team"] });

  it("is told by the first tag that names an owner, of its resource where that lives", async () => {
    const here = tagged({ [volume]: { team: "orders" }, [bucket]: { owner: "", team: "shop" } });
    const { found, asked } = await owners(own, here, tagged({ [abroad]: { owner: "data", team: "shop" } }));
    expect(found).toEqual(["orders", "shop", "data"]);
    expect(asked).toEqual([["tag:GetResources", { ResourceARNList: [volume, bucket] }]]);
  });

  it("is nobody's where nobody is asked, it lives outside of the fleet, or tags cannot be read", async () => {
    expect(await owners(spec(), tagged({}))).toEqual({ found: [undefined, undefined, undefined], asked: [] });
    expect((await owners(own, tagged({ [volume]: { team: "orders" } }))).found).toEqual([
      "orders",
      undefined,
      undefined,
    ]);
    expect((await owners(own, () => refuse("denied"), tagged({ [abroad]: { team: "data" } }))).found).toEqual([
      undefined,
      undefined,
      "data",
    ]);
  });

  it("is told of what was left over by what was backed up", async () => {
    const { findings } = settled({
      rows: [row({ createdOn: ago(40), endedOn: ago(39), validation: "SUCCESSFUL", jobId: "old" })],
      restored: [row().created!],
    });
    expect(findings.find(({ cause }) => cause === "restore-leftover")?.of).toEqual({
      resource: row().created,
      type: "EBS",
      source: volume,
    });
  });
});

describe("how long restores take", () => {
  const times = (...seconds: readonly number[]) =>
    restoreTimesOf({
      ...[...remembered({}).tested.values()][0]!,
      restores: seconds.map((one, n) => ({
        jobId: `job-${n}`,
        on: may,
        seconds: one,
        passed: true,
      })),
    });
  it.each([
    [[600], { lastSeconds: 600, medianSeconds: 600, direction: null }],
    [[600, 900, 600], { lastSeconds: 600, medianSeconds: 600, direction: null }],
    [[600, 600, 720, 720], { medianSeconds: 720, direction: "steady" }],
    [[600, 600, 700, 800, 800], { lastSeconds: 800, medianSeconds: 700, direction: "slower" }],
    [[600, 600, 300, 400], { direction: "faster" }],
    [[600, 610, 6000, 605, 600], { direction: "steady" }],
  ])("%j", (seconds, expected) => {
    expect(times(...seconds)).toMatchObject({ restores: seconds.length, ...expected });
  });

  it("is not told where none was ever restored", () => {
    expect(times()).toBeUndefined();
  });
});
