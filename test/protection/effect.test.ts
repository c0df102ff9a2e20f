import { describe, expect, it } from "vitest";
import type { Change } from "../../controller/domain/change.ts";
import type { Hold } from "../../controller/domain/plan.ts";
import type { Listing, Live } from "../../controller/domain/live.ts";
import { instant } from "../../controller/domain/identity.ts";
import { type Population, EffectTally } from "../../controller/protection/effect.ts";
import { worldsOf } from "../../controller/protection/worlds.ts";
import type { SelectionSpec } from "../../controller/kinds/selection/spec.ts";
import { source, target } from "../kinds/answers.ts";

const iamRoleArn = "arn:aws:iam::444455556666:role/backup";
const tagged = (value: string): SelectionSpec => ({ iamRoleArn, listOfTags: [{ key: "backup", value }] });
const keyOf = (name: string, kind = "selection") => ({ target, kind, name });
const liveOf = (name: string, spec: SelectionSpec): Live => ({
  key: keyOf(name),
  id: `id-${name}`,
  ownership: "ours",
  state: { planId: "p", selectionName: name, generation: 1, ...spec },
});
const listing = (kind: string, items: readonly Live[], status: Listing["status"] = "complete"): Listing =>
  ({
    target,
    kind,
    items,
    unread: [],
    at: instant(new Date(0)),
    status,
    ...(status === "incomplete" ? { failure: { kind: "denied", operation: "backup:List", message: "denied" } } : {}),
  }) as Listing;

const common = { effect: "weakens" as const, hazards: [], restores: false, fields: [] };
const wantedOf = (name: string, spec: unknown, kind = "selection") => ({
  key: keyOf(name, kind),
  management: { mode: "enforce" as const },
  adopt: false,
  source,
  want: "present" as const,
  spec,
});
const create = (name: string, spec: SelectionSpec): Change => ({
  id: `create-${name}`,
  key: keyOf(name),
  ...common,
  action: "create",
  desired: wantedOf(name, spec),
});
const replace = (live: Live, spec: SelectionSpec): Change => ({
  id: `replace-${live.id}`,
  key: live.key,
  ...common,
  action: "replace",
  live,
  desired: wantedOf(live.key.name, spec),
});
const prune = (live: Live): Change => ({ id: `prune-${live.id}`, key: live.key, ...common, action: "prune", live });
const optOut = (types: Readonly<Record<string, boolean>>): Change => ({
  id: "settings",
  key: keyOf("region-settings", "region-settings"),
  ...common,
  action: "update",
  live: { key: keyOf("region-settings", "region-settings"), id: "r", ownership: "ours", state: { optIns: {} } },
  desired: wantedOf("region-settings", { optIns: types }, "region-settings"),
});
const heldFor = (change: Change): Hold => ({
  change,
  reason: "needs-approval",
  also: [],
  because: "it weakens",
  release: "approve it",
});

const arnOf = (table: string): string => `arn:aws:dynamodb:eu-west-1:444455556666:table/${table}`;
const tableOf = (name: string, backup?: string) => ({
  arn: arnOf(name),
  types: ["DynamoDB"],
  tags: backup === undefined ? {} : { backup },
});
const NIGHTLY = liveOf("nightly/tagged", tagged("nightly"));
const WEEKLY = liveOf("weekly/tagged", tagged("weekly"));
const ALL = [NIGHTLY, WEEKLY];
const THREE = [tableOf("orders", "nightly"), tableOf("carts", "weekly"), tableOf("logs")];

interface Given {
  readonly live?: readonly Live[];
  readonly selections?: Listing["status"];
  readonly population?: Partial<Population>;
}

