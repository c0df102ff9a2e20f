import { expect, it } from "vitest";
import { resolve, type Known } from "../../controller/cli/approve/resolve.ts";
import type { Change } from "../../controller/domain/change.ts";
import type { Plan } from "../../controller/domain/plan.ts";

const GROUP = `g${"a".repeat(24)}`;
const plan = { waves: [[{ id: "aaaaaaaaaaaa" } as Change]], held: [], groups: [] } as unknown as Plan;

/** A group that one report lists. */
const known = (listedIn: number, newest: number, sweep?: number): Known => ({
  plan,
  desired: { rules: [] },
  history: { group: async (report) => (report === listedIn ? ["aaaaaaaaaaaa"] : undefined) },
  newest,
  sweep,
});
const asked = (found: Known) => resolve({ ids: [GROUP], lastPoints: [], standing: [] } as never, found);

it("finds a group of the last sweep, however many events have brought reports since", async () => {
  await expect(asked(known(7, 300, 9))).resolves.toMatchObject({ groups: [{ id: GROUP, report: 7 }] });
  await expect(asked(known(298, 300, 9))).resolves.toMatchObject({ groups: [{ id: GROUP, report: 298 }] });
  await expect(asked(known(150, 300, 9))).rejects.toThrow("no group");
});
