/** Time passes: what falls due is carried out in order, over all accounts and Regions. */
import type { Event } from "./agenda.ts";
import { backupStep } from "./backup-runs.ts";
import { copyStep } from "./copy-runs.ts";
import { finishDeletion, pointDue, pointExpiry } from "./deletion.ts";
import { holdStep } from "./legal-holds.ts";
import { ruleDue } from "./rule-runs.ts";
import type { BackupState } from "./state.ts";
import { vaultReady } from "./vaults.ts";
import type { BackupWorld } from "./world.ts";

/** Carries out what falls due up to `to`. `from` is where the clock stood. */
export function advance(world: BackupWorld, from: Date, to: Date): void {
  if (to < from) throw new RangeError(`time does not run backwards, from ${from.toISOString()} to ${to.toISOString()}`);
  for (let state = earliest(world); state !== undefined; state = earliest(world)) {
    const due = state.agenda.take(to);
    if (due === undefined) return;
    carryOut(state, due.event, due.at);
  }
}

function earliest(world: BackupWorld): BackupState | undefined {
  let first: BackupState | undefined;
  for (const state of world.states()) {
    if (first === undefined || state.agenda.next < first.agenda.next) first = state;
  }
  return first;
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
    case "backup-forgotten":
      return void state.backupJobs.delete(event.id);
    case "copy-forgotten":
      return void state.copyJobs.delete(event.id);
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
