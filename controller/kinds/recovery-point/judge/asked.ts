import { AccountId, partitionOf, Region, type Target } from "../../../domain/identity.ts";
import { durationMs } from "../../duration.ts";
import type { FoldMemory, Side } from "../../kind.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import type { CopyRule } from "../spec.ts";
import type { PointFold } from "./fold.ts";
import type { PointRule } from "./matching.ts";

/** One vault that must hold a copy of what a policy matches, from a moment on. */
export interface Asked {
  /** Tells it from the others of its fold. */
  readonly which: string;
  readonly rule: PointRule;
  readonly copy: CopyRule;
  readonly target: Target;
  readonly backfill: boolean;
  readonly from: Date;
  /** Younger points are not looked at: their copies may be on their way. */
  readonly until: Date;
}

/** Every copy that policies ask of a vault's points. Points that are copies themselves are asked for none. */
export const askedBy = (
  rules: readonly PointRule[],
  { memory, now }: { readonly memory: FoldMemory; readonly now: Date },
): readonly Asked[] =>
  rules
    .filter(({ management }) => management.mode !== "suspended")
    .flatMap((rule) =>
      (rule.spec.copies ?? []).flatMap((copy, index): readonly Asked[] => {
        const target = { account: AccountId.parse(copy.to.account), region: Region.parse(copy.to.region) };
        const since = sinceOf(rule, copy, memory, now);
        const late = new Date(now.getTime() - durationMs(copy.within));
        const one = (backfill: boolean): Asked => ({
          which: JSON.stringify([rule.name, index, copy.to.vault, backfill]),
          rule,
          copy,
          target,
          backfill,
          from: backfill ? new Date(0) : since,
          until: backfill && since < late ? since : late,
        });
        return copy.backfill === "none" ? [one(false)] : [one(false), one(true)];
      }),
    );

/** From the first signed report that knew the policy, unless the policy says (rule 20). */
const sinceOf = (rule: PointRule, copy: CopyRule, { knownSince }: FoldMemory, now: Date): Date =>
  copy.since === undefined ? (knownSince(rule.name) ?? now) : new Date(copy.since);

/** The windows in which points of this vault want a counterpart elsewhere (rule 20). */
export const sidesOf = (fold: PointFold): readonly Side<RecoveryPointRow>[] =>
  fold.untouchable
    ? []
    : fold.asked.map((one) => ({
        which: one.which,
        target: one.target,
        partition: one.copy.to.vault,
        from: one.from,
        until: one.until,
        wants: (row) => wants(fold, one, row),
      }));

/** Whether a copy of the point is asked for there, of whatever age it is. */
export function wants(fold: PointFold, { rule, copy, backfill }: Asked, row: RecoveryPointRow): boolean {
  if (row.sourceVaultArn !== undefined || row.form !== "snapshot" || row.deleteAfterEvent) return false;
  if (row.status !== "COMPLETED" || !fold.rulesFor(row.resourceType).includes(rule)) return false;
  return !backfill || copy.backfill === "all" || fold.newest.get(row.resourceArn)?.any.arn === row.arn;
}

/** The destination's ARN. */
export const destinationOf = ({ target: { account, region }, copy }: Asked): string =>
  `arn:${partitionOf(region)}:backup:${region}:${account}:backup-vault:${copy.to.vault}`;
