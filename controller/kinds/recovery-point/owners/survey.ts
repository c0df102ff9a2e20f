import type { Rule } from "../../../domain/desired.ts";
import { type AwsFailure, failureOf } from "../../../domain/errors.ts";
import type { Target } from "../../../domain/identity.ts";
import { placeOf } from "../../place.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import type { RecoveryPointRuleSpec } from "../spec.ts";
import type { ListingCall } from "../../../owner-services/service.ts";
import { OWNER_SERVICES, ownerOf } from "../../../owner-services/services.ts";

/** What a target has, as each service lists it: ARN to the id that outlives a rename, empty where there is none. */
export type Population = { readonly complete: ReadonlyMap<string, string> } | { readonly failure: AwsFailure };
/** By service. A service that no policy asks about is not there. */
export type Survey = ReadonlyMap<string, Population>;

/** Lists what a target has of every type that some policy of the fleet wants proof about. */
export async function surveyOwners(
  call: ListingCall,
  target: Target,
  rules: readonly Rule<RecoveryPointRuleSpec>[],
): Promise<Survey> {
  const asking = rules.filter(({ spec: { orphans } }) =>
    orphans?.when.some((cause) => cause === "resourceDeleted" || cause === "unowned"),
  );
  const wanted = Object.entries(OWNER_SERVICES).filter(([, { types }]) =>
    asking.some(({ spec: { match } }) => match.resourceTypes?.some((type) => types.includes(type)) ?? true),
  );
  const found = await Promise.all(
    wanted.map(async ([name]): Promise<readonly [string, Population]> => [
      name,
      await populationOf(name, call, target),
    ]),
  );
  return new Map(found);
}

export async function populationOf(name: string, call: ListingCall, target: Target): Promise<Population> {
  const complete = new Map<string, string>();
  try {
    for await (const { arn, id } of OWNER_SERVICES[name]!.list(call, target)) complete.set(arn, id ?? "");
    return { complete };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

/**
 * absent: a complete listing does not have it, which is half a proof (rule 3). `owner`: where it would be. unknown with a failure: it
 * could have been told, had the listing not broken off.
 */
export type Existence =
  | { readonly is: "live" }
  | { readonly is: "unknown"; readonly failure?: AwsFailure }
  | { readonly is: "absent"; readonly owner: Target; readonly service: string };

/** Tells from the surveys whether the resource of a point is there. Each resource is looked up once. */
export function existenceIn(survey: (target: Target) => Survey | undefined, here: Target): (row: Origins) => Existence {
  const known = new Map<string, Existence>();
  return (row) => {
    const existence = known.get(row.resourceArn) ?? lookUp(row, survey, here);
    known.set(row.resourceArn, existence);
    return existence;
  };
}

const UNKNOWN: Existence = { is: "unknown" };

/** As much of a point as tells where its resource lives. */
type Origins = Pick<RecoveryPointRow, "resourceArn" | "resourceType" | "planArn" | "sourceVaultArn">;

function lookUp(row: Origins, survey: (target: Target) => Survey | undefined, here: Target): Existence {
  const service = ownerOf(row.resourceType, row.resourceArn);
  const owner = ownerTarget(row, here);
  if (!service || !owner) return UNKNOWN;
  const population = survey(owner)?.get(service[0]);
  if (!population) return UNKNOWN;
  if ("failure" in population) return { is: "unknown", failure: population.failure };
  return population.complete.has(row.resourceArn) ? { is: "live" } : { is: "absent", owner, service: service[0] };
}

/**
 * Where a resource lives, by its ARN. A bucket's names no account: its owner's is that of the plan that backed it up, which for a point
 * that is no copy is the vault's too.
 */
function ownerTarget(row: Origins, here: Target): Target | undefined {
  const named = placeOf(row.resourceArn);
  if (named) return named;
  if (row.planArn !== undefined) return placeOf(row.planArn);
  return row.sourceVaultArn === undefined ? here : undefined;
}
