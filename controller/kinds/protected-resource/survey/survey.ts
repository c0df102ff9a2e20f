import { describeRegionSettings, listBackupVaults, listRecoveryPoints } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Rule } from "../../../domain/desired.ts";
import { type AwsFailure, AwsError, failureOf } from "../../../domain/errors.ts";
import type { Target } from "../../../domain/identity.ts";
import { durationMs } from "../../duration.ts";
import { vaultsOf } from "../../listing.ts";
import type { ProtectedResourceRuleSpec } from "../spec.ts";
import { readVault, type VaultPoints } from "./vault-points.ts";

/** What a target is asked before any resource anywhere in the fleet is judged: plain data. */
export interface Survey {
  readonly vaults: readonly VaultPoints[];
  /** Why there may be vaults that are not among these. */
  readonly unread?: AwsFailure;
  /** By type, as the Region has opted in; or why nobody can tell. */
  readonly optIns: Readonly<Record<string, boolean>> | { readonly failure: AwsFailure };
}

export const SURVEY_READS = [listBackupVaults, listRecoveryPoints, describeRegionSettings] as const;

type Rules = readonly Rule<ProtectedResourceRuleSpec>[];

/** Reads every vault of a target as far back as any policy of the fleet asks, once: what is read of it is the newest points alone. */
export async function surveyPoints(
  call: Call<(typeof SURVEY_READS)[number]>,
  _target: Target,
  rules: Rules,
  now: Date,
): Promise<Survey> {
  const optIns = await optInsOf(call);
  const back = { since: now.getTime() - farthestBack(rules), now: now.getTime(), types: typesAsked(rules) };
  try {
    const vaults = await Array.fromAsync(vaultsOf(call));
    return { vaults: await Promise.all(vaults.map((vault) => readVault(call, vault, back))), optIns };
  } catch (error) {
    return { vaults: [], unread: failureOf(error), optIns };
  }
}

const DAY_MS = 86_400_000;

/** How long after its point a copy may come, where no policy says: what nobody can delete is granted that too. Milliseconds. */
export const USUAL_DELAY_MS = DAY_MS;

/** Milliseconds. */
export const farthestBack = (rules: readonly Pick<Rule<ProtectedResourceRuleSpec>, "spec">[]): number =>
  Math.max(
    0,
    ...rules.map(
      ({ spec: { rpo, copies = [] } }) =>
        durationMs(rpo) + Math.max(USUAL_DELAY_MS, ...copies.map(({ within }) => durationMs(within))),
    ),
  );

/** The types that policies are about; undefined: every one. */
const typesAsked = (rules: Rules): ReadonlySet<string> | undefined =>
  rules.every(({ spec }) => spec.match.resourceTypes)
    ? new Set(rules.flatMap(({ spec }) => spec.match.resourceTypes ?? []))
    : undefined;

async function optInsOf(call: Call<typeof describeRegionSettings>): Promise<Survey["optIns"]> {
  try {
    return (await call(describeRegionSettings, {})).ResourceTypeOptInPreference ?? {};
  } catch (error) {
    if (error instanceof AwsError) return { failure: error.failure };
    throw error;
  }
}
