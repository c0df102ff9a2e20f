import { sameTarget } from "../../../domain/identity.ts";
import { placeOf } from "../../place.ts";
import { tagger } from "../mend/taggers.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import { ownerKeys } from "../spec.ts";
import type { PointFold } from "./fold.ts";
import type { PointRule } from "./matching.ts";

/** Whether some tag says whose a point is. unknown: what would say it could not be read. */
export type Owner = "somebody" | "nobody" | "unknown";

/**
 * Nobody: neither the point nor its living resource bears one of the tags, in complete listings of this target (rule 30's conditional
 * tagging). Of a resource elsewhere nobody here can tell, a point that takes no tags could not say it, and one that is gone is a matter
 * of `resourceDeleted` and its proof: none of them counts as nobody's.
 */
export function ownerIn(fold: PointFold, row: RecoveryPointRow, { spec }: PointRule): Owner {
  const { tagged } = fold.facts;
  const keys = ownerKeys(spec);
  if (keys.length === 0 || tagger(row.arn) === undefined || !isOfHere(fold, row)) return "somebody";
  if ("failure" in tagged) return "unknown";
  if (keys.some((key) => tagged.get(key)?.has(row.arn) || tagged.get(key)?.has(row.resourceArn))) return "somebody";
  const { is } = fold.existenceOf(row);
  return is === "live" ? "nobody" : is === "absent" ? "somebody" : "unknown";
}

/** Tags are listed by account and Region: those of a copy's resource are elsewhere. A bucket's ARN names neither. */
const isOfHere = ({ target }: PointFold, { resourceArn, sourceVaultArn }: RecoveryPointRow): boolean => {
  const place = placeOf(resourceArn);
  return sourceVaultArn === undefined && (place === undefined || sameTarget(place, target));
};
