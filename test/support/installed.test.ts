import { describe, expect, it } from "vitest";
import { createSimulator } from "../simulator/simulator.ts";
import { install } from "./installed.ts";
import { goldenTemplate, type Template } from "./template.ts";

const HUB = "111122223333";
const HOME = { account: HUB, region: "eu-west-1" };
const world = () => createSimulator({ hubAccount: HUB, accounts: [{ id: HUB, name: "hub" }], regions: [HOME.region] });
const of = (Type: string, Properties: Readonly<Record<string, unknown>>): Template => ({
  Resources: { Thing: { Type, Properties } },
});

describe("a template that is installed", () => {
  it("is refused whole where nobody has thought about one of its types", () => {
    const simulator = world();
    const template = { Resources: { ...of("AWS::IAM::User", {}).Resources, ...goldenTemplate("member").Resources } };
    expect(() => install(simulator, template, HOME)).toThrow("does not know AWS::IAM::User (Thing)");
    expect(simulator.iam.roles()).toEqual([]);
  });

  it("is refused where it reckons in a way that is not known here", () => {
    const template = of("AWS::IAM::Role", { RoleName: { "Fn::Select": [0, ["a"]] } });
    expect(() => install(world(), template, HOME)).toThrow("Fn::Select");
  });

  it("is refused where it refers to what it does not have, or asks for what nothing has", () => {
    const role = (Resource: unknown) => of("AWS::IAM::Role", { Policies: [{ PolicyDocument: { Resource } }] });
    expect(() => install(world(), role({ Ref: "Elsewhere" }), HOME)).toThrow("Elsewhere");
    expect(() => install(world(), role({ "Fn::GetAtt": ["Thing", "RoleId"] }), HOME)).toThrow("asks Thing for RoleId");
  });

  it("says what stands for nothing in the simulator", () => {
    const { inert } = install(world(), goldenTemplate("hub"), HOME);
    expect(inert).toContain("AWS::Lambda::Function");
    expect(inert).not.toContain("AWS::IAM::Role");
  });
});

describe("the hub's template", () => {
  it("gives its role every policy that stands beside it, on what the stack made", () => {
    const simulator = world();
    install(simulator, goldenTemplate("hub"), { ...HOME, buckets: { Evidence: "acme-evidence" } });
    const role = simulator.iam.role(`arn:aws:iam::${HUB}:role/holdfast-controller`);
    const text = JSON.stringify(role?.grant);
    const { keyId } = simulator.kms(HUB, HOME.region).aliases.get("alias/holdfast-evidence")!;
    expect(text).toContain(`"arn:aws:kms:eu-west-1:${HUB}:key/${keyId}"`);
    expect(text).toContain('"arn:aws:s3:::acme-evidence/*"');
    expect(text).toContain(`"arn:aws:iam::*:role/holdfast-observe"`);
    expect(text).not.toMatch(/Ref|Fn::/);
  });

  it("makes buckets with their locks and policies, and keys with theirs", () => {
    const simulator = world();
    install(simulator, goldenTemplate("hub"), { ...HOME, buckets: { Evidence: "acme-evidence", Work: "acme-work" } });
    const evidence = simulator.bucket("acme-evidence");
    expect(evidence).toMatchObject({
      versioning: "Enabled",
      lock: { defaultRetention: { mode: "GOVERNANCE", days: 2557 } },
    });
    expect(JSON.stringify(evidence.policy)).toContain('"Sid":"WriteOnce"');
    expect(simulator.bucket("acme-work")).toMatchObject({ versioning: "never", lock: undefined });
    const { keys, aliases } = simulator.kms(HUB, HOME.region);
    const second = keys.get(aliases.get("alias/holdfast-evidence-second")!.keyId)!;
    expect(second.spec).toBe("ML_DSA_65");
    expect(JSON.stringify(second.policy)).toContain(`"arn:aws:iam::${HUB}:role/holdfast-controller"`);
  });

  it("tells the function where all that is", () => {
    const installed = install(world(), goldenTemplate("hub"), { ...HOME, buckets: { Evidence: "acme-evidence" } });
    expect(installed.properties("AWS::Lambda::Function", "Controller")).toMatchObject({
      Environment: { Variables: { HOLDFAST_EVIDENCE: "s3://acme-evidence" } },
    });
  });
});
