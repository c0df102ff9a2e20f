import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSelection } from "../../../controller/kinds/selection/document.ts";
import { compileSelection, evaluate } from "../../../controller/kinds/selection/evaluate.ts";
import { holds } from "../../laws/cases.ts";
import { picks } from "../../simulator/backup/matching.ts";
import { anyCase, type Case, POSSIBLE_TAGS } from "./cases.ts";
import { READINGS, type Resource, type Selection, takesIn } from "./oracle.ts";

/** Every world in which what was read is so: one, where everything was read and AWS leaves nothing open. */
function* worldsOf({ resource: { arn, types, tags }, optIns }: Case): Generator<Resource> {
  for (const type of types.length === 0 ? [undefined] : types)
    for (const its of tags === undefined ? POSSIBLE_TAGS : [tags]) {
      const known = type === undefined ? false : optIns?.[type];
      for (const optedIn of known === undefined ? [true, false] : [known])
        yield { arn, type, tags: new Map(Object.entries(its)), optedIn };
    }
}

function possibleAnswers(one: Case): ReadonlySet<boolean> {
  const selection = toSelection("one", one.spec) as Selection;
  const answers = new Set<boolean>();
  for (const world of worldsOf(one))
    for (const reading of READINGS) {
      answers.add(takesIn(selection, world, reading));
      if (answers.size === 2) return answers;
    }
  return answers;
}

const verdictOf = ({ spec, resource, optIns }: Case) => evaluate(compileSelection(spec), resource, optIns);
const sortOf = (one: Case): string => {
  const { taken, because } = verdictOf(one);
  return `${taken}: ${"why" in because ? because.why : because.by}`;
};
const isAllRead = ({ resource, optIns }: Case): boolean =>
  resource.tags !== undefined && optIns !== undefined && resource.types.every((type) => type in optIns);

/** Every verdict with its reason. A generator that never comes to one tests nothing of it. */
const SORTS = [
  "yes: pattern",
  "yes: tag",
  "no: unsupported",
  "no: unnamed",
  "no: excluded",
  "no: condition",
  "no: restore-test",
  "no: opt-in",
  "unknown: tags-unread",
  "unknown: opt-ins-unread",
  "unknown: opt-in-unclear",
  "unknown: pattern-unclear",
  "unknown: key-unclear",
  "unknown: names-nothing",
];

describe("the evaluator", () => {
  it("says yes or no only where the documentation says so in every world, and comes to every verdict with every reason", async () => {
    const seen = new Map<string, number>();
    let careful = 0;
    await holds("selections as AWS documents them", 20_000, anyCase, JSON.stringify, async (one) => {
      const { taken } = verdictOf(one);
      const answers = possibleAnswers(one);
      const wrong = taken === "unknown" ? [] : [...answers].filter((answer) => answer !== (taken === "yes"));
      expect(wrong).toEqual([]);
      if (taken === "unknown" && answers.size === 1 && isAllRead(one)) careful += 1;
      seen.set(sortOf(one), (seen.get(sortOf(one)) ?? 0) + 1);
      return { sort: taken };
    });
    // One open question asked twice may answer itself, such as a pattern of odd form that is both taken in and left out.
    expect(careful).toBeLessThan(20);
    const rare = SORTS.filter((sort) => (seen.get(sort) ?? 0) < 20);
    expect({ rare, unforeseen: [...seen.keys()].filter((sort) => !SORTS.includes(sort)) }).toEqual({
      rare: [],
      unforeseen: [],
    });
  });

  it("never contradicts the simulator, which others wrote", () => {
    const agreed = { yes: 0, no: 0 };
    for (const one of fc.sample(anyCase, { numRuns: 6_000, seed: 2 })) {
      const { taken } = verdictOf(one);
      if (!isAllRead(one) || taken === "unknown") continue;
      agreed[taken] += 1;
      const { arn, types, tags = {} } = one.resource;
      const optIns = new Map(Object.entries(one.optIns ?? {}));
      const selection = toSelection("one", one.spec);
      const picked = types.map((type) => picks(selection, { arn, type, tags, sizeBytes: 1 }, optIns));
      expect({ one, picked }).toEqual({ one, picked: picked.map(() => taken === "yes") });
    }
    expect(Math.min(agreed.yes, agreed.no)).toBeGreaterThan(700);
  });

  it("takes own tags only, whatever a key is called", () => {
    const selection = compileSelection({ listOfTags: [{ key: "constructor", value: "x" }] });
    const resource = { arn: "arn:aws:s3:::b", types: ["S3"], tags: {} };
    expect(evaluate(selection, resource, { S3: true })).toEqual({ taken: "no", because: { why: "unnamed" } });
  });
});
