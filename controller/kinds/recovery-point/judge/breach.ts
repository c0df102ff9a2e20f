import type { RecoveryPointRow } from "../../point-row.ts";
import type { ProvenCopy } from "../mend/destruction-input.ts";
import type { CopyRule, OrphanCause } from "../spec.ts";
import type { Bar } from "../../../domain/change.ts";
import type { Target } from "../../../domain/identity.ts";
import type { PointRule } from "./matching.ts";

/** One way in which one point breaks a rule, before anything is said of what stands in the way of mending it. */
export type Breach = { readonly row: RecoveryPointRow; readonly rule: PointRule } & (
  | { readonly does: "lengthen"; readonly cause: "tooShort"; readonly wantedDays: number }
  | { readonly does: "shorten"; readonly cause: "tooLong" | "neverExpires"; readonly wantedDays: number }
  | { readonly does: "delete"; readonly cause: OrphanCause; readonly keptDays: number }
  | {
      readonly does: "delete";
      readonly cause: "copied";
      readonly keptDays: number;
      /** One in every vault that asks, that of the policy which lets the point go first. */
      readonly copies: readonly [ProvenCopy, ...ProvenCopy[]];
      /** What the policy says of it. */
      readonly asked: CopyRule;
      /** Why the copies are no proof after all. */
      readonly bars: readonly Bar[];
    }
  | { readonly does: "mark"; readonly cause: OrphanCause }
  | {
      readonly does: "unmark";
      readonly cause: "markLapsed";
      /** The marks that it bears. */
      readonly marks: Readonly<Record<string, string>>;
    }
  | { readonly does: "tag"; readonly cause: "missingTag"; readonly tags: Readonly<Record<string, string>> }
  | { readonly does: "report"; readonly cause: "unencrypted" | "wrongKey" | "wrongVault"; readonly because: string }
);
export type Destroying = Extract<Breach, { does: "delete" | "shorten" }>;
export type Copied = Extract<Breach, { cause: "copied" }>;

/** A resource that its service's listing does not have, with what is left of it in this vault. */
export interface AbsentResource {
  readonly type: string;
  readonly owner: Target;
  readonly policy: string;
  points: number;
  bytes: number;
}

/** Within one cause: what will be lost soonest first; of what is to go, what has been due for longest. A total order. */
export const byGravity = (a: Breach, b: Breach): number =>
  dueOn(a.row) - dueOn(b.row) ||
  a.row.createdOn - b.row.createdOn ||
  (a.row.arn < b.row.arn ? -1 : a.row.arn > b.row.arn ? 1 : 0);

const NEVER = Number.MAX_SAFE_INTEGER;
const DAY = 86_400_000;
const dueOn = ({ deleteOn, deleteAfterDays, createdOn }: RecoveryPointRow): number =>
  deleteOn ?? (deleteAfterDays === undefined ? NEVER : createdOn + deleteAfterDays * DAY);
