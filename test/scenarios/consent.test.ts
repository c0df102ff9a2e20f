import { describe, expect, it } from "vitest";
import { universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { retentionOf, setRetention } from "./people.ts";
import { told } from "./telling.ts";

const DAY_MS = 86_400_000;

const approval = (id: string | undefined, expires: string): string => `
apiVersion: holdfast/v1
kind: Approval
metadata: { name: back-to-35 }
spec: { changes: [${id}], reason: sixty days were a mistake, ticket: OPS-12, expires: "${expires}" }
`;

/** Somebody has raised the plan's retention by hand, and the manifest asks for less again: that weakens. */
async function raised(): Promise<Universe> {
  const u = universe({ files: PRODUCTION });
  await u.run();
  setRetention(u, 60);
  return u;
}

describe("consent to a weakening change", () => {
  it("lets exactly that change go, and the report says whose it was", async () => {
    const u = await raised();
    const id = told(await u.run()).report.held[0]?.change;
    u.commit({ ...PRODUCTION, "approval.yaml": approval(id, "2026-03-20") });
    const run = told(await u.run());
    expect([run.result, retentionOf(u)]).toEqual(["CORRECTED", 35]);
    expect(run.report.changes[0]?.consent).toEqual({ approval: "back-to-35", ticket: "OPS-12" });
  });

  it("is used once: the same change a second time is another decision", async () => {
    const u = await raised();
    const id = told(await u.run()).report.held[0]?.change;
    u.commit({ ...PRODUCTION, "approval.yaml": approval(id, "2026-03-20") });
    await u.run();
    setRetention(u, 60);
    const run = told(await u.run());
    expect(run.report.held[0]).toMatchObject({ change: id, reason: "needs-approval" });
    expect(retentionOf(u)).toBe(60);
  });

  it("to another change does not stretch to this one", async () => {
    const u = await raised();
    const id = told(await u.run()).report.held[0]?.change;
    setRetention(u, 61);
    u.commit({ ...PRODUCTION, "approval.yaml": approval(id, "2026-03-20") });
    expect(told(await u.run()).report.held[0]?.reason).toBe("needs-approval");
    expect(retentionOf(u)).toBe(61);
  });

  it("runs out", async () => {
    const u = await raised();
    const id = told(await u.run()).report.held[0]?.change;
    u.commit({ ...PRODUCTION, "approval.yaml": approval(id, "2026-03-04") });
    u.simulator.clock.advance(5 * DAY_MS);
    expect(told(await u.run()).report.held[0]?.reason).toBe("needs-approval");
  });

  it("to a change whose answer was lost is used up: it may have been made", async () => {
    const u = await raised();
    const id = told(await u.run()).report.held[0]?.change;
    u.commit({ ...PRODUCTION, "approval.yaml": approval(id, "2026-03-20") });
    u.simulator.faults.add({ operation: "UpdateBackupPlan", effect: { kind: "lose" }, times: 1 });
    await u.run();
    setRetention(u, 60);
    expect(told(await u.run()).report.held[0]).toMatchObject({ change: id, reason: "needs-approval" });
  });
});

describe("a freeze", () => {
  const frozen = PRODUCTION["fleet.yaml"].replace(
    "management: enforce",
    `management: enforce
  guardrails:
    maintenance:
      timeZone: Europe/Berlin
      freezes: [{ from: "2026-03-01", to: "2026-03-10", reason: year end }]`,
  );

  it("holds what weakens, whoever consented, and lets what strengthens go on", async () => {
    const u = await raised();
    const id = told(await u.run()).report.held[0]?.change;
    u.commit({ ...PRODUCTION, "fleet.yaml": frozen, "approval.yaml": approval(id, "2026-03-20") });
    const run = told(await u.run());
    expect(run.report.held[0]).toMatchObject({ reason: "frozen" });
    expect(run.report.held[0]?.because).toContain("year end");
    setRetention(u, 7);
    expect(told(await u.run()).result).toBe("CORRECTED");
    expect(retentionOf(u)).toBe(35);
  });
});
