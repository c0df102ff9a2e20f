import { rm } from "node:fs/promises";
import { addRecoveryPoint, addVault } from "../../test/simulator/backup/build.ts";
import type { Simulator } from "../../test/simulator/simulator.ts";
import { type Checkout, openCheckout } from "./checkout.ts";
import { BUCKETS, IRELAND, PRODUCTION } from "./company.ts";
import { expectCode, type Shell } from "./shell.ts";

const EXAMPLE = "desired-state/examples/orphan-clean-up";
/** The team's checkout of the manifests, into which approvals are written. */
const CHECKOUT = ".holdfast/demo-clean-up";
const VAULT = "app-backups";
const HOURS = 3_600_000;
const DAYS = 24 * HOURS;
const GIB = 1024 ** 3;

const volume = (name: string): string => `arn:aws:ec2:${IRELAND}:${PRODUCTION}:volume/${name}`;
const IN_USE = volume("vol-0a1b2c3d4e5f60001");
const DELETED = volume("vol-0dead00000000beef");
const snapshot = (name: string): string => `arn:aws:ec2:${IRELAND}::snapshot/${name}`;
/** The one that somebody still wants. */
const WANTED = "snap-0old0shop00000002";

/** A vault with a year of good backups, and what plans, people and AWS Backup itself left behind in it. */
export function addLeftOvers(simulator: Simulator): void {
  const state = simulator.backup(PRODUCTION, IRELAND);
  addVault(state, { name: VAULT });
  const add = (name: string, days: number, rest: Partial<Parameters<typeof addRecoveryPoint>[1]>) =>
    addRecoveryPoint(state, {
      vault: VAULT,
      arn: snapshot(name),
      resourceArn: IN_USE,
      resourceType: "EBS",
      creationDate: new Date(simulator.clock.now().getTime() - days * DAYS),
      sizeBytes: 8 * GIB,
      ...rest,
    });
  for (let night = 1; night <= 365; night++)
    add(`snap-0good${String(night).padStart(12, "0")}`, night, { lifecycle: { DeleteAfterDays: 1_000 } });
  for (const night of [1, 2, 3])
    add(`snap-0spent${String(night).padStart(11, "0")}`, 400 + night, {
      lifecycle: { DeleteAfterDays: 35 },
      status: "EXPIRED",
      statusMessage: "AWS Backup could not delete the recovery point: its role was gone",
    });
  const BackupPlanId = "0b5e1e7e-0000-4000-8000-00000000d00d";
  const createdBy = {
    BackupPlanId,
    BackupPlanArn: `arn:aws:backup:${IRELAND}:${PRODUCTION}:backup-plan:${BackupPlanId}`,
    BackupRuleName: "monthly",
  };
  for (const night of [1, 2, 3]) add(`snap-0old0shop0000000${night}`, 500 + night, { createdBy, sizeBytes: 120 * GIB });
  const elsewhere = {
    ...createdBy,
    BackupPlanArn: `arn:aws:backup:us-west-2:${PRODUCTION}:backup-plan:${BackupPlanId}`,
  };
  for (const night of [1, 2])
    add(`snap-0gone0000000000${night}`, 300 + night, {
      createdBy: elsewhere,
      resourceArn: DELETED,
      sizeBytes: 40 * GIB,
    });
}

