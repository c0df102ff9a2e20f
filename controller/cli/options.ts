import { Option, type Command } from "commander";
import type { Format } from "./invocation.ts";

/** Options that several commands have, by what they are for. */

/** What a command prints: text and JSON always, more where it can. */
export const printing = (command: Command, ...more: readonly Format[]): Command =>
  command.addOption(
    new Option("-o, --output <format>", "how to print").choices(["text", "json", ...more]).default("text"),
  );

export const manifests = (command: Command): Command =>
  command.option(
    "--desired-state <dir|s3://…>",
    "manifests: a folder, or where holdfast sync publishes (HOLDFAST_DESIRED_STATE)",
  );

export const syncTrust = (command: Command): Command =>
  command.option(
    "--sync-trust <keys.json>",
    "keys that the desired state's HEAD must be signed by (HOLDFAST_SYNC_TRUST)",
  );

export const evidence = (command: Command): Command =>
  command
    .option("--evidence <dir|s3://…>", "reports (HOLDFAST_EVIDENCE; default .holdfast/evidence)")
    .option("--trust <keys.json>", "pinned keys that reports must verify against (HOLDFAST_TRUST)");

export const spanning = (command: Command, otherwise = "by default the chain's first"): Command =>
  command
    .option("--from <sequence|date>", `the first report: its number, or a day or time in UTC; ${otherwise}`)
    .option("--to <sequence|date>", "the last one, a whole day where it is a day; by default the newest");

/** What it takes to look at the fleet in the light of what earlier reports remember. */
export const looking = (command: Command): Command => scoped(reaching(evidence(syncTrust(manifests(command)))));
export const acting = (command: Command): Command => looking(printing(command, "markdown"));

export const reaching = (command: Command): Command =>
  command
    .option("--endpoint-url <url>", "where AWS is, if not where the SDK looks (AWS_ENDPOINT_URL)")
    .option("--region <region>", "Region for STS, S3, KMS and Organizations (AWS_REGION)")
    .option("--allow-http", "allow a plain http endpoint that is not on this machine");

const scoped = (command: Command): Command =>
  command
    .option("--account <id...>", "look at these accounts only; what is not purely strengthening is held")
    .option("--only-region <region...>", "look at these Regions only");

export const writing = (command: Command): Command =>
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

/** Whoever does not tell leaves it to the controller's next run. */
export const telling = (command: Command): Command =>
  command.option("--notify", "tell the Fleet's routes what is of concern, as the controller does after its runs");

/** Where an installation's parts are; what is not given is looked up where the controller has it. */
export const checking = (command: Command): Command =>
  command.option(
    "--function <arn>",
    "the controller's alias: has it look at its members itself, whom nobody else can enter",
  );

export const approving = (command: Command): Command =>
  command
    .requiredOption("--reason <text>", "why; it goes into the report of every use")
    .option("--ticket <ticket>", "where the decision is on record")
    .option("--for <days>", "how long it holds, 1d to 29d (default 14d)")
    .option("--expires <YYYY-MM-DD>", "the last day (UTC) on which it holds, in place of --for")
    .option("--name <name>", "the Approval's name; by default the first id")
    .option("--last-point <arn...>", "recovery points that may go although they are the last of their resource")
    .option("--standing <policy>", "whatever this policy announces as expired, for as long as the approval holds")
    .option("--write <dir>", "folder of manifests to write approvals/NAME.yaml into; by default the desired state's");