function effectOf(
  { waves = [], held = [] }: { readonly waves?: readonly Change[]; readonly held?: readonly Hold[] },
  { live = ALL, selections = "complete", population = {} }: Given = {},
) {
  const listings = [listing("plan", []), listing("selection", live, selections)];
  const tally = new EffectTally();
  for (const worlds of worldsOf({ waves: [waves], held }, { listings }))
    tally.take(worlds, { resources: THREE, optIns: { DynamoDB: true }, unread: [], ...population });
  const { complete, gained, lost, unknown, byPlan, unread } = tally.told();
  const names = (one: typeof gained) => one.first.map(({ arn }) => arn.replace(/.*\//, ""));
  return {
    complete,
    gained: names(gained),
    lost: names(lost),
    unknown: names(unknown),
    byPlan: byPlan.map(({ plan, ...turns }) => [plan, turns.gained.count, turns.lost.count, turns.unknown.count]),
    unread: unread.map(({ because }) => because),
  };
}
const nothing = { complete: true, gained: [], lost: [], unknown: [], byPlan: [], unread: [] };

describe("what changes do to the resources that selections take in", () => {
  it("counts what is gained, of a held change too", () => {
    const all = create("daily/everything", { iamRoleArn, resources: ["*"] });
    const effect = { ...nothing, gained: ["logs"], byPlan: [["daily", 3, 0, 0]] };
    expect(effectOf({ waves: [all] })).toEqual(effect);
    expect(effectOf({ held: [heldFor(all)] })).toEqual(effect);
  });

  it("calls lost only what no plan takes in any more, and counts by plan what leaves one for another", () => {
    expect(effectOf({ waves: [prune(WEEKLY)] })).toEqual({
      ...nothing,
      lost: ["carts"],
      byPlan: [["weekly", 0, 1, 0]],
    });
    const both = [prune(WEEKLY), replace(NIGHTLY, { iamRoleArn, resources: ["*"] })];
    expect(effectOf({ waves: both })).toEqual({
      ...nothing,
      gained: ["logs"],
      byPlan: [
        ["nightly", 2, 0, 0],
        ["weekly", 0, 1, 0],
      ],
    });
  });

  it("says nothing of a change that touches no selection and no opt-in, and looks nowhere for it", () => {
    const vault: Change = { ...create("nightly", tagged("x")), key: keyOf("nightly", "vault") };
    const tally = { waves: [[vault]], held: [] };
    expect(worldsOf(tally, { listings: [] })).toEqual([]);
  });

  it("judges an opt-out by the selections that wait for it", () => {
    const named = liveOf("named/tables", { iamRoleArn, resources: ["arn:aws:dynamodb:*:*:table/logs"] });
    expect(effectOf({ waves: [optOut({ DynamoDB: false })] }, { live: [...ALL, named] })).toEqual({
      ...nothing,
      lost: ["carts", "orders"],
      byPlan: [
        ["nightly", 0, 1, 0],
        ["weekly", 0, 1, 0],
      ],
    });
  });

  it("tells AWS's own plan by its whole name, slashes and all", () => {
    const automatic = liveOf("aws/efs/automatic-backup-plan/aws/efs/automatic-backup-selection", tagged("nightly"));
    expect(effectOf({ waves: [optOut({ DynamoDB: false })] }, { live: [automatic] }).byPlan).toEqual([
      ["aws/efs/automatic-backup-plan", 0, 1, 0],
    ]);
  });

  it("never tells a loss or a gain from what could not be read", () => {
    const unread = { resources: [{ arn: arnOf("orders"), types: ["DynamoDB"] }], unread: ["tag:GetResources: denied"] };
    expect(effectOf({ waves: [prune(NIGHTLY)] }, { population: unread })).toMatchObject({
      complete: false,
      gained: [],
      lost: [],
      unknown: ["orders"],
      unread: ["tag:GetResources: denied"],
    });
    expect(effectOf({ waves: [prune(NIGHTLY)] }, { selections: "incomplete" })).toMatchObject({
      complete: false,
      lost: [],
      unknown: ["orders"],
      unread: ["not every plan and selection could be read"],
    });
  });

  it("tells the first by name, whatever order they come in, and counts the others", () => {
    const many = Array.from({ length: 100 }, (_, at) => tableOf(`t${String(99 - at).padStart(2, "0")}`, "nightly"));
    const tally = new EffectTally();
    for (const worlds of worldsOf(
      { waves: [[prune(NIGHTLY)]], held: [] },
      { listings: [listing("plan", []), listing("selection", ALL)] },
    ))
      tally.take(worlds, { resources: many, optIns: { DynamoDB: true }, unread: [] });
    const { lost } = tally.told();
    expect(lost.count).toBe(100);
    expect(lost.first.map(({ arn }) => arn)).toEqual(
      Array.from({ length: 20 }, (_, at) => arnOf(`t${String(at).padStart(2, "0")}`)),
    );
  });
});
