import { describe, expect, it } from "vitest";
import { namingOf } from "../../controller/apply/naming.ts";
import type { Live } from "../../controller/domain/live.ts";
import { toSelection } from "../../controller/kinds/selection/document.ts";
import { markOf, readMark, sameOwner, showMark } from "../../controller/kinds/request-mark.ts";
import { selection } from "../../controller/kinds/selection/selection.ts";
import type { SelectionSpec } from "../../controller/kinds/selection/spec.ts";
import type { SelectionState } from "../../controller/kinds/selection-state.ts";
import { answering, isUnread, liveOf, refuse, target, viewOf, wantedOf } from "./answers.ts";

const { smallest, fullest } = selection.definition.examples as { smallest: SelectionSpec; fullest: SelectionSpec };
const fleet = "acme";
const key = { target, kind: "selection", name: "daily/tagged" };
const markFor = (generation: number, name = "daily/tagged", of = fleet) =>
  showMark(markOf(of, { ...key, name }, generation));

interface Stored {
  readonly name: string;
  readonly spec: SelectionSpec;
  readonly requestId?: string;
}

/** One plan, marked ours, and what is on it by id. Lists are padded as AWS pads them (semantics §3.5). */
function account(on: Readonly<Record<string, Stored>>, plan: { id?: string; name?: string; tags?: object } = {}) {
  const { id = "p1", name = "daily", tags = { "holdfast:fleet": fleet, "holdfast:resource": "plan/daily" } } = plan;
  const stored = new Map(Object.entries(on));
  const answers = {
    ListBackupPlans: () => ({
      BackupPlansList: [{ BackupPlanId: id, BackupPlanArn: `arn:${id}`, BackupPlanName: name }],
    }),
    ListTags: () => ({ Tags: tags }),
    ListBackupSelections: () => ({
      BackupSelectionsList: [...stored].map(([SelectionId, one]) => ({
        SelectionId,
        SelectionName: one.name,
        CreatorRequestId: one.requestId,
      })),
    }),
    GetBackupSelection: ({ SelectionId }: { SelectionId: string }) => {
      const { name: selectionName, spec } = stored.get(SelectionId)!;
      const { Conditions, ...content } = JSON.parse(JSON.stringify(toSelection(selectionName, spec)));
      const empty = { StringEquals: [], StringNotEquals: [], StringLike: [], StringNotLike: [] };
      return {
        BackupSelection: {
          Resources: [],
          NotResources: [],
          ListOfTags: [],
          ...content,
          Conditions: { ...empty, ...Conditions },
        },
      };
    },
    CreateBackupSelection: () => ({}),
  };
  return { ...answering(answers), answers, stored };
}

const list = (call: ReturnType<typeof answering>["call"], adopted: readonly string[] = []) =>
  Array.fromAsync(selection.list(call, target, { fleet, adopted: new Set(adopted) }));

describe("a selection's mark", () => {
  it("is the token that apply hands out", () => {
    const mark = readMark(namingOf(fleet, key, 7).token);
    expect(mark && sameOwner(mark, markOf(fleet, key, 0))).toBe(true);
    expect(mark?.generation).toBe(7);
  });

  it("is no longer than AWS allows, and reads as it was written", () => {
    const written = showMark(markOf("a fleet with a long name", key, 999_999_999_999_999));
    expect(written.length).toBeLessThanOrEqual(50);
    expect(readMark(written)).toEqual(markOf("a fleet with a long name", key, 999_999_999_999_999));
    expect(readMark("hf.short.mark.1")).toBeUndefined();
    expect(readMark(undefined)).toBeUndefined();
  });
});

