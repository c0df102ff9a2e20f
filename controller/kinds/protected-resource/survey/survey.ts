import { describeRegionSettings, listBackupVaults, listRecoveryPoints } from "../../../aws/backup-operations.ts";
import { getTaggedResources } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Rule } from "../../../domain/desired.ts";
import { type AwsFailure, AwsError, failureOf } from "../../../domain/errors.ts";
import type { Target } from "../../../domain/identity.ts";
import { durationMs } from "../../duration.ts";
import { vaultsOf } from "../../listing.ts";
import type { ProtectedResourceRuleSpec } from "../spec.ts";
import { listTagged, type Tagged } from "../../tagged.ts";
import { REMEDY_TAG } from "../remedy-tag.ts";
import type { Marks } from "./remedied.ts";
import { readVault, type VaultPoints } from "./vault-points.ts";

/** What a target is asked before any resource anywhere in the fleet is judged: plain data. */
export interface Survey {
  readonly vaults: readonly VaultPoints[];
  /** Why there may be vaults that are not among these. */
  readonly unread?: AwsFailure;
  /** Why there may be backups that were made up for and are not known to be. */
  readonly unmarked?: AwsFailure;
  /** By type, as the Region has opted in; or why nobody can tell. */
  readonly optIns: Readonly<Record<string, boolean>> | { readonly failure: AwsFailure };
}

export const SURVEY_READS = [listBackupVaults, listRecoveryPoints, describeRegionSettings, getTaggedResources] as const;

type Rules = readonly Rule<ProtectedResourceRuleSpec>[];

/** Reads every vault of a target as far back as any policy of the fleet asks, once: what is read of it is the newest points alone. */
export async function surveyPoints(
  call: Call<(typeof SURVEY_READS)[number]>,
  _target: Target,
  rules: Rules,
  now: Date,
): Promise<Survey> {
  const optIns = await optInsOf(call);
  const marked = asksForRemedies(rules) ? await listTagged(call, REMEDY_TAG) : new Map<string, never>();
  const unmarked = "failure" in marked ? { unmarked: marked.failure } : {};
  const back = {
    marks: marksIn(marked),
    since: now.getTime() - farthestBack(rules),
    now: now.getTime(),
    types: typesAsked(rules),
  };
  try {
    const vaults = await Array.fromAsync(vaultsOf(call));
    return { vaults: await Promise.all(vaults.map((vault) => readVault(call, vault, back))), ...unmarked, optIns };
  } catch (error) {
    return { vaults: [], unread: failureOf(error), ...unmarked, optIns };
  }
}

const asksForRemedies = (rules: Rules): boolean =>
  rules.some(({ spec, management }) => spec.remedy === "backUpNow" && management.mode !== "suspended");

/** The values of the remedy's tag. */
const marksIn = (tagged: Tagged): Marks =>
  "failure" in tagged ? new Map() : new Map([...tagged].map(([arn, tags]) => [arn, tags[REMEDY_TAG] ?? ""]));

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
