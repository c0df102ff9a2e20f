import { describe, expect, it } from "vitest";
import { destructionId, destructionMark } from "../../../controller/domain/change.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import { RecoveryPointRuleSpec } from "../../../controller/kinds/recovery-point/spec.ts";
import { source } from "../answers.ts";
import { DAY, row, ruleOf, settled, vaultArn } from "./facts.ts";

/** Rule 6: what makes one exact destruction, and what only stands beside it. */

type Spec = Parameters<typeof ruleOf>[0];
const SPEC: Spec = {
  retention: { atMostDays: 30 },
  orphans: { when: ["expired"], action: "delete", grace: "14d" },
};
const due = row({ status: "EXPIRED", statusMessage: "denied", roleArn: "arn:aws:iam::444455556666:role/backup" });
const newer = row({ arn: "newer", createdOn: DAY });

function destructionOf(
  more: Partial<RecoveryPointRow> = {},
  { spec = SPEC, name = "policy", vault = "nightly", others = [newer] as readonly RecoveryPointRow[] } = {},
) {
  const one = { ...due, ...more };
  const { findings } = settled([one, ...others], [ruleOf(spec, { name })], { name: vault });
  const found = findings.find(({ subject, mend }) => subject === one.arn && mend?.destruction);
  return found!.mend!.destruction!;
}
const idOf = (...given: Parameters<typeof destructionOf>) => destructionId(destructionOf(...given), null);

describe("the id of a deletion", () => {
  const id = idOf();

  it("is over what rule 6 names, and nothing else", () => {
    expect(destructionOf().identity).toEqual({
      partition: "aws",
      vault: vaultArn("nightly"),
      point: due.arn,
      createdOn: 0,
      action: "delete",
      cause: "expired",
      policy: "policy",
      block: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each<[string, string]>([
    ["its point", idOf({ arn: "arn:aws:ec2:eu-west-1::snapshot/snap-2" })],
    ["its creation", idOf({ createdOn: 1 })],
    ["its vault", idOf({}, { vault: "other" })],
    ["its policy's name", idOf({}, { name: "renamed" })],
    [
      "its policy's grace",
      idOf({}, { spec: { ...SPEC, orphans: { when: ["expired"], action: "delete", grace: "30d" } } }),
    ],
    ["its policy's retention", idOf({}, { spec: { ...SPEC, retention: { atMostDays: 31 } } })],
    ["whether anything is deleted, and when: a date", destructionId(destructionOf(), "1970-02-01T00:00:00.000Z")],
  ])("changes with %s", (_what, other) => expect(other).not.toBe(id));

  it.each<[string, string]>([
    ["its status message", idOf({ statusMessage: "throttled" })],
    ["its size", idOf({ bytes: 1_000_000 })],
    ["its retention", idOf({ deleteAfterDays: 8, deleteOn: 5 })],
    ["its key", idOf({ keyArn: "arn:key" })],
    ["what is newer", idOf({}, { others: [newer, row({ arn: "newest", createdOn: 2 * DAY })] })],
    [
      "a default of its policy spelled out",
      idOf(
        {},
        {
          spec: {
            ...SPEC,
            orphans: { when: ["expired"], action: "delete", grace: "14d", minMissing: "30d", keepLast: 1 },
          },
        },
      ),
    ],
    [
      "what else its policy asks for",
      idOf({}, { spec: { ...SPEC, tags: { owner: "platform" }, match: { resourceTypes: ["EBS"] } } }),
    ],
  ])("does not change with %s", (_what, other) => expect(other).toBe(id));

  it("does not change with where the policy is written", () => {
    expect(JSON.stringify(destructionOf())).not.toContain(source.path);
  });
});

describe("a shortening", () => {
  const long = row({ deleteAfterDays: 365 });
  const of = (more: Partial<RecoveryPointRow> = {}) =>
    settled([{ ...long, ...more }, newer], [ruleOf(SPEC)]).findings.find(({ mend }) => mend?.step === "shorten")!.mend!
      .destruction!;

  it("keeps one mark whatever its date, and one id a date", () => {
    const [first, second] = ["1970-02-01T00:00:00.000Z", "1970-02-02T00:00:00.000Z"].map((on) =>
      destructionId(of(), on),
    );
    expect(first).not.toBe(second);
    expect(destructionMark(of({ bytes: 5 }))).toBe(destructionMark(of()));
  });

  it("of a point kept for ever has a cause of its own", () => {
    expect([of().identity["cause"], of({ deleteAfterDays: undefined }).identity["cause"]]).toEqual([
      "tooLong",
      "neverExpires",
    ]);
  });
});

describe("beside the id", () => {
  it("stand status, size, and how many are newer, as far as the policy keeps any", () => {
    expect(destructionOf().beside).toEqual({ status: "EXPIRED", rank: 1, bytes: 10 });
    expect(destructionOf({}, { others: [] }).beside.rank).toBe(0);
    const many = [1, 2, 3].map((day) => row({ arn: `newer-${day}`, createdOn: day * DAY }));
    expect(destructionOf({}, { others: many }).beside.rank, "more than kept do not count").toBe(1);
  });

  it.each<[string, Spec["orphans"], number]>([
    ["the policy's own", { when: ["expired"], action: "delete", grace: "30d" }, 30 * DAY],
    ["fourteen days where it says nothing", { when: ["expired"], action: "delete" }, 14 * DAY],
    ["72 hours at least", { when: ["expired"], action: "delete", grace: "72h" }, 3 * DAY],
  ])("a grace of %s", (_what, orphans, graceMs) => {
    expect(destructionOf({}, { spec: { ...SPEC, ...(orphans ? { orphans } : {}) } }).graceMs).toBe(graceMs);
  });

  it("a state that is another once what AWS says of the refusal is", () => {
    const { state } = destructionOf();
    expect(destructionOf({ statusMessage: "another" }).state).not.toBe(state);
    expect(destructionOf({ roleArn: "arn:aws:iam::444455556666:role/other" }).state).not.toBe(state);
    expect(destructionOf({ bytes: 99 }).state).toBe(state);
  });
});

it.each([
  ["less grace than 72 h", { orphans: { when: ["expired"], grace: "71h" } }],
  ["a day's sighting that is none", { orphans: { when: ["expired"], minMissing: "23h" } }],
  ["no cause", { orphans: { when: [] } }],
  ["no cause said", { orphans: {} }],
  ["keeping none", { orphans: { when: ["expired"], keepLast: 0 } }],
])("a policy cannot ask for %s", (_what, spec) => {
  expect(RecoveryPointRuleSpec.safeParse({ match: {}, ...spec }).success).toBe(false);
});
