import * as z from "zod";
import { canonical } from "../../domain/digest.ts";
import type { Hazard } from "../../domain/effect.ts";
import { type ResourceKey, showKey, Target } from "../../domain/identity.ts";
import type { FleetView, JudgingContext } from "../../domain/judging.ts";
import type { PlanState } from "../plan-state.ts";
import type { PlanSpec } from "./spec.ts";

/** Where some job of a plan writes, and for how many days; undefined: for ever. */
interface Destination {
  readonly vault: ResourceKey;
  readonly days: number | undefined;
}

/** As much of a vault and of its lock, wanted or live, as jobs are refused by. */
const Bounds = z.object({
  minRetentionDays: z.number().default(1),
  maxRetentionDays: z.number().default(Infinity),
  mode: z.string().optional(),
  lockDate: z.string().optional(),
});
const VaultBody = z.object({ vaultType: z.string().optional() });
const AIR_GAPPED = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";

/** Every vault that a plan's jobs write into. */
export const vaultsWrittenTo = (spec: PlanSpec, target: Target): readonly ResourceKey[] => [
  ...new Map(destinationsOf(spec, target).map(({ vault }) => [showKey(vault), vault])).values(),
];

/**
 * What the destinations that a change brings, and no others, put at risk. AWS checks none of it when a plan is saved: jobs fail
 * later, one by one (semantics §1.6, §1.9). What cannot be seen counts as a risk.
 */
export function destinationHazards({ key, spec, live, view }: JudgingContext<PlanSpec, PlanState>): readonly Hazard[] {
  if (!spec) return [];
  const before = new Set(live ? destinationsOf(live.state, key.target).map((one) => canonical(one)) : []);
  const brought = destinationsOf(spec, key.target).filter((one) => !before.has(canonical(one)));
  return [...new Set(brought.flatMap((destination) => hazardsOf(destination, view)))];
}

function destinationsOf({ rules }: { readonly rules: PlanState["rules"] }, target: Target): readonly Destination[] {
  return rules.flatMap((rule) => {
    const own = rule.lifecycle?.deleteAfterDays;
    const airGapped = rule.targetLogicallyAirGappedBackupVaultArn;
    return [
      { vault: { target, kind: "vault", name: rule.targetBackupVaultName }, days: own },
      ...(airGapped === undefined ? [] : [{ vault: vaultOf(airGapped), days: own }]),
      // A copy without a retention of its own takes its source's (semantics §2.4).
      ...(rule.copyActions ?? []).map(({ destinationBackupVaultArn, lifecycle }) => ({
        vault: vaultOf(destinationBackupVaultArn),
        days: lifecycle?.deleteAfterDays ?? own,
      })),
    ];
  });
}

/** The vault an ARN names: `arn:<partition>:backup:<Region>:<account>:backup-vault:<name>`. */
function vaultOf(arn: string): ResourceKey {
  const [, , , region, account, , name = ""] = arn.split(":");
  return { target: Target.parse({ account, region }), kind: "vault", name };
}

function hazardsOf({ vault, days }: Destination, view: FleetView): readonly Hazard[] {
  const vaults = [...bodies("vault", vault, view)].map((body) => VaultBody.parse(body).vaultType);
  // Neither there nor about to be; or perhaps there, but out of sight: jobs into it fail until somebody shows otherwise.
  if (vaults.length === 0) return ["fails-jobs"];
  // Bounds of an air-gapped vault are not in the listings; what goes into one cannot be taken back.
  if (vaults.includes(AIR_GAPPED)) return ["fails-jobs", "irreversible"];
  const locks = [...bodies("vault-lock", vault, view)].map((body) => Bounds.parse(body));
  const unseen = locks.length === 0 && !view.complete("vault-lock", vault.target);
  return [
    ...(unseen || locks.some((lock) => !admits(lock, days)) ? (["fails-jobs"] as const) : []),
    ...(locks.some(({ mode, lockDate }) => mode === "compliance" || lockDate !== undefined)
      ? (["irreversible"] as const)
      : []),
  ];
}

/** For ever satisfies any minimum and breaks any maximum (semantics §1.6). */
const admits = ({ minRetentionDays, maxRetentionDays }: z.infer<typeof Bounds>, days: number | undefined): boolean =>
  days === undefined ? maxRetentionDays === Infinity : days >= minRetentionDays && days <= maxRetentionDays;

/** What is wanted and what is live of one kind under a vault's name: a job meets the one or the other. */
function* bodies(kind: string, vault: ResourceKey, view: FleetView): Generator {
  const name = showKey({ ...vault, kind });
  for (const { key, spec } of view.wanted(kind)) if (showKey(key) === name) yield spec;
  for (const { key, state } of view.live(kind)) if (showKey(key) === name) yield state;
}
