import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RunRecord } from "../../attest/report/record.ts";
import { canonical, digestOf } from "../../domain/digest.ts";
import { validate } from "../../load/load.ts";
import { hasErrors, ManifestsRefused } from "../../load/problems.ts";
import { codeOf } from "../../local/files.ts";
import type { Reading, SourceSnapshot } from "../../ports.ts";
import { propose } from "../../reconcile.ts";
import { readsAlone } from "../../settings.ts";
import { approvalJson, approvalRemarks, approvalText, type ApprovalView, planUnder } from "../../views/approval.ts";
import { createReading } from "../../world.ts";
import { manifestText, nameOf, specOf } from "../approve/manifest.ts";
import { refused, requestOf } from "../approve/request.ts";
import { resolve } from "../approve/resolve.ts";
import { formatOf, scopeOf, settingsOf, type Invocation } from "../invocation.ts";
import { newRun } from "../run.ts";

/** Writes the Approval that a person then commits: consent is given in git and nowhere else (rule 7). Of AWS it only reads. */
export async function approveCommand(invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const settings = settingsOf(invocation);
  const reading = await createReading(settings, { progress: terminal.progress });
  const now = reading.clock.now();
  const request = requestOf(invocation, now);
  const name = nameOf(request);
  const snapshot = await reading.source.read();
  const { plan, desired, memory } = await proposed(invocation, { ...reading, source: { read: async () => snapshot } });
  const [newest, sweep] = [memory.head?.sequence ?? 0, memory.carried.declared?.since];
  const known = { plan, desired, history: reading.history, newest, sweep };
  const resolved = await resolve(request, known);
  const spec = specOf(request, resolved);
  const digest = digestOf(canonical(spec));
  if (memory.carried.consumed?.some((one) => one.digest === digest))
    throw refused(
      "this very approval has been used already, and each is used once: give another --reason or another end",
    );
  const covered = planUnder(plan, resolved.covers);
  const manifest = manifestText(name, spec, approvalRemarks(covered, request.expires, now));
  assertSound(snapshot, name, manifest, now);
  const path = await put(invocation, settings.desiredState, name, manifest);
  say({ name, expires: request.expires, plan: covered, lapsed: resolved.lapsed, manifest, path }, invocation);
  return 0;
}

async function proposed(invocation: Invocation, reading: Reading) {
  const standalone = readsAlone(settingsOf(invocation));
  const record = new RunRecord(newRun(reading.clock, scopeOf(invocation), { standalone }), reading.clock.now());
  const memory = (record.memory = await reading.history.read());
  const { plan, desired } = await propose(record, reading);
  return { plan, desired, memory };
}

const fileOf = (name: string): string => `approvals/${name}.yaml`;

/** What is written down here must hold where it will be read: with all that is declared beside it. */
function assertSound({ files }: SourceSnapshot, name: string, text: string, now: Date): void {
  const path = fileOf(name);
  if (files.some((file) => file.path === path)) throw taken(path);
  const problems = validate([...files, { path, text }], now).filter((problem) => problem.path === path);
  if (hasErrors(problems)) throw new ManifestsRefused(problems);
}

const taken = (path: string) => refused(`${path} is there already: give another --name, or remove it`);

/** Into the folder that is given, else into the desired state where that is one; nowhere where it is published from elsewhere. */
async function put(
  { flags }: Invocation,
  desiredState: string,
  name: string,
  manifest: string,
): Promise<string | undefined> {
  const folder = flags.write ?? (desiredState.startsWith("s3://") ? undefined : desiredState);
  if (folder === undefined) return undefined;
  const path = join(folder, fileOf(name));
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, manifest, { flag: "wx" });
  } catch (error) {
    throw codeOf(error) === "EEXIST" ? taken(path) : error;
  }
  return path;
}

function say(view: ApprovalView, invocation: Invocation): void {
  const { terminal } = invocation;
  if (formatOf(invocation) === "json") terminal.out(approvalJson(view));
  else if (view.path === undefined) {
    // The manifest alone on stdout, so that it can be redirected into the file that is to be committed.
    terminal.err(approvalText(view, terminal));
    terminal.out(view.manifest);
  } else terminal.out(approvalText(view, terminal));
}
