import type { Finding } from "../../../domain/change.ts";
import { addTally, type PointFold } from "./fold.ts";
import { reported } from "./findings.ts";
import type { Newest } from "./survivors.ts";

/** How long before its last restorable point goes a resource is told of. Milliseconds. */
const AHEAD_MS = 14 * 86_400_000;

/**
 * Resources whose newest restorable point will go with nothing to come after it (rule 1): its plan is gone or it was made by hand, or
 * the resource is. After that there is nothing to restore from.
 */
export function lastOnesExpiring(fold: PointFold): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [resourceArn, { any }] of [...fold.newest].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const rule = fold.rulesFor(any.resourceType)[0];
    const { deleteOn } = any;
    if (!rule || rule.management.mode === "suspended" || deleteOn === undefined || any.status === "EXPIRED") continue;
    if (deleteOn - fold.now.getTime() > AHEAD_MS) continue;
    const row = { ...any, resourceArn };
    const why = noSuccessor(fold, row);
    if (why === undefined) continue;
    addTally(fold, rule.name, "lastPointExpiring", any.bytes);
    findings.push(
      reported(fold, row, rule, {
        cause: "lastPointExpiring",
        because: `it is the last restorable point of ${resourceArn} in ${fold.vault} and goes on ${day(deleteOn)}; ${why}`,
        bar: {
          reason: "last-point",
          because: "nothing will come after it",
          release: "back the resource up again, keep this point for longer, or accept it in a Waiver",
        },
      }),
    );
    if (findings.length >= fold.room) break;
  }
  return findings;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

type Last = Newest["any"] & { readonly resourceArn: string };

function noSuccessor(fold: PointFold, row: Last): string | undefined {
  const origin = fold.originOf(row);
  if (origin.plan === "none") return "it was made by hand, so no plan makes another";
  if (origin.plan === "deleted") return "its plan is deleted";
  if (origin.plan === "live" && row.ruleName !== undefined && !origin.rules.has(row.ruleName))
    return `its plan has no rule ${row.ruleName} any more`;
  return fold.existenceOf(row).is === "absent" ? "the resource is not in its service's listing any more" : undefined;
}
