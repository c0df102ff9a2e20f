import { isDocumented } from "../../kinds/selection/pattern.ts";
import type { SelectionSpec } from "../../kinds/selection/spec.ts";
import { CONDITION_PREFIX } from "../../kinds/tag-conditions.ts";
import type { Path } from "../located.ts";
import type { Setting } from "../manifests/manifest-kind.ts";
import { refuse, warn, type Limit } from "./limit.ts";

/** AWS's quotas (semantics §0.6): patterns in one list, with a wildcard among them or without. */
const MOST_PATTERNS = 500;
const MOST_WILDCARD_PATTERNS = 30;
const MOST_TAGS = 30;
const MOST_CONDITIONS = 30;
/** AWS's 10 and 100 a plan; one slot stays free, so that a replacement can be made before the old one goes (rule 18). */
export const MOST_TAG_SELECTIONS = 9;
export const MOST_SELECTIONS = 99;

const OPERATORS = ["stringEquals", "stringNotEquals", "stringLike", "stringNotLike"] as const;

export function* selectionLimits(spec: SelectionSpec, path: Path, { target }: Setting): Generator<Limit> {
  const { resources = [], listOfTags = [] } = spec;
  if (resources.length + listOfTags.length === 0)
    yield refuse(
      path,
      "selects nothing: AWS wants resources or listOfTags",
      'to select by conditions alone, add resources: ["*"]',
    );
  yield* patternLimits([...path, "resources"], resources);
  yield* patternLimits([...path, "notResources"], spec.notResources ?? []);
  yield* tagLimits([...path, "listOfTags"], listOfTags);
  yield* conditionLimits([...path, "conditions"], spec.conditions);
  yield* unionLimits([...path, "listOfTags"], resources, listOfTags.length);
  const account = spec.iamRoleArn.split(":")[4];
  if (target && account !== target.account)
    yield refuse(
      [...path, "iamRoleArn"],
      "must be a role of the plan's own account: AWS passes no other",
      "write ${account} in it",
    );
}

function* patternLimits(path: Path, patterns: readonly string[]): Generator<Limit> {
  const wild = patterns.some((pattern) => pattern.includes("*"));
  const most = wild ? MOST_WILDCARD_PATTERNS : MOST_PATTERNS;
  if (patterns.length > most)
    yield refuse(
      path,
      `has ${patterns.length} entries: AWS takes ${MOST_PATTERNS} ARNs, or ${MOST_WILDCARD_PATTERNS} as soon as one has a wildcard`,
    );
  for (const [index, pattern] of patterns.entries()) yield* onePatternLimits([...path, index], pattern);
}

/** AWS documents `*` as a whole Region or account and at the end, nowhere else (semantics §3.3). */
function* onePatternLimits(path: Path, pattern: string): Generator<Limit> {
  if (pattern === "*") return;
  if (!/^arn:[^:]+:[^:]+:/.test(pattern)) {
    yield refuse(path, `must be an ARN, an ARN with wildcards, or *; found ${pattern}`);
    return;
  }
  if (!isDocumented(pattern))
    yield warn(
      path,
      `has a * that AWS does not document: it may match nothing. Found ${pattern}`,
      "use * for a whole Region or account, and one at the end",
    );
}

function* tagLimits(path: Path, tags: readonly { readonly key: string }[]): Generator<Limit> {
  if (tags.length > MOST_TAGS) yield refuse(path, `has ${tags.length} tags: AWS takes ${MOST_TAGS}`);
  for (const [index, { key }] of tags.entries())
    if (key.startsWith(CONDITION_PREFIX))
      yield refuse([...path, index, "key"], `is a bare tag key here: ${key.slice(CONDITION_PREFIX.length)}`);
}

function* conditionLimits(path: Path, conditions: SelectionSpec["conditions"]): Generator<Limit> {
  const all = OPERATORS.flatMap((operator) =>
    (conditions?.[operator] ?? []).map(({ key }, index) => ({ key, path: [...path, operator, index, "key"] })),
  );
  if (all.length > MOST_CONDITIONS) yield refuse(path, `has ${all.length} conditions: AWS takes ${MOST_CONDITIONS}`);
  for (const one of all)
    if (!one.key.startsWith(CONDITION_PREFIX))
      yield refuse(one.path, `must begin ${CONDITION_PREFIX}; found ${one.key}`, `${CONDITION_PREFIX}${one.key}`);
}

/** Resources and tags are a union in AWS, which people take for an intersection again and again. */
function* unionLimits(path: Path, resources: readonly string[], tags: number): Generator<Limit> {
  if (tags === 0) return;
  const hint = "to mean both, move the tags to conditions.stringEquals";
  if (resources.includes("*"))
    yield refuse(path, 'adds nothing to resources: ["*"]: AWS selects either, not both', hint);
  else if (resources.some((pattern) => pattern.includes("*")))
    yield warn(path, "selects beside the wildcards of resources, not among them: AWS selects either", hint);
}