describe("listing selections", () => {
  it("tells whose each is, and finds the name behind a successor's", async () => {
    const items = await list(
      account({
        a: { name: "tagged", spec: smallest, requestId: markFor(3) },
        b: { name: "tagged.g2", spec: smallest, requestId: markFor(8) },
        c: { name: "by-hand.g2", spec: smallest, requestId: "4711" },
        d: { name: "taken-on", spec: smallest },
        e: { name: "theirs", spec: smallest, requestId: markFor(1, "daily/theirs", "umbrella") },
        f: { name: "moved", spec: smallest, requestId: markFor(1, "other/moved") },
      }).call,
      ["d"],
    );
    expect(items.map((item) => (isUnread(item) ? "unread" : [item.key.name, item.ownership]))).toEqual([
      ["daily/tagged", "ours"],
      ["daily/tagged", "ours"],
      ["daily/by-hand.g2", "none"],
      ["daily/taken-on", "ours"],
      ["daily/theirs", "foreign"],
      ["daily/moved", "none"],
    ]);
  });

  it("calls what is on an organization's plan foreign, and takes a plan's marks for its selections'", async () => {
    const theirs = account({ a: { name: "all", spec: smallest } }, { id: "orgs/1", name: "policy" });
    expect(await list(theirs.call)).toMatchObject([{ key: { name: "policy/all" }, ownership: "foreign" }]);
    expect(theirs.names()).not.toContain("ListTags");
    const stack = account({ a: { name: "all", spec: smallest } }, { tags: { "aws:cloudformation:stack-name": "s" } });
    expect(await list(stack.call)).toMatchObject([{ managedBy: "CloudFormation stack s" }]);
  });

  it("says what it could not read: one selection by name, or all that a plan may have", async () => {
    const world = account({ a: { name: "tagged.g2", spec: smallest, requestId: markFor(1) } });
    const late = answering({ ...world.answers, GetBackupSelection: () => refuse("missing") });
    expect(await list(late.call)).toEqual([
      { unread: "a", key, failure: expect.objectContaining({ kind: "missing" }) },
    ]);
    const denied = answering({ ...world.answers, ListBackupSelections: () => refuse("denied") });
    expect(await list(denied.call)).toEqual([
      { unread: "arn:p1", failure: expect.objectContaining({ kind: "denied" }) },
    ]);
  });

  it.each([smallest, fullest])("sees no drift in what it created itself", async (spec) => {
    const [item] = await list(account({ a: { name: "tagged", spec, requestId: markFor(1) } }).call);
    expect(selection.compare(spec, (item as Live).state)).toEqual([]);
  });
});

describe("making a selection", () => {
  const make = async (world: ReturnType<typeof account>, reportSequence = 5, spec = smallest) => {
    await selection.create!.run(
      world.call,
      target,
      wantedOf("selection", "daily/tagged", spec),
      namingOf(fleet, key, reportSequence),
    );
    return world.sent.find(([name]) => name === "CreateBackupSelection")?.[1];
  };

  it("names it plainly, marked with the generation of the report to come", async () => {
    expect(await make(account({}))).toMatchObject({
      BackupPlanId: "p1",
      BackupSelection: {
        SelectionName: "tagged",
        ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup" }],
      },
      CreatorRequestId: markFor(5),
    });
  });

  it("finds its own work after a lost answer, and makes nothing twice", async () => {
    expect(await make(account({ a: { name: "tagged", spec: smallest, requestId: markFor(5) } }))).toBeUndefined();
  });

  it("gives a successor a name and a generation of its own", async () => {
    expect(await make(account({ a: { name: "tagged", spec: fullest, requestId: markFor(2) } }))).toMatchObject({
      BackupSelection: { SelectionName: "tagged.g2" },
      CreatorRequestId: markFor(5),
    });
  });

  it("does not replay a generation that is taken within one report", async () => {
    const world = account({
      a: { name: "tagged", spec: fullest, requestId: markFor(5) },
      b: { name: "tagged.g2", spec: { ...fullest, resources: ["*"] }, requestId: markFor(6) },
    });
    expect(await make(world)).toMatchObject({
      BackupSelection: { SelectionName: "tagged.g3" },
      CreatorRequestId: markFor(7),
    });
  });

  it("puts a successor beside an adopted one", async () => {
    expect(await make(account({ a: { name: "tagged", spec: fullest } }))).toMatchObject({
      BackupSelection: { SelectionName: "tagged.g2" },
      CreatorRequestId: markFor(5),
    });
  });

  it("makes nothing where its plan is not there", async () => {
    await expect(make(account({}, { name: "other", tags: {} }))).rejects.toMatchObject({
      failure: { kind: "missing" },
    });
  });

  it("finds a removed one removed", async () => {
    const { call, sent } = answering({ DeleteBackupSelection: () => refuse("missing") });
    await selection.remove!.run(
      call,
      target,
      liveOf("selection", "daily/tagged", { planId: "p1", selectionName: "tagged", generation: 1, iamRoleArn: "r" }),
    );
    expect(sent).toEqual([["DeleteBackupSelection", { BackupPlanId: "p1", SelectionId: "selection:daily/tagged" }]]);
  });
});

const stateOf = (generation: number, spec: Partial<SelectionSpec> = {}): SelectionState => ({
  planId: "p1",
  selectionName: "s",
  generation,
  iamRoleArn: "r",
  ...spec,
});

