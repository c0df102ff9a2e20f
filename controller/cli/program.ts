import { Command, CommanderError } from "commander";
import { HoldfastError } from "../domain/errors.ts";
import { ManifestsRefused } from "../load/problems.ts";
import { problemsText } from "../views/problems-text.ts";
import { VERSION } from "../version.ts";
import { applyCommand } from "./commands/apply.ts";
import { approveCommand } from "./commands/approve.ts";
import { explainCommand } from "./commands/explain.ts";
import { keysCommand } from "./commands/keys.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { planCommand } from "./commands/plan.ts";
import { releaseCommand } from "./commands/release.ts";
import { syncCommand } from "./commands/sync.ts";
import { validateCommand } from "./commands/validate.ts";
import type { Flags, Invocation } from "./invocation.ts";
import {
  acting,
  approving,
  checking,
  evidence,
  looking,
  manifests,
  printing,
  reaching,
  syncTrust,
  telling,
  writing,
} from "./options.ts";
import { addReportCommands } from "./report-commands.ts";
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

/** Adds a command to another, and answers it for its options. */
export type AddCommand = (parent: Command, usage: string, summary: string, work: Work) => Command;
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
  const command: AddCommand = (parent, usage, summary, work) =>
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
  telling(writing(acting(apply))).option("--yes", "do not ask");
  const summary = "carry out the plan without asking, as the scheduled controller does";
  telling(writing(acting(command(program, "reconcile", summary, applyCommand({ asks: false })))));
  approving(looking(printing(command(program, "approve [id...]", APPROVE, approveCommand))));
  acting(command(program, "explain <arn|id>", EXPLAIN, explainCommand));
  const publish = "publish a folder of manifests as the next revision of the desired state";
  reaching(printing(syncTrust(manifests(command(program, "sync", publish, syncCommand)))))
    .requiredOption("--to <s3://bucket/prefix>", "where the controller reads its desired state")
    .option("--sync-signer <key>", "kms:KEY or file:PATH that signs the revision's HEAD");

  reaching(command(program, "keys", KEYS, keysCommand))
    .requiredOption("--signer <key>", "kms:KEY or file:PATH of a P-256 key (HOLDFAST_SIGNER)")
    .option("--second-signer <key>", "the same of an ML-DSA-65 key that signs as well (HOLDFAST_SECOND_SIGNER)");
  looking(printing(command(program, "release", RELEASE, releaseCommand)));
  const check = "look at an installation: roles, buckets, keys, opt-ins, schedule and alarms, and say what to fix";
  checking(
    writing(
      reaching(evidence(syncTrust(manifests(printing(command(program, "doctor", check, doctorCommand), "markdown"))))),
    ),
  );

  addReportCommands(program, command);
  return program;
}

const APPROVE =
  "write the Approval manifest that consents to changes or groups, to be committed; writes nothing to AWS";

const EXPLAIN =
  "say why a resource is or is not protected, and what would be needed (exits 2 where it is not, or less than a policy asks, 4 where nobody can tell); or what a change or a group of findings is and what holds it";

const KEYS = "print the keys.json that trusts a key, to be committed before it signs; signs nothing";
const RELEASE = "print the commands by which people let go of what the fleet owns; writes nothing";

const EXIT_CODES = `
Exit codes, the worst wins: 0 done · 1 failed · 2 drift (plan --exit-code) or not protected (explain) · 3 held, or another controller has the lease
4 incomplete: something could not be read · 5 a verification answered no`;
