import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Applying } from "../../controller/apply/applying.ts";
import { applyChange } from "../../controller/apply/apply-change.ts";
import type { Change } from "../../controller/domain/change.ts";
import type { Wanted } from "../../controller/domain/desired.ts";
import type { Live } from "../../controller/domain/live.ts";
import { compareFields } from "../../controller/kinds/compare.ts";
import type { DeclaredKind } from "../../controller/kinds/define-kind.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import { listKind } from "../../controller/observe/declared.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { ambientFleet, clockOf, heldLease, target } from "../support/fleet.ts";
import { leavesOf, mutated, shuffled } from "../support/json.ts";

/** The laws of the style reference §2.6, over the registry: a new kind meets them by being in it. */

const HUB = "444455556666";
const place = target(HUB, "eu-west-1");

/** Names that put each kind's example beside what it is within. */
const NAMES: Readonly<Record<string, string>> = {
  "region-settings": "region-settings",
  selection: "nightly/everything",
  "restore-testing-selection": "nightly/everything",
};
const nameOf = (kind: DeclaredKind): string => NAMES[kind.name] ?? "nightly";

interface Ground {
  readonly simulator: Simulator;
  readonly applying: Applying;
}

function ground(): Ground {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [
      { id: HUB, name: "hub" },
      { id: "111122223333", name: "other" },
    ],
    regions: ["eu-west-1"],
    pageSize: 2,
  });
  simulator.addKey(HUB, "eu-west-1", { alias: "alias/backup" });
  for (const { path, name } of rolesIn(kinds.map((kind) => kind.definition.examples)))
    simulator.iam.putRole(HUB, { name, path, trust: TRUST_BACKUP, policies: "administrator" });
  const clock = clockOf(simulator);
  const applying: Applying = {
    run: "contract",
    fleetName: "acme",
    concurrency: 1,
    kinds,
    governed: governedKinds,
    world: ambientFleet(simulator),
    lease: heldLease,
    journal: {
      unclosed: async () => [],
      enter: async () => {},
      intend: async () => {},
      conclude: async () => {},
      attempts: async () => [],
      close: async () => {},
    },
    clock,
    progress: () => {},
    deadline: Number.POSITIVE_INFINITY,
    decidedOn: clock.now(),
    reportSequence: 0,
    adopted: [],
  };
  return { simulator, applying };
}

const TRUST_BACKUP = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow" as const, Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** Roles named anywhere in the examples. */
const rolesIn = (value: unknown): readonly { readonly path: string; readonly name: string }[] =>
  [...JSON.stringify(value).matchAll(/arn:aws:iam::\d{12}:role(\/(?:[\w-]+\/)*)([\w-]+)/g)].map(
    ([, path = "/", name = ""]) => ({ path, name }),
  );

const wanted = (kind: DeclaredKind, spec: unknown, name = nameOf(kind)): Wanted => ({
  key: { target: place, kind: kind.name, name },
  want: "present",
  spec,
  management: { mode: "enforce" },
  adopt: false,
  source: { path: "contract.yaml", line: 1, column: 1 },
});

const list = (kind: DeclaredKind, { applying }: Ground) =>
  listKind(kind, applying.world.reader(place), place, { fleet: "acme", adopted: new Set() }, applying.clock.now());

async function resolved(kind: DeclaredKind, spec: unknown, { applying }: Ground): Promise<unknown> {
  return kind.resolve ? kind.resolve(applying.world.reader(place), place, spec) : spec;
}

async function make(kind: DeclaredKind, spec: unknown, on: Ground, name = nameOf(kind)) {
  const desired = wanted(kind, await resolved(kind, spec, on), name);
  const common = { id: "contract", key: desired.key, hazards: [], restores: false, desired, fields: [] } as const;
  // What always stands is not made: it is set as the example has it.
  const change: Change = kind.standing
    ? { ...common, action: "update", effect: "neutral", live: await only(kind, on) }
    : { ...common, action: "create", effect: "strengthens" };
  return { desired, outcome: await applyChange(change, on.applying) };
}

/** What a kind's example stands on, made from the fullest examples of the kinds before it. */
async function makeGround(kind: DeclaredKind): Promise<Ground> {
  const on = ground();
  const before = kinds.filter(
    (other) => kind.after.includes(other.name) || (kind.after.includes("plan") && other.name === "vault"),
  );
  for (const other of before) await make(other, other.definition.examples.fullest, on);
  return on;
}

async function only(kind: DeclaredKind, on: Ground): Promise<Live> {
  const listing = await list(kind, on);
  const mine = listing.items.filter((live) => live.ownership === "ours");
  expect(listing.status).toBe("complete");
  expect(mine.map((live) => live.key.name)).toEqual([nameOf(kind)]);
  return mine[0]!;
}

const called = new Set<string>();
const remember = ({ simulator }: Ground) => {
  for (const { service, operation } of simulator.calls.all()) called.add(`${service}:${operation}`);
};

