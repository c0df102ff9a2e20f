import { describe, expect, it } from "vitest";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { brokenOff, mark, passages, told, writesSince } from "./telling.ts";

async function converged(): Promise<Universe> {
  const u = universe({ files: PRODUCTION });
  await u.run();
  return u;
}

/** What the shop was given is all still there. */
const expectKept = (u: Universe): void => {
  const shop = u.simulator.backup(SHOP, IRELAND);
  expect(shop.vaults.get("nightly")).toMatchObject({ lock: { minRetentionDays: 7 } });
  expect([...shop.plans.values()].map(({ selections }) => selections.size)).toEqual([1]);
};

describe("a desired state that was emptied", () => {
  it("is never acted on: the run fails, says why, and nothing is removed", async () => {
    const u = await converged();
    const from = mark(u);
    u.commit({});
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["FAILED", 1]);
    expect(writesSince(u, from)).toEqual([]);
    expectKept(u);
    expect(brokenOff(run.text)).toMatchInlineSnapshot(`
      "broken off: manifest-refused: 1 problem in the manifests
          .:1:1: error: the desired state holds no manifests: an empty one is never acted on
            a desired state has one Fleet, which names its accounts and Regions"
    `);
  });

  it("to the Fleet alone removes nothing either: each removal waits, and the shrinking is named", async () => {
    const u = await converged();
    const from = mark(u);
    u.commit({ "fleet.yaml": PRODUCTION["fleet.yaml"] });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(writesSince(u, from)).toEqual([]);
    expectKept(u);
    expect(run.report.held.map(({ key, reason, also }) => [key.name, reason, also])).toEqual([
      ["central", "needs-approval", ["desired-state-shrank"]],
      ["nightly", "needs-approval", ["desired-state-shrank"]],
      ["nightly", "needs-approval", ["desired-state-shrank"]],
      ["nightly/tagged", "needs-approval", ["desired-state-shrank"]],
    ]);
    expect(passages(run.text, "prune vault central")).toMatchInlineSnapshot(`
      "!   prune vault central, held: needs-approval
            weakens · change 33rrqvo6tm46
            because: it weakens protection
            released by: a manifest that says what is live, or \`holdfast approve 33rrqvo6tm46\`, committed
            also held by: desired-state-shrank (approving the change does not release desired-state-shrank)"
    `);
  });

  it("and restored is converged again, with nothing to do", async () => {
    const u = await converged();
    u.commit({});
    await u.run();
    u.commit(PRODUCTION);
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CONVERGED", 0]);
    expect(writesSince(u, from)).toEqual([]);
  });
});

describe("manifests that cannot be read", () => {
  it("YAML that is not YAML fails the run, with the place of every problem", async () => {
    const u = await converged();
    const from = mark(u);
    u.commit({
      ...PRODUCTION,
      "plan.yaml": "apiVersion: holdfast/v1\nkind: BackupPlan\n\tmetadata: { name: nightly\n",
    });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["FAILED", 1]);
    expect(writesSince(u, from)).toEqual([]);
    expectKept(u);
    expect(brokenOff(run.text)).toMatchInlineSnapshot(`
      "broken off: manifest-refused: 2 problems in the manifests
          plan.yaml:3:1: error: a tab indents this line: YAML indents with spaces
            replace the tab with spaces
          plan.yaml:4:1: error: this is not YAML: Flow map in block collection must be sufficiently indented and end
          with a }"
    `);
  });

  it("half a desired state is a different one: one bad file stops them all", async () => {
    const u = await converged();
    u.simulator.operator(SHOP, IRELAND)("backup", "DeleteBackupVaultLockConfiguration", { BackupVaultName: "nightly" });
    const from = mark(u);
    u.commit({ ...PRODUCTION, "central.yaml": PRODUCTION["central.yaml"].replace("encryptionKey", "encryptionkey") });
    const run = told(await u.run());
    expect(run.result).toBe("FAILED");
    expect(writesSince(u, from), "the lock is not put back either").toEqual([]);
    expect(brokenOff(run.text)).toMatchInlineSnapshot(`
      "broken off: manifest-refused: 1 problem in the manifests
          central.yaml:7:3: error: spec has no field encryptionkey
            did you mean encryptionKey?"
    `);
  });

  it("the report that says so names the revision it refused", async () => {
    const u = await converged();
    u.commit({ "fleet.yaml": "{" });
    const run = told(await u.run());
    expect(run.report.source).toMatchObject({ uri: "memory:" });
    expect(run.report.run.failure?.code).toBe("manifest-refused");
  });
});
