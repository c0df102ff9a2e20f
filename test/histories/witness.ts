import type { RecoveryPoint, Vault } from "../simulator/backup/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { Archive } from "./archive.ts";
import { ASKED_PLACES, ASKED_REGION, type Copies } from "./desired.ts";
import {
  copyProblem,
  daysOf,
  isFit,
  isHeld,
  isOwned,
  isSuspended,
  KEEP,
  newerThan,
  planOf,
  resourceLives,
  stateOf,
  untouchable,
} from "./facts.ts";

export type Operation = "DeleteRecoveryPoint" | "UpdateRecoveryPointLifecycle";

/** A destructive call as it arrives, and the world as it is at that very moment, before anything comes of it. */
export interface Sight {
  /** Of the call in the log. */
  readonly index: number;
  readonly at: Date;
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly point: RecoveryPoint;
  readonly vault: Vault;
  readonly days: number;
  readonly coldDays: number | undefined;
  readonly status: string;
  readonly message: string | undefined;
  readonly held: boolean;
  readonly locked: boolean;
  readonly kept: boolean;
  readonly suspended: boolean;
  readonly untouchable: string | undefined;
  /** Newer ones of its resource, and those of them that could not stand in for it. */
  readonly newer: readonly RecoveryPoint[];
  readonly unfit: ReadonlySet<string>;
  readonly plan: ReturnType<typeof planOf>;
  readonly resourceLives: boolean;
  /** Whether a tag names its owner. */
  readonly owned: boolean;
  /** By vault that might be asked for copies: why there is not exactly one there that stands in for it, if there is not. */
  readonly copyProblems: Readonly<Record<Copies["to"][number], string | undefined>>;
  /** Points in its vault. */
  readonly population: number;
  /** Reports published by then, and those of them that somebody has laid hands on since, by sequence. */
  readonly reports: number;
  readonly altered: ReadonlySet<number>;
}

/** Watches for calls that may destroy: through the simulator's faults, by one that never strikes. */
export function watch(simulator: Simulator, archive: Archive, home: string, see: (sight: Sight) => void): void {
  for (const operation of ["DeleteRecoveryPoint", "UpdateRecoveryPointLifecycle"] as const)
    simulator.faults.add({
      effect: { kind: "deny" },
      service: "backup",
      operation,
      when: ({ account, region, input }) => {
        const vault = simulator.backup(account, region).vaults.get(String(input["BackupVaultName"]));
        const point = vault?.points.get(String(input["RecoveryPointArn"]));
        if (vault && point) see(sightOf(simulator, archive, home, { operation, input, vault, point }));
        return false;
      },
    });
}

function sightOf(
  simulator: Simulator,
  archive: Archive,
  home: string,
  given: Pick<Sight, "operation" | "input" | "vault" | "point">,
): Sight {
  const { point, vault } = given;
  archive.take();
  const now = simulator.clock.now();
  const newer = newerThan(point);
  return {
    ...given,
    index: simulator.calls.all().length,
    at: now,
    days: daysOf(point),
    coldDays: point.lifecycle.MoveToColdStorageAfterDays,
    status: point.status,
    message: point.statusMessage,
    held: isHeld(stateOf(simulator, point), point),
    locked: vault.lock !== undefined,
    kept: KEEP in point.tags,
    suspended: isSuspended(point, now),
    untouchable: untouchable(point),
    newer,
    unfit: new Set(newer.filter((one) => !isFit(simulator, one)).map(({ arn }) => arn)),
    plan: planOf(simulator, point),
    resourceLives: resourceLives(simulator, point, home),
    owned: isOwned(simulator, point, home),
    copyProblems: copyProblemsOf(simulator, point),
    population: vault.points.size,
    reports: archive.reports.length,
    altered: archive.altered(),
  };
}

function copyProblemsOf(simulator: Simulator, point: RecoveryPoint): Sight["copyProblems"] {
  const vaultOf = (name: Copies["to"][number]) => simulator.backup(ASKED_PLACES[name], ASKED_REGION).vaults.get(name);
  return {
    central: copyProblem(simulator, point, vaultOf("central")),
    other: copyProblem(simulator, point, vaultOf("other")),
  };
}
