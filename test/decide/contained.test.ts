import { describe, expect, it } from "vitest";
import { decide } from "../../controller/decide/decide.ts";
import { KindTable } from "../../controller/decide/kind-table.ts";
import type { DesiredState } from "../../controller/domain/desired.ts";
import type { Listing, Live } from "../../controller/domain/live.ts";
import type { Plan } from "../../controller/domain/plan.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import {
  approval,
  denied,
  desiredState,
  found,
  inventory,
  listed,
  NO_GROUNDS,
  there,
  wanted,
} from "../support/facts.ts";

/** AWS removes a plan without selections only: a plan that is dropped goes after all that is in it, and not before. */

const table = new KindTable(kinds, governedKinds);
const ROLE = "arn:aws:iam::444455556666:role/backup";

const plan = (planId: string): Live =>
  found(
    "plan",
    "nightly",
    { planId, name: "nightly", versionId: "v1", rules: [], advancedBackupSettings: [], scanSettings: [], tags: {} },
    { id: planId },
  );
const selection = (name: string, more: Partial<Pick<Live, "ownership" | "id">> & { planId?: string } = {}): Live => {
  const { planId = "p1", ...options } = more;
  return found(
    "selection",
    `nightly/${name}`,
    { planId, selectionName: name, generation: 1, iamRoleArn: ROLE, resources: ["*"] },
    { id: `s-${name}`, ...options },
  );
};

const ONE = plan("p1");
const A = selection("a");
const B = selection("b");
const selections = (...all: readonly Live[]) => listed("selection", all);
const decided = (listings: readonly Listing[], desired: Partial<DesiredState> = {}): Plan =>
  decide(desiredState(desired.resources ?? [], desired), inventory(...listings), NO_GROUNDS, table);

const told = ({ waves, held }: Plan) => ({
  going: waves
    .map((wave) => wave.flatMap(({ action, key }) => (action === "prune" ? [key.name] : [])))
    .filter(({ length }) => length > 0),
  held: held.flatMap(({ change, reason }) => (change?.action === "prune" ? [`${change.key.name}: ${reason}`] : [])),
});
/** Approves what is held of some of the resources, and decides again. */
function agreed(listings: readonly Listing[], names: readonly string[], desired: Partial<DesiredState> = {}) {
  const changes = decided(listings, desired).held.flatMap(({ change }) =>
    change && names.includes(change.key.name) ? [change.id] : [],
  );
  return decided(listings, { ...desired, approvals: [approval({ changes })] });
}

const ALL = ["nightly", "nightly/a", "nightly/b"];
const { fleet } = desiredState([]);
const within = (perRun: number): Partial<DesiredState> => ({
  fleet: { ...fleet, guardrails: { ...fleet.guardrails, budget: { perTarget: perRun, perRun, percent: 100 } } },
});

describe("a plan that no manifest names any more", () => {
  it.each<[string, readonly string[], Partial<DesiredState>, ReturnType<typeof told>]>([
    ["goes after its selections", ALL, within(3), { going: [["nightly/a", "nightly/b"], ["nightly"]], held: [] }],
    [
      "is not let through by a budget that holds one of them",
      ALL,
      within(1),
      { going: [["nightly/a"]], held: ["nightly: over-budget", "nightly/b: over-budget"] },
    ],
    [
      "waits for the consent that one of them waits for",
      ["nightly", "nightly/a"],
      within(3),
      { going: [["nightly/a"]], held: ["nightly: needs-approval", "nightly/b: needs-approval"] },
    ],
    [
      "waits for one that stays, since only the target was taken from its manifest",
      ALL,
      { ...within(3), resources: [wanted("selection", "nightly/b", { iamRoleArn: ROLE }, { target: there })] },
      { going: [["nightly/a"]], held: ["nightly: cannot-mend"] },
    ],
  ])("%s", (_what, names, desired, expected) => {
    const seen = [listed("plan", [ONE]), selections(A, B)];
    const elsewhere = desired.resources ? [listed("selection", [], { target: there })] : [];
    expect(told(agreed([...seen, ...elsewhere], names, desired))).toEqual(expected);
  });

  it.each<[string, Listing[], string[]]>([
    ["is held by other people's selections", [selections(selection("theirs", { ownership: "none" }))], ["cannot-mend"]],
    [
      "is not held by those of a plan of the same name",
      [selections(selection("a", { planId: "p2", ownership: "none" }))],
      [],
    ],
    ["is not held by what lies elsewhere", [selections(), listed("selection", [], { cut: denied, target: there })], []],
    ["is held where they were listed in part", [listed("selection", [], { cut: denied })], ["unknown-state"]],
    [
      "is held where one of them could not be read",
      [listed("selection", [], { unread: [{ unread: "s-1", failure: denied }] })],
      ["unknown-state"],
    ],
    ["is held where nobody listed them", [], ["unknown-state"]],
  ])("%s", (_what, listings, reasons) => {
    const { held } = agreed([listed("plan", [ONE]), ...listings], ["nightly"]);
    expect(held.flatMap(({ change, reason }) => (change?.key.kind === "plan" ? [reason] : []))).toEqual(reasons);
  });

  it("says which selection it waits for, and by what that is held", () => {
    const { held } = agreed([listed("plan", [ONE]), selections(A)], ["nightly"]);
    const [waiting, its] = held;
    expect(waiting).toMatchObject({
      reason: "needs-approval",
      because: "selection nightly/a goes first, and its removal is held: it weakens protection",
      release: its?.release,
    });
  });
});

it("is so of every kind that holds another, and the other is known to go after it", () => {
  const holders = kinds.flatMap(({ name, contains }) => (contains ? [[name, contains.kind]] : []));
  expect(holders).toEqual([
    ["plan", "selection"],
    ["restore-testing-plan", "restore-testing-selection"],
  ]);
  for (const [holder, held] of holders) expect(table.of(held!).after, held).toContain(holder);
});
