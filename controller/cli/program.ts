import { Command, CommanderError, Option } from "commander";
import { HoldfastError } from "../domain/errors.ts";
import { ManifestsRefused } from "../load/problems.ts";
import { problemsText } from "../views/problems-text.ts";
import { VERSION } from "../version.ts";
import { applyCommand } from "./commands/apply.ts";
import { approveCommand } from "./commands/approve.ts";
import { reportExport } from "./commands/export.ts";
import { reportPack } from "./commands/pack.ts";
import { planCommand } from "./commands/plan.ts";
import { rechainCommand } from "./commands/rechain.ts";
import { reportHtml, reportViewer } from "./commands/report-html.ts";
import { rotateKeysCommand } from "./commands/rotate-keys.ts";
import { reportDiff, reportList, reportShow, reportVerify } from "./commands/report.ts";
import { syncCommand } from "./commands/sync.ts";
import { validateCommand } from "./commands/validate.ts";
import { FORMATS } from "../exports/formats.ts";
import type { Flags, Format, Invocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Work = (invocation: Invocation) => Promise<number>;

/** Runs one command line and answers its exit code (design §14). Prints through the terminal it is given and nowhere else. */
export async function runCommandLine(
  argv: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<number> {
  let code = 0;
  const program = buildProgram(terminal, async (work, flags, operands) => {
    code = await guarded(work, { flags, operands, environment, terminal });
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  }
}

async function guarded(work: Work, invocation: Invocation): Promise<number> {
  try {
    return await work(invocation);
  } catch (error) {
    invocation.terminal.err(errorText(error, invocation.terminal));
    return 1;
  }
}

function errorText(error: unknown, { color, width }: Terminal): string {
  if (error instanceof ManifestsRefused) return problemsText(error.problems, { color, width });
  if (error instanceof HoldfastError) return `holdfast: ${error.message}`;
  return `holdfast: unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

type Start = (work: Work, flags: Flags, operands: readonly string[]) => Promise<void>;

function buildProgram(terminal: Terminal, start: Start): Command {
  const program = new Command("holdfast")
    .description(
      "GitOps for AWS Backup: desired state in git, drift mended under guardrails, signed evidence of every run.",
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText("after", EXIT_CODES);
  const command = (parent: Command, usage: string, summary: string, work: Work): Command =>
    parent
      .command(usage)
      .description(summary)
      .exitOverride()
      .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
      .action(async (...given: unknown[]) => {
        const self = given.at(-1) as Command;
        await start(work, self.optsWithGlobals<Flags>(), self.args);
      });

  printing(manifests(command(program, "validate [dir]", "check manifests; needs no credentials", validateCommand)));
  acting(command(program, "plan", "show what would change and why; writes nothing", planCommand)).option(
    "--exit-code",
    "exit 2 when something would change, 3 when something is held",
  );
  const apply = command(program, "apply", "show the plan, ask, then carry it out", applyCommand({ asks: true }));
  writing(acting(apply)).option("--yes", "do not ask");
  const summary = "carry out the plan without asking, as the scheduled controller does";
  writing(acting(command(program, "reconcile", summary, applyCommand({ asks: false }))));
  approving(looking(printing(command(program, "approve [id...]", APPROVE, approveCommand))));
  const publish = "publish a folder of manifests as the next revision of the desired state";
  reaching(printing(syncTrust(manifests(command(program, "sync", publish, syncCommand)))))
    .requiredOption("--to <s3://bucket/prefix>", "where the controller reads its desired state")
    .option("--sync-signer <key>", "kms:KEY or file:PATH that signs the revision's HEAD");

  const report = program
    .command("report")
    .description("signed reports: list, show, diff, verify, pack, export")
    .exitOverride();
  const reports = (one: Command): Command => reaching(evidence(one));
  printing(reports(command(report, "list", "one line a report, newest first, and the trend", reportList))).option(
    "--last <count>",
    "the newest reports alone",
  );
  printing(reports(command(report, "diff [from] [to]", "what changed between two reports", reportDiff)));
  printing(reports(command(report, "show [sequence]", "one report; the newest by default", reportShow)), "markdown");
  const check = "check every signature and the chain; exits 5 on any no";
  printing(reports(command(report, "verify", check, reportVerify)))
    .option("--pack <file.tar|dir>", "an evidence pack, as it is or unpacked, in place of the evidence store")
    .option(
      "--start <sequence:sha256>",
      "the first report, where the chain begins before it; by default what a pack says",
    )
    .option("--keys <keys.json>", "keys you got from elsewhere than the evidence store")
    .option("--head <sequence:sha256>", "the newest report as you know it from elsewhere: answers ANCHORED")
    .option("--manifests <dir>", "the manifests as you know them from git: answers SOURCED for the newest report");
  const html = "a month of reports as one page that verifies itself; a report's number to show that one first";
  spanning(reports(command(report, "html [sequence]", html, reportHtml)), "by default a month before the last")
    .requiredOption("--out <file.html>", "the page to write")
    .option("--keys <keys.json>", "keys you got from elsewhere than the evidence store, to put on the page");
  command(
    report,
    "viewer",
    "the page without data: verifies files that are dropped on it",
    reportViewer,
  ).requiredOption("--out <file>", "the page to write");
  const pack = "one file with everything that an auditor needs to check a period alone";
  spanning(reports(command(report, "pack", pack, reportPack))).requiredOption("--out <file.tar>", "where to write it");
  const other = "reports in a form that other tools read";
  spanning(reports(command(report, "export [sequence]", other, reportExport)))
    .addOption(new Option("--format <format>", "which form").choices([...FORMATS]).makeOptionMandatory())
    .requiredOption("--out <dir>", "folder to write into");
  const anew = "begin a chain anew in place of one that does not verify: all grace begins anew, no approval is left";
  writing(reports(syncTrust(manifests(printing(command(report, "rechain", anew, rechainCommand))))))
    .requiredOption("--reason <text>", "why; it goes into the new chain's first report")
    .option(
      "--head <sequence:sha256>",
      "the newest report as you know it from elsewhere: shows a chain that was cut off",
    )
    .option("--yes", "do not ask");
  const handOver = "hand the chain over to other keys, by a report that the old ones and the new sign";
  writing(reports(syncTrust(manifests(printing(command(report, "rotate-keys", handOver, rotateKeysCommand))))))
    .requiredOption("--reason <text>", "why; it goes into the report")
    .option("--to <key>", "kms:KEY or file:PATH that signs from now on, in the place of the P-256 key")
    .option("--second-to <key>", "the same of ML-DSA-65, in the place of the second key or as the first one")
    .option("--revoke <keyid>", "a key that is lost or stolen: it does not sign this report, and none after it")
    .option("--yes", "do not ask");
  return program;
}

/** What a command prints: text and JSON always, more where it can. */
const printing = (command: Command, ...more: readonly Format[]): Command =>
  command.addOption(
    new Option("-o, --output <format>", "how to print").choices(["text", "json", ...more]).default("text"),
  );

const manifests = (command: Command): Command =>
  command.option(
    "--desired-state <dir|s3://…>",
    "manifests: a folder, or where holdfast sync publishes (HOLDFAST_DESIRED_STATE)",
  );

const syncTrust = (command: Command): Command =>
  command.option(
    "--sync-trust <keys.json>",
    "keys that the desired state's HEAD must be signed by (HOLDFAST_SYNC_TRUST)",
  );

const evidence = (command: Command): Command =>
  command
    .option("--evidence <dir|s3://…>", "reports (HOLDFAST_EVIDENCE; default .holdfast/evidence)")
    .option("--trust <keys.json>", "pinned keys that reports must verify against (HOLDFAST_TRUST)");

const spanning = (command: Command, otherwise = "by default the chain's first"): Command =>
  command
    .option("--from <sequence|date>", `the first report: its number, or a day or time in UTC; ${otherwise}`)
    .option("--to <sequence|date>", "the last one, a whole day where it is a day; by default the newest");

/** What it takes to look at the fleet in the light of what earlier reports remember. */
const looking = (command: Command): Command => scoped(reaching(evidence(syncTrust(manifests(command)))));
const acting = (command: Command): Command => looking(printing(command, "markdown"));

const reaching = (command: Command): Command =>
  command
    .option("--endpoint-url <url>", "where AWS is, if not where the SDK looks (AWS_ENDPOINT_URL)")
    .option("--region <region>", "Region for STS, S3, KMS and Organizations (AWS_REGION)")
    .option("--allow-http", "allow a plain http endpoint that is not on this machine");

const scoped = (command: Command): Command =>
  command
    .option("--account <id...>", "look at these accounts only; what is not purely strengthening is held")
    .option("--only-region <region...>", "look at these Regions only");

const writing = (command: Command): Command =>
  command
    .option("--work <dir|s3://…>", "lease and journal (HOLDFAST_WORK; default .holdfast/work)")
    .option("--signer <key>", "kms:KEY or file:PATH (HOLDFAST_SIGNER; default a key in .holdfast)")
    .option("--second-signer <key>", "the same of an ML-DSA-65 key that signs as well (HOLDFAST_SECOND_SIGNER)")
    .option("--next-report-within <hours>", "when the next report is due (HOLDFAST_NEXT_REPORT_WITHIN; default 25)")
    .option(
      "--retention <mode:days>",
      "lock reports in their bucket, as governance:2557d (HOLDFAST_RETENTION; default the bucket's own lock)",
    )
    .option(
      "--standalone",
      "keep lease and evidence in folders: nobody else is held off, and nothing is ever destroyed",
    );

const APPROVE =
  "write the Approval manifest that consents to changes or groups, to be committed; writes nothing to AWS";
const approving = (command: Command): Command =>
  command
    .requiredOption("--reason <text>", "why; it goes into the report of every use")
    .option("--ticket <ticket>", "where the decision is on record")
    .option("--for <days>", "how long it holds, 1d to 29d (default 14d)")
    .option("--expires <YYYY-MM-DD>", "the last day (UTC) on which it holds, in place of --for")
    .option("--name <name>", "the Approval's name; by default the first id")
    .option("--last-point <arn...>", "recovery points that may go although they are the last of their resource")
    .option("--standing <policy>", "whatever this policy announces as expired, for as long as the approval holds")
    .option("--write <dir>", "folder of manifests to write approvals/NAME.yaml into; by default the desired state's");

const EXIT_CODES = `
Exit codes, the worst wins: 0 done · 1 failed · 2 drift (plan --exit-code) · 3 held, or another controller has the lease
4 incomplete: something could not be read · 5 a verification answered no`;
