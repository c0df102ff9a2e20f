import { describe, expect, it } from "vitest";
import type { Change } from "../../controller/domain/change.ts";
import type { Target } from "../../controller/domain/identity.ts";
import { planJson, PlanJson } from "../../controller/views/plan-json.ts";
import { planMarkdown } from "../../controller/views/plan-markdown.ts";
import { planText } from "../../controller/views/plan-text.ts";
import {
  at,
  central,
  creating,
  everyAction,
  everyDrift,
  everyHold,
  everything,
  field,
  frankfurt,
  ireland,
  mending,
  planOf,
  target,
  vaults,
  viewOf,
} from "./plan-fixtures.ts";

const plain = { color: false, width: 100 };
const golden = (name: string): string => `../golden/views/${name}`;

const quiet = viewOf(planOf([], [], everyDrift["in-sync"]), [ireland, frankfurt]);
const blind = viewOf(planOf([], [], everyDrift.unknown), [ireland, central]);

/** The same two manifests in many targets, one of which has something of its own. */
const fleet: readonly Target[] = ["eu-west-1", "eu-central-1", "us-east-1"].flatMap((region) =>
  ["111122223333", "444455556666", "777788889999"].map((account) => target(account, region)),
);
const everywhere = (where: Target): readonly Change[] => [
  creating(at(where, "vault", "nightly"), vaults(4), [
    field("encryptionKey", undefined, `arn:aws:kms:${where.region}:${where.account}:alias/backup`),
  ]),
];
const shortened = (where: Target) => {
  const fields = [field("rules[daily].lifecycle.deleteAfterDays", 35, 7, { effect: "weakens" })];
  const change = mending("update", at(where, "plan", "daily"), vaults(9), fields, { effect: "weakens" });
  return {
    change,
    reason: "needs-approval" as const,
    also: [],
    because: "it weakens protection",
    release: `an approval naming change ${change.id}`,
  };
};
const own = creating(at(ireland, "vault", "own"), vaults(30), []);
const alike = viewOf(planOf([...fleet.flatMap(everywhere), own], fleet.map(shortened), []), fleet);

describe("the plan as text", () => {
  it("shows every drift, hold and action, each with its mark in column one", async () => {
    await expect(planText(everything, plain)).toMatchFileSnapshot(golden("plan.txt"));
  });

  it("says the same in colour", async () => {
    const colored = planText(everything, { color: true, width: 100 });
    await expect(colored).toMatchFileSnapshot(golden("plan-color.txt"));
    // oxlint-disable-next-line no-control-regex -- taking the colours off again is the point
    expect(colored.replaceAll(/\u001B\[\d+m/g, "")).toBe(planText(everything, plain));
  });

  it("folds into a narrow terminal without losing a word", async () => {
    const narrow = planText(everything, { color: false, width: 60 });
    await expect(narrow).toMatchFileSnapshot(golden("plan-narrow.txt"));
    // Rules are as long as the terminal is wide, and two sides of a field stand below each other where an arrow has no room.
    const words = (text: string) =>
      text
        .replaceAll("(not set)", "")
        .split(/[\s─→+~-]+/)
        .toSorted();
    expect(words(narrow)).toEqual(words(planText(everything, plain)));
  });

  it("tells what is alike in many targets once, with the id of each change that waits for an approval", async () => {
    await expect(planText(alike, plain)).toMatchFileSnapshot(golden("plan-alike.txt"));
  });

  it("is one line where there is nothing to do", async () => {
    await expect(planText(quiet, plain)).toMatchFileSnapshot(golden("plan-quiet.txt"));
  });

  it("never calls in sync what it could not see", async () => {
    await expect(planText(blind, plain)).toMatchFileSnapshot(golden("plan-blind.txt"));
  });

  it("names every hold's reason, because and release", () => {
    const text = planText(everything, { color: false, width: 10_000 });
    for (const hold of Object.values(everyHold)
      .flat()
      .filter(({ reason }) => reason !== "unknown-state")) {
      expect(text).toContain(`held: ${hold.reason}`);
      expect(text).toContain(`because: ${hold.because}`);
      const each = hold.release.replaceAll(hold.change?.id ?? "<id>", "<id>");
      expect([hold.release, each].some((release) => text.includes(`released by: ${release}\n`))).toBe(true);
    }
  });

  it("names every change with its id and its manifest's line", () => {
    const text = planText(everything, plain);
    const changes = Object.values(everyAction).flat();
    for (const { id } of changes) expect(text).toContain(`change ${id}`);
    const sources = changes.flatMap(({ source }) => source ?? []);
    expect(sources.length).toBeGreaterThan(0);
    for (const { path, line } of sources) expect(text).toContain(`${path}:${line}`);
  });
});

describe("the plan as Markdown", () => {
  it("has the total and the table first and the details folded", async () => {
    await expect(planMarkdown(everything)).toMatchFileSnapshot(golden("plan.md"));
  });

  it("stays within a comment, and counts what it leaves out", () => {
    const targets = Array.from({ length: 400 }, (_, n) => target(String(100_000_000_000 + n), "eu-west-1"));
    const changes = targets.map((where, n) =>
      creating(at(where, "vault", `vault-${n}`), vaults(n + 1), [field("tags", undefined, { owner: "x".repeat(200) })]),
    );
    const held = targets.slice(390).map((where) => shortened(where));
    const text = planMarkdown(viewOf(planOf(changes, held, []), targets));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("Plan: 400 to create, 10 held");
    expect(text).toMatch(/Not shown for length: \d+ changes\.\*\*/);
    for (const { change } of held) expect(text).toContain(change.id);
  });
});

describe("a plan for thousands of targets", () => {
  const targets = Array.from({ length: 2_000 }, (_, n) => target(String(100_000_000_000 + n), "eu-west-1"));
  const view = viewOf(planOf(targets.flatMap(everywhere), targets.slice(0, 3).map(shortened), []), targets);

  it("fits on a screen where the same happens in all of them, and still names what waits for an approval", () => {
    const text = planText(view, plain);
    expect(text.split("\n").length).toBeLessThan(50);
    for (const { change } of targets.slice(0, 3).map(shortened)) expect(text).toContain(`change ${change.id}`);
  });

  it("fits into a comment with nothing left out", () => {
    const text = planMarkdown(view);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("2000 targets alike: 2000 changes");
    expect(text).not.toContain("Not shown for length");
  });
});

describe("the plan as JSON", () => {
  it("is what its schema says, and holds every change, hold and unknown", async () => {
    const text = planJson(everything);
    await expect(text).toMatchFileSnapshot(golden("plan.json"));
    const plan = PlanJson.parse(JSON.parse(text));
    expect(plan.waves.flat().map(({ id }) => id)).toEqual(
      Object.values(everyAction)
        .flat()
        .map(({ id }) => id),
    );
    expect(plan.held).toHaveLength(everything.plan.held.length);
    expect(plan.unknown).toHaveLength(everyDrift.unknown.length);
  });

  it("leaves out members that are undefined, as JSON has none", () => {
    const change = creating(at(ireland, "vault", "nightly"), vaults(4), [
      field("tags", undefined, { owner: undefined }),
    ]);
    const plan = PlanJson.parse(JSON.parse(planJson(viewOf(planOf([change], [], []), [ireland]))));
    expect(plan.waves[0]?.[0]?.fields[0]?.desired).toEqual({});
  });
});
