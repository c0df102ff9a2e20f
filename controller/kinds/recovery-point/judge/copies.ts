import type { Bar, Finding, Mend } from "../../../domain/change.ts";
import type { Hazard } from "../../../domain/effect.ts";
import type { Side } from "../../kind.ts";
import type { CopyMend } from "../../copy-mend.ts";
import type { LifecycleMend } from "../mend/lifecycle-input.ts";
import { coldDays } from "../mend/lifecycle-input.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import { joinKey, mayBeFrom } from "../../copy-match.ts";
import { durationMs } from "../../duration.ts";
import { leaveToCopy, noteUnproven } from "./after-copy.ts";
import { type Asked, destinationOf } from "./asked.ts";
import { placeBars, prerequisites } from "../../copy-prerequisites.ts";
import { coldBars } from "./bars.ts";
import { addTally, count, type PointFold } from "./fold.ts";
import { Kept } from "../../kept.ts";

/** Takes in one window of both sides: every point that wants a copy has one, or is a finding. Two candidates settle nothing. */
export function matchCopies(
  fold: PointFold,
  { which }: Pick<Side<RecoveryPointRow>, "which">,
  here: readonly RecoveryPointRow[],
  there: readonly RecoveryPointRow[] | undefined,
): PointFold {
  const one = fold.asked.find((asked) => asked.which === which);
  if (!one) return fold;
  const candidates = Map.groupBy(
    (there ?? []).filter((row) => mayBeFrom(fold.vaultArn, row)),
    joinKey,
  );
  for (const row of here) {
    const found = (candidates.get(joinKey(row)) ?? []).filter(
      ({ arn, status }) => arn !== row.arn && status !== "DELETING",
    );
    const [copy, another] = found;
    if (!there) {
      count(fold, "copy-unknown", row);
      noteUnproven(fold, row);
    } else if (another) count(fold, "copy-ambiguous", row);
    else if (!copy) keepCopy(fold, row, missing(fold, one, row));
    else {
      judgeCopy(fold, one, row, copy);
      leaveToCopy(fold, one, row, copy);
    }
  }
  return fold;
}

/** A finding about a copy, with the time that the worst of them are told by. */
export interface CopyFinding {
  readonly createdOn: number;
  readonly finding: Finding;
}

function keepCopy(fold: PointFold, row: RecoveryPointRow, finding: Finding): void {
  count(fold, finding.cause, finding);
  addTally(fold, finding.rule.name, finding.cause, finding.bytes);
  const kept = fold.copies.get(finding.cause) ?? new Kept(newestFirst, fold.room);
  fold.copies.set(finding.cause, kept);
  kept.add({ createdOn: row.createdOn, finding });
}

/** The newest data without a copy is what a disaster would cost most. */
const newestFirst = (a: CopyFinding, b: CopyFinding): number =>
  b.createdOn - a.createdOn || (orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : 0);
const orderOf = ({ finding }: CopyFinding): string =>
  [finding.subject, finding.rule.name, finding.mend?.fields[0]?.path].join("\n");

function missing(fold: PointFold, one: Asked, row: RecoveryPointRow): Finding {
  const { rule, copy } = one;
  const destination = destinationOf(one);
  const days = copyDays(one, row);
  const { bars, hazards, keys } = prerequisites(fold, row, { target: one.target, vault: copy.to.vault, days });
  const role = copy.iamRoleArn ?? row.roleArn;
  const noRole: readonly Bar[] =
    role === undefined
      ? [
          {
            reason: "cannot-mend",
            because: "AWS does not say which role made it, so there is none to copy with",
            release: "name iamRoleArn in the policy's copies",
          },
        ]
      : [];
  const input: CopyMend = {
    vault: fold.vault,
    arn: row.arn,
    createdOn: row.createdOn,
    resource: row.resourceArn,
    destination,
    roleArn: role ?? "",
    deleteAfterDays: days === row.deleteAfterDays ? null : (days ?? null),
    moveToColdStorageAfterDays: coldDays(row) ?? null,
    keys,
  };
  const age = `${Math.floor((fold.now.getTime() - row.createdOn) / HOUR_MS)} hours`;
  return {
    key: { target: fold.target, kind: "recovery-point", name: row.arn },
    subject: row.arn,
    partition: fold.vault,
    judgedIn: fold.target,
    within: { target: fold.target, kind: "vault", name: fold.vault },
    of: { resource: row.resourceArn, type: row.resourceType },
    rule: { name: rule.name, source: rule.source },
    cause: "copyMissing",
    because: one.backfill
      ? `there is no copy of it in ${destination}, which ${rule.name} asks for, older points too`
      : `${age} old, and there is no copy of it in ${destination}, which ${rule.name} asks for within ${copy.within}`,
    bars: [...remedyBars(one, destination), ...bars, ...noRole],
    bytes: row.bytes,
    management: rule.management.mode === "enforce" ? "enforce" : "observe",
    mend: copyMend(input, row, [...hazards, ...(one.backfill ? (["costs"] as const) : [])]),
  };
}

