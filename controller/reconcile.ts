import { apply } from "./apply/apply.ts";
import { adoptedBy } from "./attest/memory/carry.ts";
import { foldMemory, groundsOf } from "./memory.ts";
import { RunRecord } from "./attest/report/record.ts";
import { recoveredRows } from "./attest/report/recovered.ts";
import { inventoryWriter, testify } from "./attest/testify.ts";
import { unreportedOutcomes } from "./attest/report/unreported.ts";
import { decide } from "./decide/decide.ts";
import { KindTable } from "./decide/kind-table.ts";
import { recover } from "./decide/recover.ts";
import { inScope } from "./decide/scope.ts";
import { replaceTargets, touchedTargets, unsettledTargets } from "./decide/settled.ts";
import type { DesiredState } from "./domain/desired.ts";
import { instant, type Target } from "./domain/identity.ts";
import type { Inventory } from "./domain/inventory.ts";
import type { Plan } from "./domain/plan.ts";
import { governedKinds, kinds } from "./kinds/index.ts";
import { load } from "./load/load.ts";
import type { RowSink } from "./observe/governed.ts";
import { observe } from "./observe/observe.ts";
import { vaultRows } from "./survey/vaults.ts";
import type { FleetReader, FleetWriter, Lease, OwnReport, Reading, Run, StandDown, World } from "./ports.ts";

/** What a run ends with: its report, or the word that another run has the fleet. */
export type Finished =
  | { readonly ended: "reported"; readonly published: OwnReport }
  | { readonly ended: "stood-down"; readonly record: StandDown; readonly url: string };

/** What should change and why, with what it was worked out from. */
export interface Proposal<Fleet extends FleetReader = FleetReader> {
  readonly desired: DesiredState;
  readonly fleet: Fleet;
  readonly inventory: Inventory;
  readonly plan: Plan;
}

/** Bring every target to its desired state, and leave evidence of what was found and done. */
export async function reconcile(run: Run, world: World): Promise<Finished> {
  const lease = await world.leases.take(run.id);
  if ("heldBy" in lease) return standDown(run, lease.heldBy, world);
  try {
    return { ended: "reported", published: await perform(run, lease, world) };
  } finally {
    await giveBack(lease, world);
  }
}

/** The next run need not wait for the lease to run out. Where the store is out of reach it will, and this run came to what it came to. */
async function giveBack(lease: Lease, { log }: World): Promise<void> {
  await lease.release().catch((error: unknown) => {
    log("lease-not-given-back", {
      holder: lease.holder,
      error: error instanceof Error ? error.message : String(error),
    });
  });
}

/** The run itself, under its lease. Whatever breaks it off goes into its report; it rejects only where there can be none. */
async function perform(run: Run, lease: Lease, world: World): Promise<OwnReport> {
  const record = new RunRecord(run, world.clock.now());
  const inventory = inventoryWriter(world.evidence);
  const dead = await world.journal.unclosed();
  try {
    record.memory = await world.history.read();
    record.unreported = unreportedOutcomes(dead, record.startedOn);
    await world.evidence.open(run.id, instant(record.startedOn));
    // What AWS calls it is told in the report; a run does not depend on it.
    record.caller = await world.organization.caller().catch(() => undefined);
    const proposal = await propose(record, world, inventory.write);
    record.recovered.push(
      ...recoveredRows(dead, (intent) => recover(intent, proposal.plan.drift, proposal.inventory.governed)),
    );
    await carryOut(record, proposal, lease, world);
    record.after = await settle(record, proposal, world);
    await takeStock(record, proposal, world);
  } catch (error) {
    record.abort(error);
  }
  world.progress({ stage: "publish" });
  const published = await testify(record, inventory, world, world.clock.now());
  // A dead run's journal stays open until a report has said what it did.
  const told = record.plan ? dead.map((journal) => journal.run) : [];
  for (const journal of [...told, run.id]) await world.journal.close(journal, published.sequence);
  return published;
}

/** What should change, and why. Reads only: this much is also `holdfast plan`. */
export async function propose<Fleet extends FleetReader>(
  record: RunRecord,
  world: Pick<Reading, "clock" | "progress" | "source" | "organization" | "history"> & {
    enter: (...access: Parameters<Reading["enter"]>) => Fleet;
  },
  sink?: RowSink,
): Promise<Proposal<Fleet>> {
  world.progress({ stage: "load" });
  const snapshot = await world.source.read();
  record.revision = snapshot.revision;
  record.pack = snapshot.pack;
  const whole = await load(snapshot, world.organization, world.clock.now());
  const desired = (record.desired = inScope(whole, record.run.scope));
  record.groups = await groupMembers(desired, world.history);
  const fleet = world.enter(desired.fleet.access, record.run.id);
  record.observations = () => fleet.observations();
  const inventory = (record.before = await look(desired, desired.fleet.targets, record, fleet, world, { sink }));
  world.progress({ stage: "decide", warnings: desired.warnings });
  const plan = (record.plan = await judgeProven(desired, inventory, record, world));
  record.calls = fleet.calls();
  return { desired, fleet, inventory, plan };
}

