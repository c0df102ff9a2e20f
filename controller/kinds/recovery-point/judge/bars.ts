import type { Bar } from "../../../domain/change.ts";
import { LOCKED } from "../../locked.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import { coldDays } from "../mend/lifecycle-input.ts";
import { tagger } from "../mend/taggers.ts";
import type { Breach } from "./breach.ts";
import type { Setting } from "./findings.ts";

const DAY_MS = 86_400_000;
/** Days in cold storage that AWS insists on (semantics §2.4). */
const LEAST_COLD = 90;

/** What stands in the way of mending a breach, as far as the vault alone tells. */
export function* barsOf(breach: Breach, { facts, status, now }: Setting): Generator<Bar> {
  const { row } = breach;
  if (breach.does === "report") yield REPORT_ONLY[breach.cause];
  if (breach.cause === "copied") yield* breach.bars;
  if ((breach.does === "mark" || breach.does === "tag") && tagger(row.arn) === undefined)
    yield {
      reason: "cannot-mend",
      because: "AWS takes no tags on this kind of backup",
      release: "nothing: keep it by a Waiver or a legal hold instead of a tag",
    };
  if (breach.does === "delete" || breach.does === "shorten") {
    // Which point is the last of its resource follows from the whole vault only.
    if (status === "incomplete")
      yield {
        reason: "unknown-state",
        because: "its vault could not be read whole",
        release: "a complete listing of its vault",
      };
  }
  const touchesLock = breach.does === "delete" || breach.does === "shorten" || breach.does === "lengthen";
  // Refused even when lengthening, in both modes and in grace time (semantics §4.3).
  if (touchesLock && facts.locked) yield LOCKED;
  if (breach.does === "delete" && now.getTime() < row.createdOn + breach.keptDays * DAY_MS)
    yield {
      reason: "cannot-mend",
      because: `a policy keeps it for ${breach.keptDays} days at least`,
      release: `wait until ${new Date(row.createdOn + breach.keptDays * DAY_MS).toISOString().slice(0, 10)}`,
    };
  if (breach.does === "lengthen" || breach.does === "shorten") yield* coldBars(row, breach.wantedDays);
}

/** AWS refuses a retention that leaves less than its least time in cold storage (rule 5). */
export function coldBars(row: RecoveryPointRow, wantedDays: number): readonly Bar[] {
  const cold = coldDays(row);
  if (cold === undefined || wantedDays >= cold + LEAST_COLD) return [];
  return [
    {
      reason: "cannot-mend",
      because: `it moves to cold storage after ${cold} days and must stay there for ${LEAST_COLD}`,
      release: `a retention of ${cold + LEAST_COLD} days or more`,
    },
  ];
}

const REPORT_ONLY: Readonly<Record<"unencrypted" | "wrongKey" | "wrongVault", Bar>> = {
  unencrypted: {
    reason: "cannot-mend",
    because: "AWS cannot encrypt a recovery point afterwards",
    release: "encrypt the resource, or copy the point into a vault with a key; accept it in a Waiver meanwhile",
  },
  wrongKey: {
    reason: "cannot-mend",
    because: "AWS cannot change the key of a recovery point",
    release: "copy the point into a vault with the right key; accept it in a Waiver meanwhile",
  },
  wrongVault: {
    reason: "cannot-mend",
    because: "AWS cannot move a recovery point",
    release: "copy it into the right vault; accept it in a Waiver meanwhile",
  },
};
