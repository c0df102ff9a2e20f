import { expect, it } from "vitest";
import { regionSettings } from "../../controller/kinds/region-settings/region-settings.ts";
import { central, liveOf, target, viewOf } from "./answers.ts";

/** What an opt-in does to what waits for it (rule 13): the plans of its target take it in when they run next. */

const key = { target, kind: "region-settings", name: "region-settings" };
const plan = (enableContinuousBackup: boolean, at = target) =>
  liveOf("plan", "nightly", { rules: [{}, { enableContinuousBackup }] }, at);

const CONTINUOUS = { live: [plan(true)] };

it.each<[string, object, Parameters<typeof viewOf>[0], string[]]>([
  ["of databases interrupts where a plan's backups are continuous", { RDS: true }, CONTINUOUS, ["interrupts"]],
  ["of volumes, which no plan backs up continuously, does not", { EBS: true }, CONTINUOUS, []],
  ["that is there already does nothing", { S3: true }, CONTINUOUS, []],
  ["that is taken back takes nothing in", { RDS: false }, CONTINUOUS, []],
  ["is safe where every plan takes snapshots", { RDS: true }, { live: [plan(false)] }, []],
  ["is safe where such a plan is of another Region", { RDS: true }, { live: [plan(true, central)] }, []],
  ["is no safer than the plans that were not seen", { RDS: true }, { incomplete: ["plan"] }, ["interrupts"]],
])("an opt-in %s", (_what, optIns, sight, expected) => {
  const live = liveOf("region-settings", "region-settings", {
    optIns: { RDS: false, EBS: false, S3: true },
    fullManagement: {},
  });
  const context = { action: "update", key, spec: { optIns }, live, fields: [], now: new Date(0) } as const;
  expect(regionSettings.hazards({ ...context, view: viewOf(sight) })).toEqual(expected);
});