/** A policy starts no copy unless it says so. What it would start is told all the same, for whoever may want it. */
const remedyBars = ({ rule, copy: { remedy } }: Asked, destination: string): readonly Bar[] =>
  remedy === "notify"
    ? [
        {
          reason: "observe-only",
          because: `${rule.name} asks to be told that ${destination} has no copy of it, and for none to be started`,
          release: "remedy: copyAgain in the policy's copies, which starts it",
        },
      ]
    : [];

const HOUR_MS = 3_600_000;

const copyMend = (input: CopyMend, row: RecoveryPointRow, hazards: readonly Hazard[]): Mend => ({
  step: "copy",
  fields: [
    {
      path: `copies[${input.destination}]`,
      live: undefined,
      desired: { deleteAfterDays: input.deleteAfterDays ?? row.deleteAfterDays },
      effect: "strengthens",
      on: "in-place",
      hazards: [],
    },
  ],
  input,
  hazards,
  copies: { bytes: row.bytes },
});

/** Days that the copy is kept: as its source, or longer where the policy says so. Undefined: for ever. */
const copyDays = ({ copy }: Asked, { deleteAfterDays }: RecoveryPointRow): number | undefined =>
  copy.retention === undefined || deleteAfterDays === undefined
    ? deleteAfterDays
    : Math.max(deleteAfterDays, copy.retention.atLeastDays);

/** A copy that is there, and is kept for less long than its policy asks for. It lies elsewhere, and is mended there. */
function judgeCopy(fold: PointFold, one: Asked, row: RecoveryPointRow, copy: RecoveryPointRow): void {
  const wanted = one.copy.retention?.atLeastDays;
  if (wanted === undefined || (copy.deleteAfterDays ?? Infinity) >= wanted)
    return void count(fold, isLate(one, copy) ? "copied-late" : "copied", row);
  const input: LifecycleMend = {
    vault: one.copy.to.vault,
    arn: copy.arn,
    judged: {
      deleteAfterDays: copy.deleteAfterDays ?? null,
      moveToColdStorageAfterDays: copy.moveToColdStorageAfterDays ?? null,
    },
    moveToColdStorageAfterDays: coldDays(copy) ?? null,
    optInToArchive: copy.optInToArchive === true,
  };
  keepCopy(fold, copy, {
    key: { target: one.target, kind: "recovery-point", name: copy.arn },
    subject: copy.arn,
    partition: one.copy.to.vault,
    judgedIn: fold.target,
    within: { target: one.target, kind: "vault", name: one.copy.to.vault },
    of: { resource: copy.resourceArn, type: copy.resourceType },
    rule: { name: one.rule.name, source: one.rule.source },
    cause: "copyTooShort",
    because: `a copy of ${row.arn}, kept ${copy.deleteAfterDays} days, and ${one.rule.name} asks for at least ${wanted}`,
    bars: [...placeBars(fold, { target: one.target, vault: one.copy.to.vault }), ...coldBars(copy, wanted)],
    bytes: copy.bytes,
    management: one.rule.management.mode === "enforce" ? "enforce" : "observe",
    mend: {
      step: "lifecycle",
      fields: [
        {
          path: "lifecycle.deleteAfterDays",
          live: copy.deleteAfterDays,
          desired: wanted,
          effect: "strengthens",
          on: "in-place",
          hazards: [],
        },
      ],
      input,
    },
  });
}

/** It is there now, and was not when the policy asks for it: nobody can mend that, but a report counts it. */
const isLate = ({ copy: { within } }: Asked, { createdOn, completedOn }: RecoveryPointRow): boolean =>
  completedOn !== undefined && completedOn - createdOn > durationMs(within);