describe("two of ours under one name", () => {
  it("are one and what it succeeds, by generation", () => {
    const [old, adopted, newest] = [stateOf(2), stateOf(0), stateOf(7)].map((state, at) => ({
      ...liveOf("selection", "daily/tagged", state),
      id: String(at),
    }));
    const { current, superseded } = selection.succession!([old!, adopted!, newest!]);
    expect([current.map(({ id }) => id), superseded.map(({ id }) => id)]).toEqual([["2"], ["0", "1"]]);
  });

  it("are both told where neither came later", () => {
    const { current } = selection.succession!([
      liveOf("selection", "daily/tagged", stateOf(0)),
      liveOf("selection", "daily/tagged", stateOf(0)),
    ]);
    expect(current).toHaveLength(2);
  });
});

describe("what stands in the way of a selection", () => {
  const many = (count: number, spec: Partial<SelectionSpec> = {}): Live[] =>
    Array.from({ length: count }, (_, at) => liveOf("selection", `daily/s${at}`, stateOf(1, spec)));
  const tagged = { listOfTags: [{ key: "k", value: "v" }] };
  const conditional = {
    iamRoleArn: smallest.iamRoleArn,
    resources: ["*"],
    conditions: { stringEquals: [{ key: "aws:ResourceTag/k", value: "v" }] },
  };
  const plan = liveOf("plan", "daily", { rules: [] });
  it.each<[string, "create" | "replace", SelectionSpec, Live[], string[], string]>([
    ["the 99th", "create", fullest, many(98), [], "one slot stays free"],
    ["the 100th", "create", fullest, many(99), ["no-room"], "its replacement would find no slot"],
    ["a successor of one of 99", "replace", fullest, many(99), [], "it takes the free slot for a while"],
    ["a successor of one of 100", "replace", fullest, many(100), ["no-room"], "nothing is deleted first"],
    ["the ninth by tag", "create", smallest, many(8, tagged), [], "one slot stays free"],
    ["the tenth by tag", "create", smallest, many(9, tagged), ["no-room"], "AWS allows ten"],
    [
      "the tenth by a tag's conditions",
      "create",
      conditional,
      many(9, conditional),
      ["no-room"],
      "AWS may count them too",
    ],
    [
      "a tenth without tags",
      "create",
      { iamRoleArn: smallest.iamRoleArn, resources: ["*"] },
      many(9, tagged),
      [],
      "only those by tag count",
    ],
  ])("%s", (_what, action, spec, beside, reasons, because) => {
    const view = viewOf({ live: [plan, ...beside] });
    const found = selection.bars({ action, key, spec, fields: [], view, now: new Date(0) });
    expect({ because, reasons: found.map(({ reason }) => reason) }).toEqual({ because, reasons });
  });

  it("is a plan that is nowhere, or a name that leaves no room for a successor's", () => {
    const bars = (name: string, live: Live[], incomplete: string[] = []) =>
      selection.bars({
        action: "create",
        key: { ...key, name },
        spec: fullest,
        fields: [],
        view: viewOf({ live, incomplete }),
        now: new Date(0),
      });
    expect(bars("daily/tagged", [])).toMatchObject([{ reason: "cannot-mend" }]);
    expect(bars("daily/tagged", [], ["plan"])).toMatchObject([{ reason: "unknown-state" }]);
    expect(bars(`daily/${"x".repeat(45)}`, [plan])).toEqual([]);
    expect(bars(`daily/${"x".repeat(46)}`, [plan])).toMatchObject([{ reason: "cannot-mend" }]);
  });

  it("is what its plan does to resources that are new to it, and only to those", () => {
    const hazards = (rule: object, fields: Parameters<typeof selection.hazards>[0]["fields"] | "create") =>
      selection.hazards({
        action: fields === "create" ? "create" : "replace",
        key,
        spec: fullest,
        fields: fields === "create" ? [] : fields,
        view: viewOf({ wanted: [wantedOf("plan", "daily", { rules: [rule] })] }),
        now: new Date(0),
      });
    const field = (effect: "strengthens" | "weakens") => [
      { path: "resources", live: [], desired: [], effect, on: "replace", hazards: [] } as const,
    ];
    expect(hazards({ enableContinuousBackup: true }, "create")).toEqual(["interrupts"]);
    expect(hazards({ lifecycle: { moveToColdStorageAfterDays: 30 } }, field("strengthens"))).toEqual(["irreversible"]);
    expect(hazards({ enableContinuousBackup: true }, field("weakens"))).toEqual([]);
    expect(hazards({}, "create")).toEqual([]);
  });
});
