import { durationMs } from "../../kinds/duration.ts";
import type { ProtectedResourceRuleSpec } from "../../kinds/protected-resource/spec.ts";
import { didYouMean } from "../problems.ts";
import { refuse, repeated, warn, type Limit } from "./limit.ts";
import { RESOURCE_TYPES } from "./recovery-point.ts";

/** Job records, by which a missing backup is explained and made up for, live so long (semantics §5.4). Milliseconds. */
const RECORDS_MS = 30 * 86_400_000;
/** AWS starts no rule more often (semantics §2.3). Milliseconds. */
const HOURLY_MS = 3_600_000;

/** What a person would regret in a CoveragePolicy. */
export function* coverageLimits({ match, rpo, copies, remedy }: ProtectedResourceRuleSpec): Generator<Limit> {
  for (const [index, type] of (match.resourceTypes ?? []).entries())
    if (!RESOURCE_TYPES.includes(type))
      yield warn(
        ["match", "resourceTypes", index],
        `names ${type}, which is not a resource type that AWS Backup had when this was written`,
        didYouMean(type, RESOURCE_TYPES),
      );
  for (const [index, pattern] of (match.resources ?? []).entries())
    if ((match.exclude?.resources ?? []).includes(pattern))
      yield refuse(["match", "resources", index], `is left out again by match.exclude.resources`, "say it once");
  const rpoMs = durationMs(rpo);
  if (rpoMs === HOURLY_MS)
    yield warn(["rpo"], "is as short as AWS's shortest period, so that every backup breaks it while it runs", "use 2h");
  if (remedy === "backUpNow" && rpoMs > RECORDS_MS)
    yield warn(["rpo"], "is longer than AWS keeps job records, so that what failed may not be known any more");
  yield* repeated(["copies"], copies, ({ to }) => [to.account, to.region, to.vault].join("/"), "to");
}
