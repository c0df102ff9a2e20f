import { CONDITION_PREFIX, testedTag } from "../tag-conditions.ts";
import { type Passes, passing, type TagTest, testsOf } from "./conditions.ts";
import { type Answer, passesOptIn, sharesForm } from "./opt-in.ts";
import { type Fits, fitting, isDocumented } from "./pattern.ts";
import type { SelectionSpec, TagCondition } from "./spec.ts";
import type { Bar, Doubt, Naming, Verdict } from "./verdict.ts";

/** A resource that a plan might protect. */
export interface Candidate {
  readonly arn: string;
  /** What AWS Backup may call its type: one, several where an ARN does not tell them apart, none where it protects no such thing. */
  readonly types: readonly string[];
  /** Absent where they could not be read: that is not the same as having none (law 1). */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A Region's opt-ins by type, as DescribeRegionSettings tells them. */
export type OptIns = Readonly<Record<string, boolean>>;

/** A selection made ready for many resources. */
export interface CompiledSelection {
  readonly resources: readonly Pattern[];
  readonly notResources: readonly Pattern[];
  readonly tags: readonly TagCondition[];
  readonly conditions: readonly Condition[];
}

interface Pattern {
  readonly pattern: string;
  readonly fits: Fits;
  readonly documented: boolean;
  readonly passesOptIn: Answer;
}

interface Condition {
  readonly test: TagTest;
  /** The tag that is tested. */
  readonly tag: string;
  /** The key has not the prefix that AWS wants. */
  readonly bare: boolean;
  readonly passes: Passes;
}

const RESTORE_TEST = "awsbackup-restore-test";

export const compileSelection = (spec: Omit<SelectionSpec, "iamRoleArn">): CompiledSelection => ({
  resources: (spec.resources ?? []).map(compilePattern),
  notResources: (spec.notResources ?? []).map(compilePattern),
  tags: spec.listOfTags ?? [],
  conditions: testsOf(spec.conditions).map((test) => ({
    test,
    tag: testedTag(test.key),
    bare: !test.key.startsWith(CONDITION_PREFIX),
    passes: passing(test),
  })),
});

const compilePattern = (pattern: string): Pattern => ({
  pattern,
  fits: fitting(pattern),
  documented: isDocumented(pattern),
  passesOptIn: passesOptIn(pattern),
});

/**
 * Whether a selection takes a resource in (semantics §3.2–3.4): named by a pattern or a tag, by no pattern left out, passing every
 * condition, of a type that the Region has opted in to or that the pattern names, and no leftover of a restore test. One thing that
 * keeps it out is enough, whatever else cannot be told. `optIns` is absent where they could not be read.
 */
export function evaluate(selection: CompiledSelection, resource: Candidate, optIns: OptIns | undefined): Verdict {
  if (resource.types.length === 0) return UNSUPPORTED;
  const named = naming(selection, resource, optIns);
  if (named.as === "unnamed") return UNNAMED;
  let doubt: Kept | undefined;
  for (const kept of [condition, exclusion, restoreTest]) {
    const found = kept(selection, resource);
    if (found?.taken === "no") return found;
    doubt ??= found;
  }
  if (named.as === "opted-out") return out({ why: "opt-in", types: resource.types });
  if (named.as === "doubtful") return unsure(named.doubt);
  return doubt ?? { taken: "yes", because: named.naming };
}

type Kept = Exclude<Verdict, { taken: "yes" }>;
const out = (because: Bar): Kept => ({ taken: "no", because });
const unsure = (because: Doubt): Kept => ({ taken: "unknown", because });
const UNSUPPORTED = out({ why: "unsupported" });
const UNNAMED = out({ why: "unnamed" });

type Named =
  | { readonly as: "named"; readonly naming: Naming }
  | { readonly as: "unnamed" }
  | { readonly as: "doubtful"; readonly doubt: Doubt }
  /** Named, but by nothing that goes before the Region's opt-in. */
  | { readonly as: "opted-out" };

/** Whether anything names the resource that need not wait for the Region's opt-in, or need not any longer. */
function naming(selection: CompiledSelection, resource: Candidate, optIns: OptIns | undefined): Named {
  let fallback: Named = { as: "unnamed" };
  for (const found of namings(selection, resource, optIns)) {
    if (found.as === "named") return found;
    if (found.as === "doubtful" || fallback.as === "unnamed") fallback = found;
  }
  return fallback;
}

function namings({ resources, tags }: CompiledSelection, resource: Candidate, optIns: OptIns | undefined): Named[] {
  const patterns = resources.filter(({ fits }) => fits(resource.arn));
  const named = tags.filter((tag) => resource.tags === undefined || bears(resource.tags, tag));
  const silent = resources.length + tags.length === 0;
  if (patterns.length + named.length === 0 && !silent) return [];
  const optIn = optedIn(resource, optIns);
  const doubt = (why: Doubt): Named => (optIn.answer === "no" ? { as: "opted-out" } : { as: "doubtful", doubt: why });
  if (silent) return [doubt({ why: "names-nothing" })];
  return [
    ...patterns.map((pattern) => namedByPattern(pattern, resource, optIn)),
    ...named.map((tag) => (resource.tags === undefined ? doubt({ why: "tags-unread" }) : namedByTag(tag, optIn))),
  ];
}

const bears = (tags: Readonly<Record<string, string>>, { key, value }: TagCondition): boolean =>
  tagOf(tags, key) === value || tagOf(tags, testedTag(key)) === value;

/** A key with a condition's prefix is that tag's, or no tag's: people write it so, and AWS does not say what it does with it. */
function namedByTag({ key, value }: TagCondition, optIn: OptIn): Named {
  const named = waiting({ by: "tag", key, value }, optIn);
  const isClear = named.as !== "named" || !key.startsWith(CONDITION_PREFIX);
  return isClear ? named : { as: "doubtful", doubt: { why: "key-unclear", key } };
}

function namedByPattern(
  { pattern, documented, passesOptIn: passes }: Pattern,
  { arn }: Candidate,
  optIn: OptIn,
): Named {
  const before = passes === "no" ? "no" : unlessShared(passes, sharesForm(arn));
  const naming: Naming = { by: "pattern", pattern };
  const unclear: Named = { as: "doubtful", doubt: { why: "pattern-unclear", pattern } };
  if (before === "no") {
    const named = waiting(naming, optIn);
    return named.as === "named" && !documented ? unclear : named;
  }
  return documented && (before === "yes" || optIn.answer === "yes") ? { as: "named", naming } : unclear;
}

function unlessShared(passes: Answer, shared: Answer): Answer {
  if (shared === "yes") return "no";
  return shared === "no" ? passes : "unknown";
}

/** A naming that counts once the Region has opted in. */
function waiting(by: Naming, optIn: OptIn): Named {
  if (optIn.answer === "yes") return { as: "named", naming: by };
  return optIn.answer === "no" ? { as: "opted-out" } : { as: "doubtful", doubt: optIn.doubt };
}

type OptIn =
  { readonly answer: "yes" } | { readonly answer: "no" } | { readonly answer: "unknown"; readonly doubt: Doubt };

function optedIn({ types }: Candidate, optIns: OptIns | undefined): OptIn {
  if (optIns === undefined) return { answer: "unknown", doubt: { why: "opt-ins-unread" } };
  const answers = types.map((type) => (Object.hasOwn(optIns, type) ? optIns[type] : undefined));
  if (answers.every((answer) => answer === true)) return { answer: "yes" };
  if (answers.every((answer) => answer === false)) return { answer: "no" };
  return { answer: "unknown", doubt: { why: "opt-in-unclear", types } };
}

function exclusion({ notResources }: CompiledSelection, { arn }: Candidate): Kept | undefined {
  const fitting = notResources.filter(({ fits }) => fits(arn));
  const sure = fitting.find(({ documented }) => documented);
  if (sure) return out({ why: "excluded", pattern: sure.pattern });
  const [unclear] = fitting;
  return unclear && unsure({ why: "pattern-unclear", pattern: unclear.pattern });
}

function condition({ conditions }: CompiledSelection, { tags }: Candidate): Kept | undefined {
  if (tags === undefined) return conditions.length > 0 ? unsure({ why: "tags-unread" }) : undefined;
  let doubt: Kept | undefined;
  for (const { test, tag, bare, passes } of conditions) {
    const found = tagOf(tags, tag);
    // A key without its prefix is that tag's or no tag's: where both come to the same, nothing is open.
    const answers = bare ? [passes(found), passes(undefined)] : [passes(found)];
    if (!answers.includes(true)) return out({ why: "condition", test, ...(found === undefined ? {} : { found }) });
    if (answers.includes(false)) doubt ??= unsure({ why: "key-unclear", key: test.key });
  }
  return doubt;
}

/** What AWS Backup's own restore tests made is left out, by its name or its tag (Developer Guide, "Restore testing"). */
function restoreTest(_selection: CompiledSelection, { arn, tags }: Candidate): Kept | undefined {
  if (arn.includes(RESTORE_TEST) && /[^:/]*$/.exec(arn)?.[0].startsWith(RESTORE_TEST) === true)
    return out({ why: "restore-test" });
  if (tags === undefined) return unsure({ why: "tags-unread" });
  return tagOf(tags, RESTORE_TEST) === undefined ? undefined : out({ why: "restore-test" });
}

const tagOf = (tags: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(tags, key) ? tags[key] : undefined;
