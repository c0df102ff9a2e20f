import * as z from "zod";
import { describeRegionSettings, updateRegionSettings } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { step } from "../../aws/operation.ts";
import type { Bar } from "../../domain/change.ts";
import { sameValue } from "../../domain/digest.ts";
import type { Effect, Hazard } from "../../domain/effect.ts";
import { AwsError } from "../../domain/errors.ts";
import { sameTarget, showTarget, type Target } from "../../domain/identity.ts";
import type { JudgingContext } from "../../domain/judging.ts";
import type { Live } from "../../domain/live.ts";
import { CONTINUOUS_TYPES } from "../continuous.ts";
import { defineKind } from "../define-kind.ts";
import { RegionSettingsSpec } from "./spec.ts";

type Switches = Readonly<Record<string, boolean>>;

/** All that AWS tells: types that nobody declares among them, and none that the Region does not have. */
export const RegionSettingsState = z.strictObject({
  optIns: z.record(z.string(), z.boolean()),
  fullManagement: z.record(z.string(), z.boolean()),
});
export type RegionSettingsState = z.infer<typeof RegionSettingsState>;
type Judging = JudgingContext<RegionSettingsSpec, RegionSettingsState>;

/** Of the live switches those that the manifest names: AWS adds types without asking anybody. */
const named = (live: Switches | undefined, desired: Switches | undefined): Switches | undefined =>
  live && desired && Object.fromEntries(Object.entries(live).filter(([type]) => type in desired));

/** A type turned off is passed over by selections, or loses what full management gives its backups. */
const switchesEffect = (live: Switches = {}, desired: Switches = {}): Effect =>
  Object.entries(desired).every(([type, on]) => on || live[type] === false) ? "strengthens" : "weakens";

/** Full management takes rights of the backup role that the service's own backups do not: for DynamoDB dynamodb:StartAwsBackupJob. */
const rightsAsked = (live: Switches = {}, desired: Switches = {}): readonly "fails-jobs"[] =>
  Object.entries(desired).some(([type, on]) => on && live[type] === false) ? ["fails-jobs"] : [];

const Rules = z.object({ rules: z.array(z.object({ enableContinuousBackup: z.boolean().optional() })) });

/**
 * What waits for an opt-in is taken in when its plans run next: continuous backup is turned on for it, as by a selection that grows
 * (rule 13). Of plans that could not be seen the worst is assumed. Where points go for ever is of the plans' own changes: an opt-in that
 * somebody turned off is put back without asking for it again.
 */
function optInHazards({ key: { target }, spec, live, view }: Judging): readonly Hazard[] {
  const turnedOn = Object.entries(spec?.optIns ?? {}).filter(([type, on]) => on && live?.state.optIns[type] === false);
  if (!turnedOn.some(([type]) => CONTINUOUS_TYPES.includes(type))) return [];
  const plans = [
    ...view.live("plan").flatMap(({ key, state }) => (sameTarget(key.target, target) ? [state] : [])),
    ...view.wanted("plan").flatMap(({ key, spec: plan }) => (sameTarget(key.target, target) ? [plan] : [])),
  ];
  const interrupts = plans.some((plan) => Rules.parse(plan).rules.some((rule) => rule.enableContinuousBackup === true));
  return interrupts || !view.complete("plan", target) ? ["interrupts"] : [];
}

/** AWS refuses a whole update over one type that the Region does not have, so that none is tried. */
function unknownTypes({ spec, live }: Judging): readonly Bar[] {
  const missing = (["optIns", "fullManagement"] as const).flatMap((which) =>
    Object.keys(spec?.[which] ?? {})
      .filter((type) => live && !(type in live.state[which]))
      .map((type) => `${which}.${type}`),
  );
  return missing.length === 0
    ? []
    : [
        {
          reason: "cannot-mend",
          because: `this Region's settings have no ${missing.join(", ")}`,
          release:
            "leave it out for this Region by an override, or spell it as `aws backup describe-region-settings` does",
        },
      ];
}

async function read(call: Call<typeof describeRegionSettings>): Promise<RegionSettingsState> {
  const { ResourceTypeOptInPreference: optIns, ResourceTypeManagementPreference } = await call(
    describeRegionSettings,
    {},
  );
  // Of an answer that does not say what is opted in nothing follows, least of all that nothing is.
  if (optIns === undefined)
    throw new AwsError({
      kind: "unavailable",
      operation: describeRegionSettings.name,
      message: "the answer does not say which types are opted in",
    });
  return { optIns, fullManagement: ResourceTypeManagementPreference ?? {} };
}

async function* list(
  call: Call<typeof describeRegionSettings>,
  target: Target,
): AsyncGenerator<Live<RegionSettingsState>> {
  const key = { target, kind: "region-settings", name: "region-settings" };
  yield { key, id: showTarget(target), state: await read(call), ownership: "ours" };
}

/**
 * Sends every switch of a map that is changed, as it is live but for the changes. Whether AWS merges is not documented, and a type left
 * out has been seen to be opted in by AWS (hashicorp/terraform-provider-aws#30881): a partial map might switch what nobody declared.
 */
async function update(
  call: Call<typeof describeRegionSettings | typeof updateRegionSettings>,
  spec: RegionSettingsSpec,
  planned: RegionSettingsState,
): Promise<"updated" | "moved"> {
  const live = await read(call);
  const maps = (["optIns", "fullManagement"] as const).filter(
    (which) => !sameValue(named(live[which], spec[which]), spec[which]),
  );
  const isAsPlanned = (which: (typeof maps)[number]): boolean =>
    sameValue(named(live[which], spec[which]), named(planned[which], spec[which]));
  if (maps.length === 0 || !maps.every(isAsPlanned)) return "moved";
  const whole = (which: (typeof maps)[number]): Switches | undefined =>
    maps.includes(which) ? { ...live[which], ...spec[which] } : undefined;
  await call(updateRegionSettings, {
    ResourceTypeOptInPreference: whole("optIns"),
    ResourceTypeManagementPreference: whole("fullManagement"),
  });
  return "updated";
}

/**
 * Which types of resource a Region backs up (semantics §6.5). Settings are always there and take no tags: a manifest that names a type is
 * what makes that one switch ours, and dropping the manifest lets it go as it is.
 */
export const regionSettings = defineKind<RegionSettingsSpec, RegionSettingsState>({
  name: "region-settings",
  after: [],
  dropped: "release",
  standing: true,
  spec: RegionSettingsSpec,
  state: RegionSettingsState,
  list: step("observe")([describeRegionSettings], list),

  normalise: (spec) => spec,
  observed: (state) => state,
  fields: {
    optIns: { effect: switchesEffect, on: "in-place", unset: "not-managed", managed: named },
    fullManagement: {
      effect: switchesEffect,
      on: "in-place",
      unset: "not-managed",
      managed: named,
      hazards: rightsAsked,
    },
  },
  creation: { effect: () => "neutral" },
  removal: { effect: () => "neutral" },
  hazards: optInHazards,
  bars: unknownTypes,

  update: step("apply")([describeRegionSettings, updateRegionSettings], (call, _target, { spec }, live) =>
    update(call, spec, live.state),
  ),

  examples: {
    smallest: { optIns: { Timestream: false } },
    fullest: { optIns: { EBS: true, "Storage Gateway": false }, fullManagement: { DynamoDB: true, EFS: true } },
  },
});
