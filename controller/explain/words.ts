import type { Candidate } from "../kinds/selection/evaluate.ts";
import type { TagTest } from "../kinds/selection/conditions.ts";
import type { Verdict } from "../kinds/selection/verdict.ts";
import { CONDITION_PREFIX, testedTag } from "../kinds/tag-conditions.ts";

/** Why a selection takes a resource in, leaves it out, or cannot be told, in one sentence without its end. */
export function becauseText({ because }: Verdict, { types, tags }: Candidate): string {
  if ("by" in because)
    return because.by === "pattern"
      ? `${because.pattern} names it`
      : `its tag ${because.key}=${because.value} names it`;
  switch (because.why) {
    case "unsupported":
      return "AWS Backup does not protect its type";
    case "unnamed":
      return "no pattern and no tag of it names the resource";
    case "excluded":
      return `notResources leaves it out by ${because.pattern}`;
    case "condition":
      return `${testText(because.test)}, and ${because.found === undefined ? "it has no such tag" : `it is ${shown(because.found)}`}`;
    case "restore-test":
      return "AWS Backup's own restore test made it, and plans pass those over";
    case "opt-in":
      return `the Region has not opted in to ${because.types.join(" or ")}, and nothing in it names the type`;
    case "tags-unread":
      return tags === undefined ? "its tags could not be read" : "its tags cannot be told";
    case "opt-ins-unread":
      return "the Region's opt-ins could not be read";
    case "opt-in-unclear":
      return `the Region has opted in to some of ${types.join(", ")} only, and its ARN does not tell which it is`;
    case "pattern-unclear":
      return `AWS does not say whether ${because.pattern} matches, or goes before the Region's opt-in`;
    case "key-unclear":
      return because.key.startsWith(CONDITION_PREFIX)
        ? `its listed tag ${because.key} has a condition's prefix`
        : `its condition ${because.key} lacks the prefix ${CONDITION_PREFIX}`;
    case "names-nothing":
      return "it names neither resources nor tags";
    default:
      return because satisfies never;
  }
}

const TEST_WORDS: Readonly<Record<TagTest["operator"], string>> = {
  stringEquals: "must be",
  stringNotEquals: "must not be",
  stringLike: "must be like",
  stringNotLike: "must not be like",
};

const testText = ({ operator, key, value }: TagTest): string =>
  `its tag ${testedTag(key)} ${TEST_WORDS[operator]} ${shown(value)}`;

/** An empty value, or one with a space at its end, would not be seen. */
const shown = (value: string): string => (/^\S(.*\S)?$/.test(value) ? value : `"${value}"`);
