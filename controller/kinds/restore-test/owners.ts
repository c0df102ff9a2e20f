import type { Call } from "../../aws/operation.ts";
import { getTaggedResources } from "../../aws/owner-operations.ts";
import type { Finding } from "../../domain/change.ts";
import { AwsError } from "../../domain/errors.ts";
import { sameTarget, showTarget, type Target } from "../../domain/identity.ts";
import type { Settled } from "../../domain/inventory.ts";
import { ownerBy } from "../../domain/owner.ts";
import type { Examined, ExamineContext } from "../kind.ts";
import { placeOf } from "../place.ts";
import { tagsOf } from "../tagged.ts";
import type { RestoreTestRuleSpec } from "./spec.ts";

export const OWNER_TAGS = [getTaggedResources] as const;
type Reading = Call<typeof getTaggedResources>;
type Owners = ReadonlyMap<string, string>;

/**
 * Whose the resources are that something is wrong with the tests of, by the tags of what was backed up and not of what was restored. A copy
 * is restored in another account than its resource lives in, and that one is asked. Where nobody can tell, a finding is told without an owner.
 */
export async function withOwners(
  call: Reading,
  here: Target,
  parts: readonly Examined[],
  { rules, elsewhere }: ExamineContext<RestoreTestRuleSpec>,
): Promise<readonly Settled[]> {
  const [keys] = rules.flatMap(({ spec }) => (spec.ownerTags ? [spec.ownerTags] : []));
  if (!keys) return parts;
  const sources = new Set(parts.flatMap(({ findings }) => findings.map(sourceOf)).filter((arn) => arn !== ""));
  const places = Map.groupBy(sources, (arn) => showTarget(placeOf(arn) ?? here));
  const owners = new Map<string, string>();
  for (const arns of places.values()) {
    const place = placeOf(arns[0]!) ?? here;
    const there = sameTarget(place, here) ? call : (elsewhere(place) as Reading | undefined);
    if (there) for (const [arn, owner] of await ownersOf(there, arns, keys)) owners.set(arn, owner);
  }
  return parts.map((part) => ({ ...part, findings: part.findings.map((one) => owned(one, owners)) }));
}

const sourceOf = ({ of: { source, resource } }: Finding): string => source ?? resource;

function owned(finding: Finding, owners: Owners): Finding {
  const owner = owners.get(sourceOf(finding));
  return owner === undefined ? finding : { ...finding, of: { ...finding.of, owner } };
}

async function ownersOf(call: Reading, arns: readonly string[], keys: readonly string[]): Promise<Owners> {
  const owners = new Map<string, string>();
  try {
    for await (const { arn, tags } of tagsOf(call, arns)) {
      const owner = ownerBy(keys, tags);
      if (owner !== undefined) owners.set(arn, owner);
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error; // told among the observations
  }
  return owners;
}
