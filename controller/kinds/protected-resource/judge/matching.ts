import type { Rule } from "../../../domain/desired.ts";
import { fitsAny } from "../../../domain/wildcards.ts";
import type { ResourceRow } from "../row.ts";
import type { Match, ProtectedResourceRuleSpec } from "../spec.ts";

export type CoverageRule = Rule<ProtectedResourceRuleSpec>;

/** unknown: it depends on tags or on a type that nobody could read. */
export type Answer = "yes" | "no" | "unknown";

/** A policy's match, made ready for many resources. */
export function matcher({ resourceTypes, tags, resources, exclude }: Match): (row: ResourceRow) => Answer {
  const named = fitsAny(resources ?? ["*"]);
  const left = fitsAny(exclude?.resources ?? []);
  const [all, any, none] = [tests(tags?.all), tests(tags?.any), tests(exclude?.tags)];
  return (row) => {
    if (!named(row.arn) || left(row.arn)) return "no";
    const typed = resourceTypes === undefined ? "yes" : isOfType(row.type, resourceTypes);
    if (typed === "no" || all.length + any.length + none.length === 0) return typed;
    if (row.tags === undefined) return "unknown";
    const { tags: found } = row;
    const fits = (test: Test): boolean => test(found);
    return all.every(fits) && (any.length === 0 || any.some(fits)) && !none.some(fits) ? typed : "no";
  };
}

/** Of a form of ARN that several types share, some may be meant and others not. */
function isOfType(type: string, wanted: readonly string[]): Answer {
  const could = type.split(", ");
  if (could.every((one) => wanted.includes(one))) return "yes";
  return could.some((one) => wanted.includes(one)) ? "unknown" : "no";
}

type Test = (tags: Readonly<Record<string, string>>) => boolean;

const tests = (record: Readonly<Record<string, string | readonly string[]>> = {}): readonly Test[] =>
  Object.entries(record).map(([key, values]) => {
    const fits = fitsAny(typeof values === "string" ? [values] : values);
    return (tags) => {
      const found = Object.hasOwn(tags, key) ? tags[key] : undefined;
      return found !== undefined && fits(found);
    };
  });
