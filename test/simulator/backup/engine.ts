/** Time passes: what falls due is carried out in order, over all accounts and Regions. */
import type { Event } from "./agenda.ts";
import type { BackupState } from "./state.ts";
import { vaultReady } from "./vaults.ts";
import type { BackupWorld } from "./world.ts";

/** Carries out what falls due up to `to`. `from` is where the clock stood. */
export function advance(world: BackupWorld, from: Date, to: Date): void {
  if (to < from) throw new RangeError(`time does not run backwards, from ${from.toISOString()} to ${to.toISOString()}`);
  for (let state = earliest(world); state !== undefined; state = earliest(world)) {
    const due = state.agenda.take(to);
    if (due === undefined) return;
    carryOut(state, due.event);
  }
}

function earliest(world: BackupWorld): BackupState | undefined {
  let first: BackupState | undefined;
  for (const state of world.states()) {
    if (first === undefined || state.agenda.next < first.agenda.next) first = state;
  }
  return first;
}

function carryOut(state: BackupState, event: Event): void {
  switch (event.what) {
    case "vault-ready":
      return vaultReady(state, event.vault);
    default:
      return event.what satisfies never;
  }
}
