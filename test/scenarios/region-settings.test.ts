import { describe, expect, it } from "vitest";
import { FLEET, FRANKFURT, IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { consoleOf, later } from "./people.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

/** A Region's opt-ins, which nobody can tag: a manifest is what makes them Holdfast's (semantics §6.5). */

const settings = (spec: string, management = "enforce") => ({
  "fleet.yaml": FLEET,
  "settings.yaml": `
apiVersion: holdfast/v1
kind: RegionSettings
metadata: { name: opt-ins }
spec:
  targets: { groups: [production] }
  management: ${management}
  ${spec}
`,
});

const OPTED_IN = settings('optIns: { EBS: true, "Storage Gateway": true }');

async function converged(files: Readonly<Record<string, string>> = OPTED_IN): Promise<Universe> {
  const u = universe({ files });
  await u.run();
  later(u);
  return u;
}

const optIn = (u: Universe, types: Readonly<Record<string, boolean>>): void =>
  void consoleOf(u)("backup", "UpdateRegionSettings", { ResourceTypeOptInPreference: types });
const optInsOf = (u: Universe, region = IRELAND) => u.simulator.backup(SHOP, region).optIn;
const sent = (u: Universe) =>
  u.simulator.calls.all().filter(({ operation, outcome }) => operation === "UpdateRegionSettings" && outcome === "ok");

describe("what AWS does not let Holdfast do", () => {
  it("writes nothing where the settings could not be read, and says that they are unknown", async () => {
    const u = await converged();
    optIn(u, { EBS: false });
    u.simulator.faults.add({ operation: "DescribeRegionSettings", effect: { kind: "deny" } });
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.report.held.map(({ reason }) => reason)]).toEqual(["INCOMPLETE", ["unknown-state"]]);
    expect(writesSince(u, from)).toEqual([]);
  });

  it("tries no type that the Region does not have: AWS would refuse the others with it", async () => {
    const u = await converged(settings("optIns: { EBS: true, Mainframe: true }"));
    const from = mark(u);
    const run = told(await u.run());
    expect(run.report.held.map(({ reason, because }) => [reason, because])).toEqual([
      ["cannot-mend", "this Region's settings have no optIns.Mainframe"],
    ]);
    expect(writesSince(u, from)).toEqual([]);
  });

  it("says so where they are as wanted although the answer to the update was lost", async () => {
    const u = await converged();
    optIn(u, { EBS: false });
    u.simulator.faults.add({ operation: "UpdateRegionSettings", effect: { kind: "lose" }, times: 1 });
    expect(told(await u.run()).result).toBe("CORRECTED");
    expect(optInsOf(u).get("EBS")).toBe(true);
  });
});

describe("a person who opts a type out by hand", () => {
  it("finds it opted in again, and every other type as it was left", async () => {
    const u = await converged();
    optIn(u, { EBS: false, Neptune: false });
    const run = told(await u.run());
    expect(run.result).toBe("CORRECTED");
    expect([optInsOf(u).get("EBS"), optInsOf(u).get("Neptune")]).toEqual([true, false]);
    expect(passages(run.text, "update region-settings region-settings")).toMatchInlineSnapshot(`
      "~   update region-settings region-settings                                                     settings.yaml:2
            strengthens · change bu4yqtrcudgm
            optIns.EBS: false → true
            applied"
    `);
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("sends the whole map, so that nothing rests on whether AWS merges", async () => {
    const u = await converged();
    const types = optInsOf(u).size;
    optIn(u, { EBS: false });
    const before = sent(u).length;
    await u.run();
    const [update] = sent(u).slice(before);
    const input = update?.input as { readonly ResourceTypeOptInPreference: Readonly<Record<string, boolean>> };
    expect(Object.keys(input.ResourceTypeOptInPreference)).toHaveLength(types);
    expect(input).not.toHaveProperty("ResourceTypeManagementPreference");
  });
});

describe("a manifest", () => {
  it("that opts out of a type weakens, and waits for consent", async () => {
    const u = await converged();
    u.commit(settings("optIns: { EBS: false }"));
    const from = mark(u);
    const run = told(await u.run());
    expect(run.report.held.map(({ reason }) => reason)).toEqual(["needs-approval"]);
    expect(writesSince(u, from)).toEqual([]);
  });

  it("that turns full management on may fail jobs, and waits", async () => {
    const u = await converged();
    u.simulator.backup(SHOP, IRELAND).managementPreference.set("DynamoDB", false);
    u.commit(settings("fullManagement: { DynamoDB: true }"));
    expect(told(await u.run()).report.held.map(({ reason }) => reason)).toEqual(["hazard"]);
  });

  it("that is dropped lets go of them as they are", async () => {
    const u = await converged();
    u.commit({ "fleet.yaml": FLEET });
    optIn(u, { EBS: false });
    const from = mark(u);
    await u.run();
    expect(writesSince(u, from)).toEqual([]);
    expect(optInsOf(u).get("EBS")).toBe(false);
  });

  it("asks nothing of Regions that no manifest names", async () => {
    const u = await converged({ "fleet.yaml": FLEET });
    expect(u.simulator.calls.all().filter(({ operation }) => operation === "DescribeRegionSettings")).toEqual([]);
    expect(optInsOf(u, FRANKFURT).get("EBS")).toBe(true);
  });
});