/** Recovery points that nobody owns: seen, announced, objected to, approved, and destroyed after their grace. */
export async function tellOfLeftOvers(world: Simulator, shell: Shell): Promise<void> {
  await using opened = await checkout(world.clock.now());
  shell.say(`Vault ${VAULT} has a good snapshot for every night of a year, and eight more that nobody owns:`);
  await sync(shell);
  expectCode(await shell.holdfast(["plan"]), 0);
  shell.say("A run marks them for people to see, and announces in its signed report what would go. Nothing goes.");
  expectCode(await shell.holdfast(["reconcile"], { show: { paragraphs: ["Announced"] } }), 3);

  shell.say("\nFinance finds the tag holdfast:orphan on a snapshot that the auditors asked for, and objects:");
  const tag = { Key: "holdfast:keep", Value: "audit-2025" };
  shell.type(`aws ec2 create-tags --resources ${WANTED} --tags Key=${tag.Key},Value=${tag.Value}`);
  world.operator(PRODUCTION, IRELAND)("ec2", "CreateTags", { Resources: [WANTED], Tags: [tag] });
  await pass(shell, 24 * HOURS);
  expectCode(await shell.holdfast(["reconcile"], { show: { paragraphs: ["Announced", "Waiting for approval"] } }), 3);

  shell.say("\nThe owners agree to the rest. Consent is a manifest: reviewed and committed like any other.");
  const groups = await groupsOf(shell);
  const why = ["--reason", "agreed with the shop team", "--ticket", "OPS-1234", "--for", "20d", "--name", "clean-up"];
  expectCode(await shell.holdfast(["approve", ...groups, ...why, "--write", CHECKOUT]), 0);
  await opened.edit("approvals/clean-up.yaml", (written) => written, "Let go of what nobody owns", world.clock.now());
  await sync(shell);

  shell.say("\nTwo weeks pass, in which anybody may object. Then one goes first, to see that deleting works at all:");
  await pass(shell, 14 * DAYS);
  expectCode(await shell.holdfast(["reconcile"]), 3);
  shell.say("\nThe others follow, as many a day as the budget lets go:");
  for (const hours of [1, 25]) {
    await pass(shell, hours * HOURS);
    expectCode(await shell.holdfast(["reconcile"], { show: { paragraphs: ["Deletions"] } }), 3);
  }
  shell.say("\nWhat AWS accepted is confirmed by what it lists afterwards, and by nothing else:");
  await pass(shell, 1 * HOURS);
  expectCode(await shell.holdfast(["reconcile"], { show: "total" }), 3);
  expectCode(await shell.holdfast(["report", "show"]), 0);
  expectCode(await shell.holdfast(["report", "list"]), 0);
  expectLeft(world, shell);
}

async function checkout(on: Date): Promise<Checkout & AsyncDisposable> {
  const opened = await openCheckout(EXAMPLE, CHECKOUT, on);
  return { ...opened, [Symbol.asyncDispose]: () => rm(CHECKOUT, { recursive: true, force: true }) };
}

const sync = async (shell: Shell): Promise<void> =>
  expectCode(await shell.holdfast(["sync", "--desired-state", CHECKOUT, "--to", `s3://${BUCKETS.desired}`]), 0);

/** Time passes there, as whoever has the simulator running lets it pass. */
async function pass(shell: Shell, advanceMs: number): Promise<void> {
  const url = `${shell.endpoint}/_simulator/clock`;
  const body = JSON.stringify({ advanceMs });
  shell.type(`curl -d '${body}' ${url}`);
  const answer = await fetch(url, { method: "POST", body });
  if (!answer.ok) throw new Error(`the simulator's clock did not move: ${await answer.text()}`);
}

/** The groups that the newest report lists, by their ids. */
async function groupsOf(shell: Shell): Promise<readonly string[]> {
  const { output } = await shell.holdfast(["report", "show", "-o", "json"], { show: "nothing" });
  const { report } = JSON.parse(output) as {
    readonly report: { readonly groups?: readonly { readonly id: string }[] };
  };
  return (report.groups ?? []).map(({ id }) => id);
}

/** The demo is a test as well: what was objected to, or not proven, is there; what was agreed to is gone, and a good point never goes. */
function expectLeft(world: Simulator, shell: Shell): void {
  const points = [...(world.backup(PRODUCTION, IRELAND).vaults.get(VAULT)?.points ?? [])].map(({ arn }) => arn);
  const good = points.filter((arn) => arn.includes("snap-0good")).length;
  const others = points.filter((arn) => !arn.includes("snap-0good")).map((arn) => arn.slice(arn.lastIndexOf("/") + 1));
  shell.say(`\nLeft in ${VAULT}: ${good} good ones, and ${others.toSorted().join(", ")}.`);
  if (good !== 365 || others.length !== 3 || !others.includes(WANTED))
    throw new Error("the clean-up took what it should have left, or left what it should have taken");
}
