import type { Simulator } from "../../test/simulator/simulator.ts";
import { type Checkout, openCheckout } from "./checkout.ts";
import { BUCKETS, IRELAND, PRODUCTION } from "./company.ts";
import { doAll, INTRUDER, WEEKEND, type Deed } from "./people.ts";
import { expectCode, type Shell } from "./shell.ts";

const EXAMPLE = "desired-state/examples/production-fleet";
const DAYS = 86_400_000;
const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

/** The main job, leaving behind in a folder what an auditor is given: a fleet that came apart over a weekend is put back, what would weaken it is held, the report is signed and verified. */
export async function tellOfAWeekend(world: Simulator, shell: Shell, left: string): Promise<void> {
  shell.say(`AWS, simulated, at ${shell.endpoint}: three accounts, two Regions each.`);
  shell.say("Last week the platform team committed desired-state/examples/production-fleet, and Holdfast set it up:");
  const checkout = await openCheckout(EXAMPLE, `${left}/manifests`, world.clock.now());
  const sync = ["sync", "--desired-state", checkout.path, "--to", `s3://${BUCKETS.desired}`];
  expectCode(await shell.holdfast(sync), 0);
  expectCode(await shell.holdfast(["reconcile"], { show: "nothing" }), 0);
  const made = writes(world, 0);
  shell.say(
    `${made} writes later everything was in place. Six nights of backups pass, and a weekend. People have been at the console:`,
  );
  world.clock.advance(6 * DAYS);
  doAll(world, WEEKEND);
  shell.say(listed(WEEKEND));

  shell.say("Monday. What would Holdfast do?");
  expectCode(await shell.holdfast(["plan"]), 0);
  shell.say("What strengthens protection is put back unasked; what would weaken it waits for somebody's consent.");
  // Each command takes its time from the store: without this, all of them would begin at the same moment.
  world.clock.advance(5 * MINUTES);
  expectCode(await shell.holdfast(["reconcile"]), 3);

  shell.say("The team agrees with the longer retention, and commits it:");
  world.clock.advance(20 * MINUTES);
  await acceptLongerRetention(checkout, world.clock.now());
  expectCode(await shell.holdfast(sync), 0);
  expectCode(await shell.holdfast(["reconcile"], { show: "total" }), 0);

  shell.say("Is the orders database safe, and why?");
  expectCode(await shell.holdfast(["explain", `arn:aws:rds:${IRELAND}:${PRODUCTION}:db:orders`]), 0);

  shell.say("And once more, with nothing left to do:");
  world.clock.advance(10 * MINUTES);
  const before = world.calls.all().length;
  const rest = await shell.holdfast(["reconcile"]);
  expectCode(rest, 0);
  expectRest(world, before, shell);

  shell.say(
    "An auditor checks the chain of reports, with the manifests from git and the head that the team wrote down:",
  );
  const [head = ""] = /--head \S+/.exec(rest.output) ?? [];
  expectCode(await shell.holdfast(["report", "verify", ...head.split(" "), "--manifests", checkout.path]), 0);

  shell.say("An intruder comes by night:");
  world.clock.advance(18 * HOURS);
  doAll(world, INTRUDER);
  shell.say(listed(INTRUDER));
  expectCode(await shell.holdfast(["reconcile"]), 0);
  expectCode(await shell.holdfast(["report", "list"]), 0);
  shell.say("For reading, a page that verifies itself in any browser, from disk and without a network:");
  expectCode(await shell.holdfast(["report", "html", "--out", `${left}/report.html`]), 0);
  shell.say("And one file with all of it for an auditor, who needs nothing of Holdfast to check it:");
  expectCode(await shell.holdfast(["report", "pack", "--out", `${left}/evidence.tar`]), 0);
  shell.say("Put back, and on record. Now yours: npm run simulator -- --port 4599, and README.md.");
}

function listed(deeds: readonly Deed[]): string {
  return deeds.map(({ account, region, did }) => `  · ${account} ${region}  ${did}`).join("\n");
}

/** Calls that changed AWS Backup, as the simulator's own log has them. */
function writes(world: Simulator, since: number): number {
  return world.calls.since(since).filter(({ service, mutating }) => service === "backup" && mutating).length;
}

function expectRest(world: Simulator, since: number, shell: Shell): void {
  const count = writes(world, since);
  shell.say(`Writes to AWS Backup in that run, by the simulator's own log: ${count}.`);
  if (count > 0) throw new Error("a run over a converged fleet wrote to AWS Backup");
}

/** Exactly the two daily rules that people had raised at the console. */
const acceptLongerRetention = (checkout: Checkout, on: Date): Promise<void> =>
  checkout.edit(
    "plans.yaml",
    (plans) => raise(raise(plans, "bronze", 14, 30), "silver", 35, 60),
    "Keep bronze for 30 days and silver for 60, as it is live",
    on,
  );

const raise = (plans: string, plan: string, from: number, to: number): string =>
  plans.replace(
    new RegExp(`(name: ${plan} \\}[\\s\\S]*?ruleName: daily[\\s\\S]*?deleteAfterDays: )${from}\\b`),
    (_all, before: string) => `${before}${to}`,
  );
