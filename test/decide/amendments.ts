import type { Announcement } from "../../controller/domain/announcement.ts";
import {
  type Bar,
  type Change,
  type Destruction,
  destructionMark,
  type Finding,
  type HoldReason,
} from "../../controller/domain/change.ts";
import { instant, type Target } from "../../controller/domain/identity.ts";
import type { GovernedResult } from "../../controller/domain/inventory.ts";
import type { Announced } from "../../controller/decide/announced.ts";
import { proposeAmendment } from "../../controller/decide/propose.ts";
import { here, key, NOW } from "../support/facts.ts";

/** Findings of recovery points written down by hand, for tables about deciding: what is due, announced, agreed to, spent. */

export const DAY = 86_400_000;
export const on = (days: number) => instant(new Date(NOW.getTime() + days * DAY));
export type Amendment = Extract<Change, { action: "amend" }>;

const point = (name: string) => `arn:aws:ec2:eu-west-1::snapshot/${name}`;

export const destruction = (name = "snap-1", more: Partial<Destruction> = {}): Destruction => ({
  identity: {
    partition: "aws",
    vault: "arn:vault",
    point: point(name),
    createdOn: NOW.getTime() - 100 * DAY,
    action: "delete",
    cause: "expired",
    policy: "clean-up",
    block: "b",
  },
  beside: { status: "EXPIRED", rank: 1, bytes: 1_000 },
  graceMs: 14 * DAY,
  state: "s",
  last: false,
  ...more,
});

interface Given extends Partial<Finding> {
  readonly target?: Target;
  readonly destroys?: Partial<Destruction>;
  readonly step?: string;
  readonly copies?: number;
}

/** A point whose deletion is due; `copies`: one whose copy is missing instead. */
export function finding(name = "snap-1", { target = here, destroys, step, copies, ...more }: Given = {}): Finding {
  const effect = copies === undefined ? "destroys" : "strengthens";
  return {
    key: key("recovery-point", point(name), target),
    subject: point(name),
    partition: "nightly",
    judgedIn: target,
    within: key("vault", "nightly", target),
    of: { resource: `arn:of:${name}`, type: "EBS" },
    rule: { name: "clean-up", source: { path: "points.yaml", line: 2, column: 1 } },
    cause: copies === undefined ? "expired" : "copyMissing",
    because: "it is due",
    bars: [],
    bytes: 1_000,
    management: "enforce",
    mend: {
      step: step ?? (copies === undefined ? "delete" : "copy"),
      fields: [{ path: "recoveryPoint", live: "EXPIRED", desired: undefined, effect, on: "in-place", hazards: [] }],
      input: {},
      ...(copies === undefined ? { destruction: destruction(name, destroys) } : { copies: { bytes: copies } }),
    },
    ...more,
  };
}

export const NOTHING_ANNOUNCED: Announced = { byMark: new Map(), standing: new Map(), now: NOW };
export const amendment = (one: Finding, announced: Announced = NOTHING_ANNOUNCED): Amendment =>
  proposeAmendment(one, announced);

/** Its announcement, made so many days ago by report 3 with fourteen days of grace. */
export function announcementOf(one: Finding, days: number, more: Partial<Announcement> = {}): Announcement {
  const { mend, key: of, subject, partition, rule, cause } = one;
  const change = amendment(one);
  return {
    change: change.id,
    mark: destructionMark(mend!.destruction!),
    key: of,
    subject,
    partition,
    policy: rule.name,
    cause,
    deleteOn: null,
    graceMs: mend!.destruction!.graceMs,
    announcedOn: on(-days),
    beside: { ...mend!.destruction!.beside },
    pausedMs: 0,
    since: 3,
    ...more,
  };
}

export const announcedAs = (announcements: readonly Announcement[], more: Partial<Announced> = {}): Announced => ({
  byMark: new Map(announcements.map((one) => [one.mark, one])),
  standing: new Map(announcements.map((one) => [one.change, { stands: true, begunOn: one.announcedOn }])),
  now: NOW,
  ...more,
});

/** A vault of so many points that was read. */
export const vault = (population: number, more: Partial<GovernedResult> = {}): GovernedResult => ({
  target: here,
  kind: "recovery-point",
  partition: "nightly",
  status: "complete",
  findings: [],
  deferred: 0,
  counts: {},
  tallies: [],
  population,
  watched: [],
  undecided: [],
  sightings: [],
  absent: [],
  ...more,
});

export const bar = (reason: HoldReason): Bar => ({ reason, because: "so it is", release: "otherwise" });
export const BUDGETS = {
  destruction: { perVaultDay: 10, percentOfVault: 1, perFleetDay: 50 },
  copies: { perTargetDay: 20, bytesPerTargetDay: 500_000_000_000 },
};