/** The members of the groups that approvals name, each as the report they name lists them (rule 7). A group that is not there covers nothing. */
async function groupMembers(
  { approvals }: DesiredState,
  history: Reading["history"],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = new Map<string, readonly string[]>();
  for (const { id, report } of approvals.flatMap(({ groups }) => groups)) {
    const found = members.has(id) ? undefined : await history.group(report, id);
    if (found) members.set(id, found);
  }
  return members;
}

/** Decides, and where nothing but the reading of the chain keeps a destruction from going, reads it and decides again (law 3). */
async function judgeProven(
  desired: DesiredState,
  inventory: Inventory,
  record: RunRecord,
  { clock, history }: Pick<Reading, "clock" | "history">,
): Promise<Plan> {
  const plan = judge(desired, inventory, record, clock.now());
  if (plan.unproven.length === 0) return plan;
  record.standing = await history.standing(plan.unproven);
  return judge(desired, inventory, record, clock.now());
}

const table = new KindTable(kinds, governedKinds);

/** Findings of a sort kept a partition: more than a run could mend at AWS's five edits a second in its quarter of an hour. */
const ROOM = 5_000;

const look = (
  desired: DesiredState,
  targets: readonly Target[],
  record: RunRecord,
  fleet: FleetReader,
  { clock, progress }: Pick<Reading, "clock" | "progress">,
  { sink, earlier }: { readonly sink?: RowSink | undefined; readonly earlier?: Inventory } = {},
): Promise<Inventory> =>
  observe(desired, targets, {
    clock,
    progress,
    fleet,
    kinds,
    governed: governedKinds,
    adopted: adoptedBy(record),
    memory: foldMemory(record),
    room: ROOM,
    ...(sink ? { sink } : {}),
    ...(earlier ? { earlier } : {}),
  });

const judge = (desired: DesiredState, inventory: Inventory, record: RunRecord, now: Date): Plan =>
  decide(desired, inventory, groundsOf(record, now), table);

const carryOut = (
  record: RunRecord,
  { desired, fleet, plan }: Proposal<FleetWriter>,
  lease: Lease,
  { clock, journal, progress }: World,
): Promise<void> =>
  apply(
    plan,
    {
      run: record.run.id,
      fleetName: desired.fleet.name,
      concurrency: desired.fleet.guardrails.concurrency,
      kinds,
      governed: governedKinds,
      world: fleet,
      lease,
      journal,
      clock,
      progress,
      deadline: record.run.deadline,
      reportSequence: record.memory?.head?.sequence ?? 0,
      adopted: adoptedBy(record),
    },
    record.outcomes,
  );

/** AWS shows some writes up to two minutes late (semantics §0.5). */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 2_000;

/** Looks again at the targets that were written to, until what AWS accepted shows or patience runs out: the world as this run leaves it. */
async function settle(record: RunRecord, proposal: Proposal, world: World): Promise<Plan> {
  const { desired, fleet } = proposal;
  const until = Math.min(world.clock.monotonic() + PATIENCE_MS, record.run.deadline);
  let [targets, seen, left] = [touchedTargets(record.outcomes), proposal.inventory, proposal.plan];
  while (targets.length > 0) {
    record.seen = seen = replaceTargets(
      seen,
      await look(desired, targets, record, fleet, world, { earlier: seen }),
      targets,
    );
    left = judge(desired, seen, record, world.clock.now());
    targets = world.clock.monotonic() < until ? unsettledTargets(left, record.outcomes) : [];
    if (targets.length > 0) await world.clock.sleep(PAUSE_MS);
  }
  record.calls = fleet.calls();
  return left;
}

/**
 * What the report says beyond what manifests select. It comes last: nothing waits for it, and nothing is decided by it. A run over a part
 * of the fleet tells of no population; the next whole one goes on from where the last left off.
 */
async function takeStock(record: RunRecord, { desired, fleet }: Proposal, { clock }: World): Promise<void> {
  record.vaults = vaultRows((record.seen ?? record.before)?.listings ?? [], kinds);
  if (record.run.scope) return;
  // Read when it is its turn: no run waits for it before it has mended what there was to mend (decision 10).
  const { survey } = await import("./survey/survey.ts");
  const { targets, guardrails } = desired.fleet;
  const last = record.memory?.carried.surveyed;
  record.survey = await survey(targets, { clock, fleet, concurrency: guardrails.concurrency, last });
  record.calls = fleet.calls();
}

/** Another run has the fleet: say so where the next report will find it, and touch nothing (law 9). */
async function standDown(run: Run, holder: string, { clock, evidence }: World): Promise<Finished> {
  const record = { run: run.id, on: instant(clock.now()), holder };
  return { ended: "stood-down", record, url: await evidence.standDown(record) };
}
