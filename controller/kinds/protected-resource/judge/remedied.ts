import type { Finding } from "../../../domain/change.ts";
import type { AwsFailure } from "../../../domain/errors.ts";
import { sameTarget } from "../../../domain/identity.ts";
import type { FleetView } from "../../../domain/judging.ts";
import { placeOf } from "../../place.ts";
import { prerequisites } from "../../copy-prerequisites.ts";
import type { CopyMend } from "../../copy-mend.ts";
import { type CopyAction, type Order, orderText } from "../order.ts";
import { MISSED } from "../remedy-tag.ts";
import type { Remedied } from "../survey/remedied.ts";
import { common, dateText } from "./findings.ts";
import type { ResourceRow } from "../row.ts";
import type { CoverageRule } from "./matching.ts";
import type { Ground } from "./standing.ts";

export const REMEDY_UNCOPIED = "remedy-uncopied";

/** What is to be told of a backup that was made up for, if it is the rule's and the copy is not there: `examine` looks. */
export interface Choice {
  readonly planId: string;
  readonly ruleName: string;
  readonly findings: readonly Finding[];
}
export interface RemediedInput {
  readonly remedied: Remedied;
  /** One for each rule that it may have been made up for, the likeliest first. */
  readonly choices: readonly Choice[];
}

interface Copying {
  readonly row: ResourceRow;
  readonly rule: CoverageRule;
  readonly ground: Ground;
  readonly view: FleetView;
}

/**
 * A backup that was started by hand has no copy actions: AWS makes those of its plans' own jobs alone. So the remedy owes them, with the
 * rule's role and lifecycle (rule 21). Undefined: no rule that may have been meant copies anything.
 */
export function remediedFinding(remedied: Remedied, orders: readonly Order[], copying: Copying): Finding | undefined {
  const meant = orders.filter(({ vault }) => vault === remedied.vault);
  if (meant.every(({ copies }) => copies.length === 0)) return undefined;
  const choices = meant.map((order): Choice => ({
    planId: order.planId,
    ruleName: order.ruleName,
    findings: order.copies.flatMap((copy) => copyFinding(remedied, order, copy, copying) ?? []),
  }));
  const input: RemediedInput = { remedied, choices };
  return {
    ...commonOf(remedied, copying),
    because: "it was made up for, and its copies are to be looked for",
    bars: [],
    mend: { step: "copy", fields: [], input },
  };
}

/** Where such a copy would lie beyond the fleet: nobody can tell whether it is there. */
export function beyondFleet(orders: readonly Order[], { points }: Ground): AwsFailure | undefined {
  const all = orders.flatMap(({ copies }) => copies.map(({ destination }) => destination));
  const out = all.find((one) => {
    const place = placeOf(one);
    return !place || !points.targets.some((target) => sameTarget(target, place));
  });
  return out === undefined
    ? undefined
    : {
        kind: "unreachable",
        operation: "observe",
        message: `the fleet does not reach ${out}, so nobody can tell whether a backup that was made up for is copied there`,
      };
}

const commonOf = ({ row: { arn, bytes } }: Remedied, { row, rule, ground }: Copying) => ({
  ...common(row, rule, ground.here),
  key: { target: ground.here, kind: "protected-resource", name: arn },
  subject: arn,
  cause: REMEDY_UNCOPIED,
  bytes,
});

function copyFinding(remedied: Remedied, order: Order, copy: CopyAction, copying: Copying): Finding | undefined {
  const { row, vault, failedJob } = remedied;
  const { destination, lifecycle } = copy;
  const target = placeOf(destination);
  if (!target) return undefined;
  const days = lifecycle?.deleteAfterDays ?? row.deleteAfterDays;
  const looking = { view: copying.view, target: copying.ground.here, now: new Date(copying.ground.now) };
  const { bars, hazards, keys } = prerequisites(looking, row, { target, vault: vaultName(destination), days });
  const input: CopyMend = {
    vault,
    arn: row.arn,
    createdOn: row.createdOn,
    resource: row.resourceArn,
    destination,
    roleArn: order.roleArn,
    deleteAfterDays: null,
    moveToColdStorageAfterDays: null,
    ...(lifecycle ? { lifecycle } : {}),
    keys,
  };
  const path = `copies[${destination}]`;
  const field = {
    path,
    live: undefined,
    desired: { deleteAfterDays: days },
    effect: "strengthens",
    on: "in-place",
  } as const;
  const whose = failedJob === MISSED ? "made up for" : `made up for job ${failedJob}`;
  return {
    ...commonOf(remedied, copying),
    // A person's break glass on the plan goes for what is started in its name (rule 27).
    within: { target: copying.ground.here, kind: "plan", name: order.planName },
    because: `the backup of ${dateText(row.createdOn)}, ${whose}, has no copy in ${destination}, where ${orderText(order)} copies each of its own`,
    bars,
    mend: { step: "copy", fields: [{ ...field, hazards: [] }], hazards, input, copies: { bytes: row.bytes } },
  };
}

const vaultName = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);
