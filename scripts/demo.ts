import { fileURLToPath } from "node:url";
import type { Simulator } from "../test/simulator/simulator.ts";
import { buildCompany, BUCKETS } from "./demo/company.ts";
import { acceptLongerRetention } from "./demo/commit.ts";
import { doAll, INTRUDER, WEEKEND, type Deed } from "./demo/people.ts";
import { openShell, type Ran, type Shell } from "./demo/shell.ts";

/**
 * The main job, shown on the simulator: a fleet that came apart over a weekend is put back, what would weaken it is held, the report is
 * signed and verified. It runs the CLI as a user would, over HTTP, with no AWS account and nothing of the caller's AWS settings.
 */
const EXAMPLE = "desired-state/examples/production-fleet";
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const DAYS = 86_400_000;

const color =
  process.env["NO_COLOR"] === undefined && (process.stdout.isTTY || process.env["FORCE_COLOR"] !== undefined);
const simulator = buildCompany();
const server = await simulator.listen(0);
try {
  await tell(
    simulator,
    openShell({ endpoint: server.endpoint, color, print: (text) => void process.stdout.write(text) }),
  );
} finally {
  await server.close();
}

async function tell(world: Simulator, shell: Shell): Promise<void> {
  shell.say(`AWS, simulated, at ${server.endpoint}: three accounts, two Regions each.`);
  shell.say("Last week the platform team committed desired-state/examples/production-fleet, and Holdfast set it up:");
  expectCode(await shell.holdfast(["sync", "--desired-state", EXAMPLE, "--to", `s3://${BUCKETS.desired}`]), 0);
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
  expectCode(await shell.holdfast(["reconcile"]), 3);

  shell.say("The team agrees with the longer retention, and commits it:");
  await using folder = await acceptLongerRetention(EXAMPLE);
  expectCode(await shell.holdfast(["sync", "--desired-state", folder.path, "--to", `s3://${BUCKETS.desired}`]), 0);
  expectCode(await shell.holdfast(["reconcile"], { show: "total" }), 0);

  shell.say("And once more, with nothing left to do:");
  const before = world.calls.all().length;
  const rest = await shell.holdfast(["reconcile"]);
  expectCode(rest, 0);
  expectRest(world, before, shell);

  shell.say(
    "An auditor checks the chain of reports, with the manifests from git and the head that the team wrote down:",
  );
  const [head = ""] = /--head \S+/.exec(rest.output) ?? [];
  expectCode(await shell.holdfast(["report", "verify", ...head.split(" "), "--manifests", folder.path]), 0);

  shell.say("An intruder comes by night:");
  doAll(world, INTRUDER);
  shell.say(listed(INTRUDER));
  expectCode(await shell.holdfast(["reconcile"]), 0);
  expectCode(await shell.holdfast(["report", "list"]), 0);
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

/** The demo is a test as well: where the CLI ends otherwise than told here, it fails. */
function expectCode({ code, output }: Ran, expected: number): void {
  if (code !== expected) throw new Error(`holdfast ended with exit code ${code}, not ${expected}:\n${output}`);
}
