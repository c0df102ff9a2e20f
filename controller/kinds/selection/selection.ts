import {
  createBackupSelection,
  deleteBackupSelection,
  getBackupSelection,
  listBackupPlans,
  listBackupSelections,
  listTags,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { unless } from "../../domain/errors.ts";
import type { Live } from "../../domain/live.ts";
import type { GivenName } from "../../domain/naming.ts";
import { defineKind } from "../define-kind.ts";
import { isReserved } from "../listing.ts";
import { SelectionState } from "../selection-state.ts";
import { candidatesEffect, conditionsEffect, exclusionsEffect, selectionBars, selectionHazards } from "./judging.ts";
import { listSelections } from "./list.ts";
import { makeSelection } from "./make.ts";
import { normaliseSelection } from "./normalise.ts";
import { SelectionSpec } from "./spec.ts";

const looking = [listBackupPlans, listBackupSelections, getBackupSelection, listTags] as const;

/** The newest succeeds the others: they are what a replacement left that was cut short between make and remove. */
function succession(live: readonly Live<SelectionState>[]) {
  const newest = Math.max(...live.map(({ state }) => state.generation));
  const { current = [], superseded = [] } = Object.groupBy(live, ({ state }) =>
    state.generation === newest ? "current" : "superseded",
  );
  return { current, superseded };
}

/** The one that its manifest gives, whichever generation of it lives: `daily.g2` is a successor that we made. Of others, AWS's. */
const namesIn = ({ key, state: { planId } }: Live<SelectionState>): readonly GivenName[] =>
  isReserved(planId) ? [] : [{ of: "selections", name: key.name.slice(key.name.lastIndexOf("/") + 1) }];

/** What a plan protects. AWS changes none of it in place: every change is a successor, made before the old one goes (semantics §3.5). */
export const selection = defineKind<SelectionSpec, SelectionState>({
  name: "selection",
  after: ["plan"],
  spec: SelectionSpec,
  state: SelectionState,
  list: step("observe")(looking, listSelections),

  normalise: normaliseSelection,
  observed: ({ iamRoleArn, resources, notResources, listOfTags, conditions }) =>
    normaliseSelection({ iamRoleArn, resources, notResources, listOfTags, conditions }),
  fields: {
    // It protects the same things; whether it may is found out by the jobs.
    iamRoleArn: { effect: "neutral", on: "replace", hazards: () => ["fails-jobs"] },
    resources: { effect: candidatesEffect, on: "replace" },
    listOfTags: { effect: candidatesEffect, on: "replace" },
    notResources: { effect: exclusionsEffect, on: "replace" },
    conditions: { effect: conditionsEffect, on: "replace" },
  },
  creation: { effect: () => "strengthens" },
  removal: { effect: () => "weakens" },
  hazards: selectionHazards,
  bars: selectionBars,
  succession,
  names: namesIn,

  create: step("apply")([...looking, createBackupSelection], (call, _target, desired, naming) =>
    makeSelection(call, desired, naming),
  ),
  remove: step("apply")([deleteBackupSelection], async (call, _target, { id, state }) => {
    await unless("missing", call(deleteBackupSelection, { BackupPlanId: state.planId, SelectionId: id }), undefined);
  }),

  examples: {
    smallest: {
      iamRoleArn: "arn:aws:iam::444455556666:role/service-role/AWSBackupDefaultServiceRole",
      listOfTags: [{ key: "backup", value: "daily" }],
    },
    fullest: {
      iamRoleArn: "arn:aws:iam::444455556666:role/service-role/AWSBackupDefaultServiceRole",
      resources: ["arn:aws:ec2:*:*:volume/*", "arn:aws:rds:*:*:db:*"],
      notResources: ["arn:aws:rds:*:*:db:scratch-*"],
      listOfTags: [{ key: "backup", value: "daily" }],
      conditions: {
        stringEquals: [{ key: "aws:ResourceTag/env", value: "production" }],
        stringNotEquals: [{ key: "aws:ResourceTag/tier", value: "scratch" }],
        stringLike: [{ key: "aws:ResourceTag/team", value: "payments-*" }],
        stringNotLike: [{ key: "aws:ResourceTag/Name", value: "*-test" }],
      },
    },
  },
});
