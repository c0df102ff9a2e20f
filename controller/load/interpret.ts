import type { Problem } from "../domain/desired.ts";
import { limitProblems } from "./limits/limit.ts";
import { memberOf, placesOf, plain, showPlace, type Located } from "./located.ts";
import { suspensionProblem } from "./management.ts";
import type { PlacedManifest } from "./manifest.ts";
import { ENVELOPE, UNPATCHABLE, type PlacedSpec } from "./manifests/common.ts";
import type { Setting } from "./manifests/manifest-kind.ts";
import { mergePatch } from "./merge-patch.ts";
import { errorAt, hasErrors } from "./problems.ts";
import { schemaProblems } from "./schema-problems.ts";
import { SPECIMEN, substitute, type Values } from "./variables.ts";

/** A manifest's spec as it is for some values of its variables, with some of its overrides; undefined where it does not parse. */
export interface Reading {
  readonly spec: PlacedSpec | undefined;
  readonly problems: readonly Problem[];
}

/** Looks at a manifest by itself: before any target is known, with every override alone. */
export function inspect(manifest: PlacedManifest, now: Date | undefined): Reading {
  const setting = { target: undefined, now };
  const base = interpret(manifest, [], SPECIMEN, setting);
  if (!base.spec) return base;
  const ownProblems = (base.spec.overrides ?? []).flatMap((_, index) => [
    ...patchProblems(manifest, index),
    ...withoutTwins(interpret(manifest, [index], SPECIMEN, setting).problems, base.problems),
  ]);
  return { spec: base.spec, problems: [...base.problems, ...ownProblems] };
}

/** Reads a manifest's spec with these of its overrides, in order. What only an override made wrong points at that override. */
export function interpret(
  manifest: PlacedManifest,
  overrides: readonly number[],
  values: Values,
  setting: Setting,
): Reading {
  const parsed = parse(manifest, overrides, values);
  return { spec: parsed.spec, problems: judge(manifest, overrides, parsed, values, setting) };
}

/** A spec parsed, which takes the values of its variables alone: targets that agree on those can share it. */
export interface Parsed extends Reading {
  readonly located: Located;
}

export function parse({ kind, spec }: PlacedManifest, overrides: readonly number[], values: Values): Parsed {
  const { located, problems } = withValues(merge(spec, overrides), values);
  const parsed = kind.spec.safeParse(plain(located), { reportInput: true });
  if (parsed.success) return { spec: parsed.data, located, problems };
  // A variable that could not be put in leaves text that no pattern takes: the cause is enough.
  const known = new Set(problems.map(showPlace));
  const found = schemaProblems(parsed.error.issues, { root: located, called: "spec", names: kind.fieldNames });
  return { spec: undefined, located, problems: [...problems, ...found.filter((one) => !known.has(showPlace(one)))] };
}

/** Everything wrong with a parsed spec in a setting. */
export function judge(
  manifest: PlacedManifest,
  overrides: readonly number[],
  parsed: Parsed,
  values: Values,
  setting: Setting,
): readonly Problem[] {
  const problems = [...parsed.problems, ...beyondSchema(manifest, parsed, setting)];
  return problems.length === 0 || overrides.length === 0
    ? problems
    : blamed(manifest, overrides, problems, values, setting);
}

function beyondSchema({ kind, name }: PlacedManifest, parsed: Parsed, setting: Setting): readonly Problem[] {
  const { spec, located } = parsed;
  if (!spec) return [];
  const suspended = suspensionProblem(spec, located);
  const limits = limitProblems(kind.limits(name, spec, setting), located);
  return suspended ? [suspended, ...limits] : limits;
}

/** Spec with overrides merged in, as RFC 7396 has it. */
export const merge = (spec: Located, overrides: readonly number[]): Located =>
  overrides.reduce<Located>((merged, index) => {
    const patch = patchOf(spec, index);
    return patch ? mergePatch(merged, patch) : merged;
  }, spec);

function patchOf(spec: Located, index: number): Located | undefined {
  const list = memberOf(spec, "overrides")?.value;
  return list?.type === "list" ? memberOf(list.items[index], "patch")?.value : undefined;
}

/** Puts values in the parts of a spec that say what, not in those that say where and how. */
function withValues(spec: Located, values: Values): ReturnType<typeof substitute> {
  if (spec.type !== "map") return { located: spec, problems: [] };
  const body = substitute({ ...spec, members: spec.members.filter(({ name }) => !ENVELOPE.has(name)) }, values);
  const members = [
    ...spec.members.filter(({ name }) => ENVELOPE.has(name)),
    ...(body.located.type === "map" ? body.located.members : []),
  ];
  return { located: { ...spec, members }, problems: body.problems };
}

function patchProblems({ spec }: PlacedManifest, index: number): readonly Problem[] {
  const patch = patchOf(spec, index);
  return UNPATCHABLE.flatMap((name) => {
    const member = memberOf(patch, name);
    return member ? [errorAt(member.at, `an override may not patch ${name}`, "say where a manifest applies once")] : [];
  });
}

/** Points each problem that the manifest does not have by itself at the override that brought it. */
function blamed(
  manifest: PlacedManifest,
  overrides: readonly number[],
  problems: readonly Problem[],
  values: Values,
  setting: Setting,
): readonly Problem[] {
  const problemsWith = (some: readonly number[]): readonly Problem[] => {
    const parsed = parse(manifest, some, values);
    return [...parsed.problems, ...beyondSchema(manifest, parsed, setting)];
  };
  const upTo = overrides.map((_, count) => problemsWith(overrides.slice(0, count + 1)));
  const own = problemsWith([]);
  return problems.map((problem) => {
    if (own.some((one) => isTwin(one, problem))) return problem;
    const culprit = overrides[upTo.findIndex((found) => found.some((one) => isTwin(one, problem)))];
    const patch = culprit === undefined ? undefined : patchOf(manifest.spec, culprit);
    if (!patch || new Set(placesOf(patch)).has(showPlace(problem))) return problem;
    const { line, column, path } = patch.at;
    return { ...problem, path, line, column, message: `with this override, ${problem.message}` };
  });
}

const isTwin = (a: Problem, b: Problem): boolean => showPlace(a) === showPlace(b) && a.message === b.message;

const withoutTwins = (problems: readonly Problem[], known: readonly Problem[]): readonly Problem[] =>
  problems.filter((problem) => !known.some((one) => isTwin(one, problem)));

export const isSound = ({ spec, problems }: Reading): boolean => spec !== undefined && !hasErrors(problems);