describe.each(kinds.map((kind) => [kind.name, kind] as const))("%s", (_name, kind) => {
  const { smallest, fullest } = kind.definition.examples;

  it("parses its examples, as does the JSON Schema made of it", () => {
    const validate = new Ajv2020({ strict: false }).compile(
      z.toJSONSchema(kind.definition.spec, { io: "input", target: "draft-2020-12" }),
    );
    for (const example of [smallest, fullest]) {
      expect(kind.definition.spec.safeParse(example).error).toBeUndefined();
      expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it.each([
    ["smallest", smallest],
    ["fullest", fullest],
  ])("comes back as it was made: the %s example", async (_size, example) => {
    const on = await makeGround(kind);
    const { desired, outcome } = await make(kind, example, on);
    expect(outcome).toMatchObject({ result: "applied" });
    on.applying.clock.now();
    await on.applying.clock.sleep(180_000);
    const live = await only(kind, on);
    expect(kind.compare(desired.spec, live.state)).toEqual([]);
    remember(on);
  });

  it("sees no drift in another order of what AWS treats as a set, nor in a default spelled out", async () => {
    const on = await makeGround(kind);
    const { desired } = await make(kind, fullest, on);
    await on.applying.clock.sleep(180_000);
    const live = await only(kind, on);
    expect(kind.compare(shuffled(desired.spec), live.state)).toEqual([]);
    expect(kind.compare(kind.normalise(desired.spec), live.state)).toEqual([]);
    expect(kind.normalise(kind.normalise(desired.spec))).toEqual(kind.normalise(desired.spec));
  });

  it("has no blind spot: changing any leaf of its spec is noticed", () => {
    const whole = kind.normalise(fullest);
    const leaves = leavesOf(whole);
    expect(leaves.length).toBeGreaterThan(0);
    const missed = leaves.filter(
      (path) => compareFields(kind.definition.fields, whole, mutated(whole, path)).length === 0,
    );
    expect(missed).toEqual([]);
  });

  it.each(kind.standing ? [kind] : [])("is neither made nor removed: it always stands", ({ steps }) => {
    expect(steps.filter(({ step }) => step === "create" || step === "remove")).toEqual([]);
  });

  it.each(kind.standing ? [] : [kind])("makes what exists, and removes what is gone, without complaint", async () => {
    const on = await makeGround(kind);
    const { desired } = await make(kind, fullest, on);
    await on.applying.clock.sleep(180_000);
    expect((await make(kind, fullest, on)).outcome).toMatchObject({ result: "applied" });
    await on.applying.clock.sleep(180_000);
    const live = await only(kind, on);
    const prune: Change = {
      id: "contract",
      key: desired.key,
      effect: "weakens",
      hazards: [],
      restores: false,
      action: "prune",
      live,
      fields: [],
    };
    expect(await applyChange(prune, on.applying)).toMatchObject({ result: "applied" });
    await on.applying.clock.sleep(180_000);
    expect(await applyChange(prune, on.applying), "a second time").toMatchObject({ result: "applied" });
    remember(on);
  });

  it("says of a listing that was cut short that it was", async () => {
    const on = await makeGround(kind);
    const [first] = kind.steps.find(({ step }) => step === "list")!.uses;
    const page = kind.standing ? 1 : 2;
    const listed = kinds.find(({ steps }) => steps.some(({ step, uses }) => step === "list" && uses[0] === first))!;
    for (const name of kind.standing ? [] : ["a1", "a2", "a3", "a4", "a5"])
      await make(listed, listed.definition.examples.smallest, on, name);
    expect(await list(kind, on), "uncut").toMatchObject({ status: "complete" });
    on.simulator.faults.add({ operation: first!.name.split(":")[1]!, page, effect: { kind: "deny" } });
    expect(await list(kind, on)).toMatchObject({
      status: "incomplete",
      failure: { kind: "denied", operation: first!.name },
    });
  });
});

describe("declared operations", () => {
  const declared = new Set(kinds.flatMap((kind) => kind.steps.flatMap(({ uses }) => uses.map(({ name }) => name))));

  it("are the operations that are used: by the laws above, and by adoption and update, which they do not need", async () => {
    for (const kind of kinds) await adoptAndUpdate(kind);
    const services = new Set([...declared].map((name) => name.split(":")[0]));
    const used = [...called].filter((name) => services.has(name.split(":")[0]));
    expect(used.toSorted()).toEqual([...declared].toSorted());
  });
});

async function adoptAndUpdate(kind: DeclaredKind): Promise<void> {
  const { fullest } = kind.definition.examples;
  const on = await makeGround(kind);
  const { desired } = await make(kind, fullest, on);
  await on.applying.clock.sleep(180_000);
  const live = await only(kind, on);
  const fields = compareFields(kind.definition.fields, undefined, kind.normalise(fullest));
  const change = {
    id: "c",
    key: desired.key,
    effect: "neutral",
    hazards: [],
    restores: false,
    desired,
    live,
    fields,
  } as const;
  const outcomes = [
    ...(kind.update && !kind.standing ? [await applyChange({ ...change, action: "update" }, on.applying)] : []),
    ...(kind.adopt ? [await applyChange({ ...change, action: "adopt" }, on.applying)] : []),
  ];
  expect(outcomes.filter(({ result }) => result !== "applied")).toEqual([]);
  remember(on);
}
