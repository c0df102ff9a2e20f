import { DescribeInstancesCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { MeddlingName } from "./meddling.ts";
import { clientsOf, hub, region, smallSimulator } from "./fixture.ts";

const place = { account: hub, region };
const volume = `arn:aws:ec2:${region}:${hub}:volume/vol-1`;

function withVolume() {
  const simulator = smallSimulator();
  const resource = simulator.addResource(hub, region, { arn: volume, type: "EBS", tags: { backup: "true" } });
  return { simulator, resource, meddle: (name: MeddlingName) => simulator.meddle(name, place) };
}

describe("meddling with what is covered", () => {
  it("opts out a type that is there, and the Region says so", () => {
    const { simulator, meddle } = withVolume();
    expect(meddle("change-opt-in")).toMatchObject({ did: "opted EBS out" });
    const settings = simulator.operator(hub, region)("backup", "DescribeRegionSettings");
    expect(settings).toMatchObject({ ResourceTypeOptInPreference: { EBS: false, EC2: true } });
    expect(meddle("change-opt-in")).toBeUndefined();
  });

  it("takes tags off, and mistypes them, in calls that the log has", () => {
    const { simulator, resource, meddle } = withVolume();
    meddle("mistype-tag");
    expect(resource.tags).toEqual({ Backup: "true" });
    expect(meddle("mistype-tag")).toBeUndefined();
    meddle("untag-resource");
    expect(resource.tags).toEqual({});
    expect(simulator.calls.writes().map(({ operation }) => operation)).toEqual([
      "UntagResources",
      "TagResources",
      "UntagResources",
    ]);
  });

  it("leaves resources idle, as their services then tell", async () => {
    const { simulator, meddle } = withVolume();
    const { ec2, rds } = clientsOf(simulator);
    const states = async () => {
      const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
      const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
      const instances = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
      return [Volumes[0]?.State, instances[0], DBInstances[0]?.DBInstanceStatus];
    };
    simulator.addResource(hub, region, { arn: `arn:aws:ec2:${region}:${hub}:instance/i-1`, type: "EC2" });
    simulator.addResource(hub, region, { arn: `arn:aws:rds:${region}:${hub}:db:d`, type: "RDS" });
    expect(await states()).toEqual(["in-use", "running", "available"]);
    for (let time = 0; time < 3; time += 1) meddle("idle-resource");
    expect(await states()).toEqual(["available", "stopped", "stopped"]);
    expect(meddle("idle-resource")).toBeUndefined();
  });
});
