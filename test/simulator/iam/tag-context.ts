import type { ConditionContext } from "./conditions.ts";

type Tags = Readonly<Record<string, string>>;

/** `aws:RequestTag/…`, `aws:ResourceTag/…` and `aws:TagKeys` of a call; `removed` are keys that it takes away. */
export function tagContext(
  requested: Tags,
  existing: Tags | undefined,
  removed: readonly string[] = [],
): ConditionContext {
  const keys = [...Object.keys(requested), ...removed];
  return {
    ...prefixed("aws:RequestTag/", requested),
    ...prefixed("aws:ResourceTag/", existing ?? {}),
    "aws:TagKeys": keys.length === 0 ? undefined : keys,
  };
}

function prefixed(prefix: string, tags: Tags): ConditionContext {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]));
}
