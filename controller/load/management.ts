import type { Management, Problem } from "../domain/desired.ts";
import { keyPositionOf, positionOf, type Located } from "./located.ts";
import type { ManagementFields } from "./manifests/common.ts";
import { errorAt } from "./problems.ts";

/**
 * The nearest word on management: the manifest's, its target's groups', the Fleet's; `observe` where nobody says (rule 26). Of
 * several groups the most careful counts. A suspension anywhere is an emergency brake, and wins.
 */
export function managementOf(
  own: ManagementFields,
  groups: readonly ManagementFields[],
  fleet: ManagementFields,
): Management {
  const brake = [own, ...groups, fleet].find(isSuspended);
  if (brake) return { mode: "suspended", reason: brake.suspendReason };
  const ofGroups = groups.some(({ management }) => management === "observe")
    ? ["observe" as const]
    : groups.map(modeOf);
  const mode = [own.management, ...ofGroups, fleet.management].find((one) => one === "enforce" || one === "observe");
  return { mode: mode ?? "observe" };
}

const modeOf = ({ management }: ManagementFields) => management;

/** Without its reason a suspension is refused before anything is placed. */
const isSuspended = (one: ManagementFields): one is ManagementFields & { readonly suspendReason: string } =>
  one.management === "suspended" && one.suspendReason !== undefined;

/** A suspension that nobody can explain is one that nobody ends. */
export function suspensionProblem(
  { management, suspendReason }: ManagementFields,
  located: Located,
): Problem | undefined {
  if (management === "suspended" && suspendReason === undefined)
    return errorAt(positionOf(located, ["management"]), "management: suspended needs a suspendReason");
  if (management !== "suspended" && suspendReason !== undefined)
    return errorAt(keyPositionOf(located, ["suspendReason"]), "suspendReason goes with management: suspended only");
  return undefined;
}
