import type { RegionSettingsSpec } from "../../kinds/region-settings/spec.ts";
import { didYouMean } from "../problems.ts";
import { refuse, warn, type Limit } from "./limit.ts";
import { RESOURCE_TYPES } from "./recovery-point.ts";

/** Types whose backups AWS Backup always keeps itself: AWS does not turn that off (semantics §6.5). */
const ALWAYS_FULL: readonly string[] = ["EFS"];

/** AWS refuses all of an update over one type that the Region does not have; which those are no manifest can know for certain. */
export function* regionSettingsLimits({ optIns = {}, fullManagement = {} }: RegionSettingsSpec): Generator<Limit> {
  for (const [field, switches] of Object.entries({ optIns, fullManagement }))
    for (const type of Object.keys(switches))
      if (!RESOURCE_TYPES.includes(type))
        yield warn(
          [field, type],
          "is not a resource type that AWS Backup had when this was written",
          didYouMean(type, RESOURCE_TYPES),
        );
  for (const type of ALWAYS_FULL)
    if (fullManagement[type] === false)
      yield refuse(["fullManagement", type], "cannot be false: AWS Backup always keeps backups of that type itself");
}
