/** Time passes: what falls due is carried out in order, over all accounts and Regions. */
import type { Event } from "./agenda.ts";
import { backupStep } from "./backup-runs.ts";
import { copyStep } from "./copy-runs.ts";
import { finishDeletion, pointDue, pointExpiry } from "./deletion.ts";
import { holdStep } from "./legal-holds.ts";
import { removeRestored, restoreStep, validationOver } from "./restore-runs.ts";
import { testsDue } from "./restore-test-runs.ts";
import { ruleDue } from "./rule-runs.ts";
import type { BackupState } from "./state.ts";
import { vaultReady } from "./vaults.ts";
import type { BackupWorld } from "./world.ts";

/** Carries out what falls due up to `to`. `from` is where the clock stood. */
export function advance(world: BackupWorld, from: Date, to: Date): void {
  if (to < from) throw new RangeError(`time does not run backwards, from ${from.toISOString()} to ${to.toISOString()}`);
  for (let instant = earliest(world); instant <= to.getTime(); instant = earliest(world)) {
    carryOutAll(world, new Date(instant));
  }
}

function earliest(world: BackupWorld): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { agenda } of world.states()) first = Math.min(first, agenda.next);
  return first;
}

/** One instant, in every account and Region. What an event puts on another's agenda for this same instant comes in the next round. */
function carryOutAll(world: BackupWorld, at: Date): void {
  for (const state of world.states()) {
    for (let event = state.agenda.take(at); event !== undefined; event = state.agenda.take(at)) {
      carryOut(state, event, at);
    }
  }
}

function carryOut(state: BackupState, event: Event, at: Date): void {
  switch (event.what) {
    case "vault-ready":
      return vaultReady(state, event.vault);
    case "rule-due":
      return ruleDue(state, event.plan, event.version, event.rule, at);
    case "backup-step":
      return backupStep(state, event.job, at);
    case "copy-step":
      return copyStep(state, event.job, at);
    case "restore-step":
      return restoreStep(state, event.job, at);
    case "tests-due":
      return testsDue(state, event.plan, event.version, at);
    case "validation-over":
      return validationOver(state, event.job, at);
    case "restored-removal":
      return removeRestored(state, event.job);
    case "backup-forgotten":
      return void state.backupJobs.delete(event.id);
    case "copy-forgotten":
      return void state.copyJobs.delete(event.id);
    case "restore-forgotten":
      return void state.restoreJobs.delete(event.id);
    case "hold-step":
      return holdStep(state, event.hold, at);
    case "point-due":
      return pointDue(state, event.point, at);
    case "point-expiry":
      return pointExpiry(state, event.point, at);
    case "point-removal":
      return finishDeletion(state, event.point, event.by, at);
    default:
      event satisfies never;
  }
}
