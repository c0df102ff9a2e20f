import { createWorkerWorld, createWorld } from "../../controller/world.ts";
import type { Surroundings } from "../../controller/world/ground.ts";
import { reconcile, type Finished } from "../../controller/reconcile.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import type { DesiredSource, Run, World } from "../../controller/ports.ts";
import { addMishap, type Mishap } from "../simulator/backup/mishaps.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator/simulator.ts";
import type { Connection } from "../simulator/connection.ts";
import { INSTALLED, installHoldfast, type Installation, type SessionKeys, type Within } from "./installation.ts";
import { recordUse } from "./ledger.ts";
import { installEvents, type Told } from "./told.ts";
import { timeOf, type SharedTime } from "./time.ts";
import { NO_COMMIT } from "./no-commit.ts";

export const HUB = INSTALLED.hub;
export const SHOP = "444455556666";
export const VAULTS = "222233334444";
export const IRELAND = "eu-west-1";
export const FRANKFURT = "eu-central-1";

const HOME = { account: HUB, region: IRELAND };

/** An organization on the simulator, Holdfast as its templates install it, and a controller that looks after it, in one process and in virtual time. */
export interface Universe {
  readonly simulator: Simulator;
  readonly installation: Installation;
  /** The manifests of the next run, by path. */
  readonly commit: (files: Readonly<Record<string, string>>) => void;
  /** One controller process: its own connection, its own run id. `within`: which of the functions that run as the controller it is in. */
  readonly controller: (connection?: Connection, within?: Within) => Promise<Controller>;
  /** What one that carries shards of durable runs works with, under its own role. Only where evidence is archived. */
  readonly worker: () => Promise<World>;
  /** A whole run by a fresh controller. */
  readonly run: (options?: RunOptions) => Promise<Finished>;
  /** How the hub hears of AWS Backup's events. Only with `events`. */
  readonly events: Told;
  /** Lets jobs in an account and Region fail, or not end well, until then or until what it returns is called. */
  readonly failBackups: (mishap: Partial<Mishap> & Place) => () => void;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Controller {
  readonly run: (options?: RunOptions) => Promise<Finished>;
  readonly world: World;
  readonly connection: Connection;
}

export interface RunOptions {
  readonly scope?: NonNullable<Run["scope"]>;
  /** Virtual milliseconds until no new work is started. */
  readonly deadlineIn?: number;
  readonly trigger?: Run["trigger"];
}

export type UniverseOptions = Partial<Pick<SimulatorOptions, "seed" | "pageSize" | "backup" | "accountInImageArns">> & {
  readonly files: Readonly<Record<string, string>>;
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  /** The account that keeps the evidence, for durable runs. Absent: the hub. */
  readonly archive?: string;
  /** Whether messages travel: AWS Backup's events to the hub's queue, what is said on its topics and buses. Default no: most scenarios need none. */
  readonly events?: boolean;
  /** Whether people are told of what is of concern after each run, over loopback too. Default no. */
  readonly notices?: boolean;
};

export const BUCKETS = { evidence: "acme-evidence", work: "acme-work" } as const;
export const DESIRED_BUCKET = "acme-desired-state";
/** In an account of its own the bucket has a name that both stacks know. */
export const ARCHIVED_EVIDENCE = `holdfast-evidence-${HUB}-${IRELAND}`;

export function universe({
  files,
  accounts = [HUB, SHOP, VAULTS],
  regions = [IRELAND, FRANKFURT],
  archive,
  events = false,
  notices = false,
  ...options
}: UniverseOptions): Universe {
  const simulator = createSimulator({
    hubAccount: HUB,
    organizationId: INSTALLED.organizationId,
    judged: recordUse,
    accounts: accounts.map((id) => ({ id, name: `account-${id.slice(0, 4)}` })),
    regions,
    start: new Date("2026-03-01T05:00:00Z"),
    ...options,
  });
  const buckets = { DesiredState: DESIRED_BUCKET, Evidence: BUCKETS.evidence, Work: BUCKETS.work };
  const installation = installHoldfast(simulator, { ...HOME, buckets }, archive);
  const template = archive === undefined ? "hub" : "hub-archived";
  const told = events ? installEvents(simulator, { ...HOME, buckets }, installation.hub, template) : undefined;
  const settings = archive === undefined ? SETTINGS : ARCHIVED_SETTINGS;
  // The stack keeps one version of the lease; here every holder there was can be told.
  simulator.bucket(BUCKETS.work).versioning = "Enabled";
  for (const account of accounts)
    for (const region of regions) simulator.addKey(account, region, { alias: "alias/backup" });

  const time = timeOf(simulator.clock);
  let manifests = files;
  let runs = 0;
  const controller = async (connection = simulator.connect(), within: Within = "controller"): Promise<Controller> => {
    const world = {
      ...(await createWorld(settings, {
        ...around(simulator, time, connection, installation.controller(within)),
        ...(notices ? { notices: { loopback: true, timeoutMs: 2_000 } } : {}),
      })),
      source: sourceOf(() => manifests),
    };
    return {
      world,
      connection,
      run: (run = {}) => {
        runs += 1;
        const deadline =
          run.deadlineIn === undefined ? Number.POSITIVE_INFINITY : world.clock.monotonic() + run.deadlineIn;
        return reconcile(
          {
            id: `run-${runs}`,
            trigger: run.trigger ?? "manual",
            deadline,
            reporter: { id: "test", version: "0" },
            ...(run.scope ? { scope: run.scope } : {}),
          },
          world,
        );
      },
    };
  };
  return {
    simulator,
    installation,
    commit: (next) => void (manifests = next),
    controller,
    worker: () => createWorkerWorld(settings, around(simulator, time, simulator.connect(), installation.worker())),
    run: async (run) => (await controller(undefined, run?.trigger === "event" ? "events" : "controller")).run(run),
    get events() {
      if (told === undefined) throw new Error("this universe has no events: make it with `events: true`");
      return told;
    },
    failBackups: ({ account, region, ...mishap }) =>
      addMishap(simulator.backup(account, region), { job: "backup", end: "FAILED", ...mishap }),
  };
}

const SETTINGS = {
  desiredState: ".",
  evidence: `s3://${BUCKETS.evidence}`,
  work: `s3://${BUCKETS.work}`,
  signer: `kms:${INSTALLED.signingKey}`,
  retention: INSTALLED.retention,
  region: IRELAND,
  allowHttp: false,
};

/** And with the second signature that the template has a key for. */
const ARCHIVED_SETTINGS = {
  ...SETTINGS,
  evidence: `s3://${ARCHIVED_EVIDENCE}`,
  secondSigner: `kms:${INSTALLED.secondSigningKey}`,
};

const around = (
  simulator: Simulator,
  time: SharedTime,
  connection: Connection,
  credentials: SessionKeys,
): Surroundings => ({
  ...time,
  random: () => 0.5,
  uuid: () => simulator.random.uuid(),
  credentials,
  // The simulator's handler has the SDK's shape; the SDK's own type is wider than anything it calls.
  requestHandler: connection.requestHandler as NonNullable<Surroundings["requestHandler"]>,
});

const sourceOf = (files: () => Readonly<Record<string, string>>): DesiredSource => ({
  read: async () => {
    const entries = Object.entries(files()).map(([path, text]) => ({ path, text }));
    return {
      files: entries,
      revision: {
        digest: digestOf(JSON.stringify(entries)),
        commit: null,
        tree: "0".repeat(40),
        dirty: true,
        sequence: null,
        fastForward: null,
        previousCommit: null,
        ...NO_COMMIT,
        uri: "memory:",
        files: entries.map(({ path, text }) => ({ path, sha256: digestOf(text), gitBlob: "0".repeat(40) })),
      },
    };
  },
});

export const FLEET = `
apiVersion: holdfast/v1
kind: Fleet
metadata: { name: acme }
spec:
  accounts: { ids: ["${SHOP}", "${VAULTS}"] }
  regions: [${IRELAND}, ${FRANKFURT}]
  externalId: holdfast
  management: enforce
  groups:
    production: { accounts: { ids: ["${SHOP}"] }, regions: [${IRELAND}] }
    central: { accounts: { ids: ["${VAULTS}"] }, regions: [${FRANKFURT}] }
`;
