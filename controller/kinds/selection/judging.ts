import type { Bar } from "../../domain/change.ts";
import * as z from "zod";
import type { Effect, Hazard } from "../../domain/effect.ts";
import { type ResourceKey, sameTarget, showKey } from "../../domain/identity.ts";
import type { FleetView, JudgingContext } from "../../domain/judging.ts";
import type { Within } from "../kind.ts";
import { SelectionState } from "../selection-state.ts";
import { usesTags } from "./conditions.ts";
import { candidatesCovered, conditionsCovered, exclusionsCovered } from "./coverage.ts";
import { LONGEST_NAME } from "./identity.ts";
import type { SelectionSpec } from "./spec.ts";

type Judging = JudgingContext<SelectionSpec, SelectionState>;
type Covered = (live: SelectionSpec, desired: SelectionSpec) => boolean;

/** A proven superset strengthens, a proof both ways is neutral, and everything else weakens: what it resolves to is not in sight. */
const proven =
  (covered: Covered) =>
  (_live: unknown, _desired: unknown, { live, desired }: Within<SelectionSpec>): Effect => {
    // Of a selection that comes or goes as a whole, the kind's creation and removal speak.
    if (!live || !desired) return live ? "weakens" : "strengthens";
    if (!covered(live, desired)) return "weakens";
    return covered(desired, live) ? "neutral" : "strengthens";
  };

export const candidatesEffect = proven(candidatesCovered);
export const exclusionsEffect = proven(exclusionsCovered);
export const conditionsEffect = proven(conditionsCovered);

/** A key's two parts: the plan it is within, and its own name. */
export function partsOf(key: ResourceKey): { readonly plan: string; readonly name: string } {
  const { plan = "", name = "" } = PARTS.exec(key.name)?.groups ?? {};
  return { plan, name };
}
/** Names have no slashes but those of AWS's own: `aws/efs/automatic-backup-plan` (semantics §1.3). */
const PARTS = /^(?<plan>(?:aws\/[^/]+\/)?[^/]*)\/(?<name>.*)$/;

const Rules = z.object({
  rules: z.array(
    z.object({
      enableContinuousBackup: z.boolean().optional(),
      targetLogicallyAirGappedBackupVaultArn: z.string().optional(),
      lifecycle: z
        .object({
          moveToColdStorageAfterDays: z.number().optional(),
          optInToArchiveForSupportedResources: z.boolean().optional(),
        })
        .optional(),
    }),
  ),
});

/**
 * What its plan's rules do to the resources that a selection takes in anew (rule 13): continuous backup is turned on for them,
 * and their points go where none comes back from.
 */
export function selectionHazards({ action, key, fields, view }: Judging): readonly Hazard[] {
  const widens = action === "create" || fields.some(({ effect }) => effect === "strengthens");
  if (!widens) return [];
  const rules = plansOf(key, view).flatMap((body) => Rules.parse(body).rules);
  const final = rules.some(
    ({ lifecycle, targetLogicallyAirGappedBackupVaultArn: airGapped }) =>
      airGapped !== undefined ||
      lifecycle?.moveToColdStorageAfterDays !== undefined ||
      lifecycle?.optInToArchiveForSupportedResources === true,
  );
  return [
    ...(rules.some((rule) => rule.enableContinuousBackup === true) ? (["interrupts"] as const) : []),
    ...(final ? (["irreversible"] as const) : []),
  ];
}

function plansOf(key: ResourceKey, view: FleetView): readonly unknown[] {
  const name = showKey({ target: key.target, kind: "plan", name: partsOf(key).plan });
  return [
    ...view.live("plan").flatMap((live) => (showKey(live.key) === name ? [live.state] : [])),
    ...view.wanted("plan").flatMap((wanted) => (showKey(wanted.key) === name ? [wanted.spec] : [])),
  ];
}

/** AWS's quotas per plan, neither of which can be raised (semantics §0.6). */
const MOST = 100;
const MOST_WITH_TAGS = 10;

/** What stands in the way: no plan, no slot for a successor beside the old one (rule 18), or a name that leaves it no name. */
export function selectionBars({ action, key, spec, view }: Judging): readonly Bar[] {
  if (!spec || (action !== "create" && action !== "replace")) return [];
  const { name } = partsOf(key);
  const because = noRoom(key, spec, action === "create" ? 1 : 0, view);
  return [
    ...noPlan(key, view),
    ...(because ? [bar("no-room", because, "fewer selections on the plan: one slot stays free for replacements")] : []),
    ...(name.length > LONGEST_NAME
      ? [
          bar(
            "cannot-mend",
            `a successor's ending does not fit behind ${name}`,
            `a name of at most ${LONGEST_NAME} characters`,
          ),
        ]
      : []),
  ];
}

function noPlan(key: ResourceKey, view: FleetView): readonly Bar[] {
  const { plan } = partsOf(key);
  if (plansOf(key, view).length > 0) return [];
  return view.complete("plan", key.target)
    ? [bar("cannot-mend", `there is no plan ${plan} here`, `a plan named ${plan} in this target`)]
    : [bar("unknown-state", `whether there is a plan ${plan} could not be seen`, "a complete listing of plans")];
}

const bar = (reason: Bar["reason"], because: string, release: string): Bar => ({ reason, because, release });

/** A replacement takes the last slot for a while; what is new must leave that slot free. */
function noRoom(key: ResourceKey, spec: SelectionSpec, kept: number, view: FleetView): string | undefined {
  const { plan } = partsOf(key);
  const beside = view
    .live("selection")
    .filter((live) => sameTarget(live.key.target, key.target) && partsOf(live.key).plan === plan);
  const tagged = beside.filter(({ state }) => usesTags(Tagged.parse(state)));
  if (beside.length + 1 + kept > MOST) return `plan ${plan} has ${beside.length} selections of at most ${MOST}`;
  if (usesTags(spec) && tagged.length + 1 + kept > MOST_WITH_TAGS)
    return `plan ${plan} has ${tagged.length} selections by tag of at most ${MOST_WITH_TAGS}`;
  return undefined;
}
const { listOfTags, conditions } = SelectionState.shape;
const Tagged = z.object({ listOfTags, conditions });
