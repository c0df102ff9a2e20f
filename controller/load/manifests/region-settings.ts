import * as z from "zod";
import { RegionSettingsSpec } from "../../kinds/region-settings/spec.ts";
import { regionSettingsLimits } from "../limits/region-settings.ts";
import { placed, PlainName } from "./common.ts";
import { defineManifest } from "./manifest-kind.ts";

export const RegionSettingsManifestSpec = z
  .strictObject({ ...placed, ...RegionSettingsSpec.shape })
  .refine(({ optIns, fullManagement }) => optIns !== undefined || fullManagement !== undefined, {
    message: "say optIns, fullManagement or both",
  });
export type RegionSettingsManifestSpec = z.infer<typeof RegionSettingsManifestSpec>;

/** A Region has its settings once: of two manifests that meet in a target one is told that the other is there. */
export const regionSettings = defineManifest<RegionSettingsManifestSpec>({
  kind: "RegionSettings",
  declares: "Which types of resource AWS Backup reaches in a Region where a selection does not name them.",
  name: PlainName,
  spec: RegionSettingsManifestSpec,
  limits: (_name, spec) => regionSettingsLimits(spec),
  parts: function* (_name, { optIns, fullManagement }) {
    const spec = { optIns, fullManagement };
    yield { kind: "region-settings", name: "region-settings", path: [], want: "present", spec };
  },
  smallest: `apiVersion: holdfast/v1
kind: RegionSettings
metadata: { name: opt-ins }
spec:
  targets: { groups: [everywhere] }
  optIns: { EBS: true }
`,
});
