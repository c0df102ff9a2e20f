import { describe, expect, it } from "vitest";
import type { RecoveryPoint } from "../../simulator/backup/state.ts";
import { type Bench, bench, HUB, place, VOLUME } from "./bench.ts";
import { ruleOf } from "./facts.ts";

/** Rule 9: why AWS would answer 200 to a deletion and leave the point EXPIRED. Looked at before anything is tried. */

const CLEAN = ruleOf({ orphans: { when: ["expired"], action: "delete" } });
const INSTANCE = `arn:aws:ec2:${place.region}:${HUB}:instance/i-1`;
interface Scene extends Bench {
  readonly doomed: RecoveryPoint;
}

function scene(
  of: "snapshot" | "image",
  options: Parameters<typeof bench>[0] = {},
  doomed: Parameters<Bench["point"]>[1] = {},
): Scene {
  const on = bench(options);
  const resource =
    of === "image" ? { resourceArn: INSTANCE, resourceType: "EC2" } : { resourceArn: VOLUME, resourceType: "EBS" };
  on.point(5, { ...resource, lifecycle: { DeleteAfterDays: 400 } });
  const expired = { status: "EXPIRED", lifecycle: { DeleteAfterDays: 30 } } as const;
  return { ...on, doomed: on.point(60, { ...resource, ...expired, ...doomed }) };
}

const barsOf = async (on: Scene) => {
  const { bars } = await on.findingOf([CLEAN], "delete", on.doomed.arn);
  return bars.map(({ reason, because }) => [reason, because]);
};
const idOf = ({ doomed }: Scene) => doomed.arn.slice(doomed.arn.lastIndexOf("/") + 1);
const trust = (Service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow" as const, Principal: { Service }, Action: "sts:AssumeRole" }],
});

describe("nothing stands in the way", () => {
  it.each(["snapshot", "image"] as const)("of an ordinary %s", async (of) => {
    expect(await barsOf(scene(of))).toEqual([]);
  });

  it("of a snapshot whose own role is gone: AWS Backup deletes with its own", async () => {
    const iamRoleArn = `arn:aws:iam::${HUB}:role/gone`;
    expect(await barsOf(scene("snapshot", {}, { iamRoleArn }))).toEqual([]);
  });

  it("once what used it is gone", async () => {
    const on = scene("snapshot");
    const image = on.simulator.useSnapshot(HUB, place.region, idOf(on));
    on.simulator.removeImage(HUB, place.region, image.id);
    expect(await barsOf(on)).toEqual([]);
  });
});

describe("nothing is tried", () => {
  it.each<[string, () => Scene, [string, unknown]]>([
    [
      "where the account has no role for AWS Backup",
      () => scene("snapshot", { withoutServiceRole: [HUB] }),
      ["cannot-mend", "the account has no role AWSServiceRoleForBackup, with which AWS Backup deletes"],
    ],
    [
      "of an image whose role is gone",
      () => scene("image", {}, { iamRoleArn: `arn:aws:iam::${HUB}:role/service-role/gone` }),
      ["cannot-mend", expect.stringContaining("role/service-role/gone that made it is gone")],
    ],
    [
      "of an image whose role AWS Backup cannot assume",
      () => {
        const on = scene("image");
        on.simulator.iam.putRole(HUB, { name: "backup", path: "/", trust: trust("ec2.amazonaws.com") });
        return on;
      },
      ["cannot-mend", expect.stringContaining("AWS Backup cannot assume it")],
    ],
    [
      "of an image that nobody knows the role of",
      () => scene("image", {}, { iamRoleArn: undefined }),
      ["cannot-mend", expect.stringContaining("AWS does not say which role made it")],
    ],
    [
      "of a snapshot that an image is made of",
      () => {
        const on = scene("snapshot");
        on.simulator.useSnapshot(HUB, place.region, idOf(on));
        return on;
      },
      ["cannot-mend", expect.stringMatching(/^the image ami-\w+ uses the snapshot$/)],
    ],
    [
      "of an image that an instance runs from",
      () => {
        const on = scene("image");
        on.simulator.useImage(HUB, place.region, idOf(on));
        return on;
      },
      ["cannot-mend", expect.stringMatching(/^the instance i-\w+ runs from the image$/)],
    ],
    ...(["GetRole", "DescribeImages"] as const).map((operation): [string, () => Scene, [string, unknown]] => [
      `where ${operation} cannot be asked`,
      () => {
        const on = scene("snapshot");
        on.simulator.faults.add({ operation, effect: { kind: "deny" } });
        return on;
      },
      ["unknown-state", expect.stringContaining("whether it could be deleted is not known")],
    ]),
    [
      "where the instances could be listed by half",
      () => {
        const on = scene("image");
        for (const n of [1, 2, 3, 4, 5])
          on.simulator.addResource(HUB, place.region, { arn: `${INSTANCE}${n}`, type: "EC2" });
        on.simulator.faults.add({ operation: "DescribeInstances", after: 1, effect: { kind: "throttle" } });
        return on;
      },
      ["unknown-state", expect.stringContaining("DescribeInstances")],
    ],
  ])("%s", async (_what, make, expected) => {
    expect(await barsOf(make())).toEqual([expected]);
  });
});

it("asks each question once for all points of a target", async () => {
  const on = scene("snapshot");
  for (const age of [61, 62, 63]) on.point(age, { status: "EXPIRED", lifecycle: { DeleteAfterDays: 30 } });
  await on.judge([CLEAN]);
  expect(on.calls("GetRole", "DescribeImages", "ListLegalHolds")).toEqual([
    "ListLegalHolds",
    "GetRole",
    "DescribeImages",
  ]);
});

it("does not stand in the way of a mark, nor of a shortening, which deletes nothing yet", async () => {
  const on = bench({ withoutServiceRole: [HUB] });
  on.point(5, { lifecycle: { DeleteAfterDays: 30 } });
  const long = on.point(60, { lifecycle: { DeleteAfterDays: 365 } });
  const finding = await on.findingOf([ruleOf({ retention: { atMostDays: 30 } })], "shorten", long.arn);
  expect(finding.bars).toEqual([]);
});
