/**
 * The simulator's AWS Backup. `handlers` answer calls; `advance` lets time pass: plans run, jobs finish, copies arrive, lifecycles end.
 * What it needs from the rest of the cloud is `BackupWorld` (world.ts); what it keeps is `BackupState` (state.ts).
 */
import type { Handlers } from "../service.ts";
import { createState, type BackupState } from "./state.ts";
import { advance } from "./engine.ts";
import type { BackupWorld } from "./world.ts";

interface BackupService {
  readonly handlers: Handlers<BackupState>;
  createState(account: string, region: string, world: BackupWorld): BackupState;
  /** Carries out, in order of time over all accounts and Regions, what falls due after `from` and up to `to`. */
  advance(world: BackupWorld, from: Date, to: Date): void;
}

export const backup: BackupService = {
  handlers: {},
  createState,
  advance,
};
