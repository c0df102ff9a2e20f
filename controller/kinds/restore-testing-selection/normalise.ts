import { canonical, digestOf } from "../../domain/digest.ts";
import { present } from "../present.ts";
import type { Conditions, RestoreTestingSelectionSpec, TagCondition } from "./spec.ts";

/** Lists as the sets they are, the wildcard spelled out, and nothing where AWS reads back empty lists. */
export const normaliseTestingSelection = (spec: RestoreTestingSelectionSpec): RestoreTestingSelectionSpec =>
  present({
    protectedResourceType: spec.protectedResourceType,
    iamRoleArn: spec.iamRoleArn,
    protectedResourceArns: asSet(spec.protectedResourceArns) ?? ["*"],
    protectedResourceConditions: normaliseConditions(spec.protectedResourceConditions),
    restoreMetadataOverrides: veiled(spec.restoreMetadataOverrides),
    validationWindowHours: spec.validationWindowHours ?? 0,
  });

function normaliseConditions({ stringEquals, stringNotEquals }: Conditions = {}): Conditions | undefined {
  const conditions: Conditions = { stringEquals: asSet(stringEquals), stringNotEquals: asSet(stringNotEquals) };
  return (conditions.stringEquals ?? conditions.stringNotEquals) ? conditions : undefined;
}

type Overrides = RestoreTestingSelectionSpec["restoreMetadataOverrides"];

const VEILED = /^sha256:[0-9a-f]{64}$/;

/**
 * Keys in one case, since AWS does not tell cases apart, and values as digests: AWS marks them as sensitive, and what is compared is shown
 * in reports.
 */
export function veiled(overrides: Overrides): Overrides {
  const entries = Object.entries(overrides ?? {}).map(
    ([key, value]) => [key.toLowerCase(), VEILED.test(value) ? value : `sha256:${digestOf(value)}`] as const,
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** In order, each once; an empty list is no list. */
function asSet<T extends string | TagCondition>(list: readonly T[] | undefined): T[] | undefined {
  const byText = new Map((list ?? []).map((element) => [canonical(element), element]));
  const sorted = [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, element]) => element);
  return sorted.length > 0 ? sorted : undefined;
}
