/** Lifecycles: what may be asked for, and when a recovery point turns cold and when it is due to go (semantics §2.4, §4.2, §4.3). */
import type { CalculatedLifecycle, Lifecycle } from "@aws-sdk/client-backup";
import { resourceType } from "./resource-types.ts";
import type { RecoveryPoint } from "./state.ts";
import { addDays } from "./time.ts";

/** A point in cold storage stays there so long at least. */
const leastColdDays = 90;
const mostDays = 36_500;

/** What AWS says against a lifecycle; nothing where it is good. -1 and absent both mean "for ever". */
export function lifecycleProblem(
  lifecycle: Lifecycle | undefined,
  kind: "snapshot" | "continuous",
): string | undefined {
  const { DeleteAfterDays, MoveToColdStorageAfterDays, DeleteAfterEvent } = lifecycle ?? {};
  const remove = given(DeleteAfterDays);
  const cold = given(MoveToColdStorageAfterDays);
  if (DeleteAfterEvent !== undefined) return "Invalid lifecycle. DeleteAfterEvent is not a valid input";
  if (kind === "continuous") {
    if (cold !== undefined) return "Invalid lifecycle. MoveToColdStorageAfterDays is unavailable";
    const fits = remove !== undefined && remove >= 1 && remove <= 35;
    if (!fits) return "Invalid lifecycle. DeleteAfterDays must be between 1 and 35 days for continuous backup";
  }
  if (remove !== undefined && (remove < 1 || remove > mostDays)) {
    return "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days";
  }
  if (cold !== undefined && (cold < 1 || cold > mostDays)) {
    return "Invalid lifecycle. MoveToColdStorageAfterDays cannot be less than 1 or more than 36500 days";
  }
  if (remove !== undefined && cold !== undefined && remove < cold + leastColdDays) {
    return "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays";
  }
  return undefined;
}

/** The lifecycle as a resource type takes it: cold settings are ignored, not refused, where there is no cold tier. */
export function applicable(lifecycle: Lifecycle | undefined, type: string): Lifecycle {
  const { MoveToColdStorageAfterDays, ...rest } = lifecycle ?? {};
  const cold = goesCold(type, lifecycle) && given(MoveToColdStorageAfterDays) !== undefined;
  return cold ? { ...rest, MoveToColdStorageAfterDays } : rest;
}

/** The earliest moments; members are absent where there are none. Retention counts from the creation of what was backed up. */
export function calculated(point: RecoveryPoint): CalculatedLifecycle {
  const removeAfter = given(point.lifecycle.DeleteAfterDays);
  const coldAfter = given(point.lifecycle.MoveToColdStorageAfterDays);
  const from = point.lastSync ?? point.creationDate;
  return {
    ...(coldAfter !== undefined && { MoveToColdStorageAt: addDays(point.creationDate, coldAfter) }),
    ...(removeAfter !== undefined && { DeleteAt: addDays(from, removeAfter) }),
  };
}

/** EBS archives only by consent. */
function goesCold(type: string, lifecycle: Lifecycle | undefined): boolean {
  const cold = resourceType(type)?.cold ?? "no";
  return cold === "yes" || (cold === "archive" && lifecycle?.OptInToArchiveForSupportedResources === true);
}

/** Days, or nothing where they say "never". */
export function given(days: number | undefined): number | undefined {
  return days === -1 ? undefined : days;
}
