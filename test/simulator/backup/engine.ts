import type { BackupWorld } from "./world.ts";

/** Carries out, in order of time over all accounts and Regions, what falls due up to `to`. */
export function advance(world: BackupWorld, from: Date, to: Date): void {
  if (to < from) throw new Error("time does not run backwards");
  for (;;) {
    const state = [...world.states()].reduce((a, b) => (b.agenda.next < a.agenda.next ? b : a));
    if (state.agenda.take(to) === undefined) return;
  }
}
