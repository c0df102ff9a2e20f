import { durationMs } from "../../kinds/duration.ts";
import { START_WINDOW_HOURS } from "../../kinds/restore-testing-plan/normalise.ts";
import type { RestoreTestingSelectionSpec } from "../../kinds/restore-testing-selection/spec.ts";
import { largestGap } from "../../kinds/schedule.ts";
import type { Target } from "../../domain/identity.ts";
import type { Path } from "../located.ts";
import type { Setting } from "../manifests/manifest-kind.ts";
import type { RestoreTestingPlanSpec } from "../manifests/restore-testing-plan.ts";
import { refuse, repeated, warn, type Limit } from "./limit.ts";
import { scheduleLimits, timezoneLimits } from "./schedule.ts";

const MOST_CONDITIONS = 30;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function* restoreTestingLimits(
  _name: string,
  spec: RestoreTestingPlanSpec,
  { target }: Setting,
): Generator<Limit> {
  const { scheduleExpression, scheduleExpressionTimezone: timezone, selections = [] } = spec;
  yield* scheduleLimits(["scheduleExpression"], scheduleExpression);
  if (timezone !== undefined) yield* timezoneLimits(["scheduleExpressionTimezone"], timezone);
  yield* seldomTested(spec);
  yield* repeated(["selections"], selections, ({ name }) => name, "name");
  for (const [index, one] of selections.entries()) yield* selectionLimits(["selections", index], one, target);
  yield* mixedRecoveryTimes(spec);
  yield* validatorLimits(spec, target);
  if (selections.length === 0) yield warn([], "tests nothing", "give it selections");
}

/**
 * AWS tells when a schedule runs; that it runs too seldom for what is asked, nobody would tell until it is too late. A test succeeds when it has
 * begun and was looked at: with no time for that, every class would be untested for some hours of each period.
 */
function* seldomTested(spec: RestoreTestingPlanSpec) {
  const { scheduleExpression: expression, scheduleExpressionTimezone, every, onRestored } = spec;
  const gap = largestGap({ expression, timezone: scheduleExpressionTimezone ?? "Etc/UTC" });
  if (gap === undefined) return;
  const { startWindowHours = START_WINDOW_HOURS } = spec;
  const takes = startWindowHours + (onRestored ? durationMs(onRestored.deadline) / HOUR_MS : 0);
  const between = gap === Infinity ? "for ever" : `${Math.ceil(gap / DAY_MS)} days`;
  if (gap + takes * HOUR_MS > durationMs(every))
    yield warn(
      ["every"],
      `asks for a test within ${every}, and the schedule leaves up to ${between} between two, each of which may take ${takes} h to begin and be looked at`,
      "test oftener, or ask for less",
    );
}

function* selectionLimits(
  path: Path,
  selection: RestoreTestingSelectionSpec,
  target: Target | undefined,
): Generator<Limit> {
  const { protectedResourceArns: arns = ["*"], protectedResourceConditions: conditions } = selection;
  const tests = (conditions?.stringEquals?.length ?? 0) + (conditions?.stringNotEquals?.length ?? 0);
  if (arns.includes("*") && arns.length > 1)
    yield refuse([...path, "protectedResourceArns"], "names * and ARNs: AWS takes the one or the others");
  if (!arns.includes("*") && tests > 0)
    yield refuse(
      [...path, "protectedResourceConditions"],
      "go with * alone: AWS takes ARNs or conditions",
      'leave protectedResourceArns out, or write ["*"]',
    );
  if (tests > MOST_CONDITIONS)
    yield refuse([...path, "protectedResourceConditions"], `has ${tests} conditions: AWS takes ${MOST_CONDITIONS}`);
  const account = selection.iamRoleArn.split(":")[4];
  if (target && account !== target.account)
    yield refuse(
      [...path, "iamRoleArn"],
      "must be a role of the plan's own account: AWS passes no other",
      "write ${account} in it",
    );
  yield* overrideLimits(path, selection);
}

/** Of some types AWS cannot guess where to restore them to, and every test would fail ("Restore testing inferred metadata"). */
function* overrideLimits(
  path: Path,
  { protectedResourceType, restoreMetadataOverrides = {} }: RestoreTestingSelectionSpec,
) {
  const given = new Set(Object.keys(restoreMetadataOverrides).map((key) => key.toLowerCase()));
  if (protectedResourceType === "FSx" && !given.has("subnetids"))
    yield warn(
      [...path, "restoreMetadataOverrides"],
      "names no subnetIds: restores of file systems fail without",
      "add subnetIds; for ONTAP also storageVirtualMachineId, for Windows activeDirectoryId",
    );
}

/** Selections of one type are told apart by nothing that AWS says of a job. */
function* mixedRecoveryTimes({ selections = [] }: RestoreTestingPlanSpec): Generator<Limit> {
  for (const [type, all] of Map.groupBy(selections, ({ protectedResourceType }) => protectedResourceType)) {
    const times = new Set(all.flatMap(({ rto }) => rto ?? []));
    if (times.size > 1)
      yield refuse(
        ["selections"],
        `gives ${type} ${times.size} recovery times (${[...times].join(", ")}): AWS tells of a job its type, and not its selection`,
        "give one to a type, or make a second plan",
      );
  }
}

function* validatorLimits({ onRestored, selections = [] }: RestoreTestingPlanSpec, target: Target | undefined) {
  if (onRestored === undefined) return;
  const [, , , region, account] = onRestored.function.split(":");
  if (target && (region !== target.region || account !== target.account))
    yield refuse(
      ["onRestored", "function"],
      "must live where the restore does: no other may be invoked",
      "write ${region} and ${account} in it",
    );
  for (const [index, { validationWindowHours = 0 }] of selections.entries())
    if (durationMs(onRestored.deadline) > validationWindowHours * HOUR_MS)
      yield refuse(
        ["selections", index, "validationWindowHours"],
        `is ${validationWindowHours}, and the validator has ${onRestored.deadline}: AWS takes no result after its window, and deletes what was restored`,
        "keep it for longer than onRestored.deadline",
      );
}
