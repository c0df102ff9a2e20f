import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Refused } from "./checks.ts";
import { openFolder } from "./folder.ts";
import { readKeys, type Keys } from "./keys.ts";
import { nodePrimitives } from "./node.ts";
import { exitCodeOf, verdictText } from "./text.ts";
import type { Pin, Verification } from "./verification.ts";
import { verifyChain } from "./verify.ts";

/**
 * `verify.mjs`, which lies in every evidence pack: the verifier by itself, for an auditor with nothing but Node. Exit 0: all that was asked is
 * yes. 5: something is not so. 4: something asked for could not be checked. 1: it was called wrongly.
 */
const USAGE = `usage: node verify.mjs DIR [--keys keys.json] [--head SEQUENCE:SHA256] [--start SEQUENCE:SHA256]
                       [--from TIME --to TIME] [--now TIME] [--json]

DIR is an evidence store or pack in a folder, a folder of reports, or one report (NNNNNNNNNN.dsse.json).
--keys   keys.json as you got it from the git repository, not from DIR: what lies in DIR proves nothing by itself
--head   the newest report as you know it from elsewhere; --start the one before which you look no further
--from   with --to: the period that the reports must be about from end to end
--now    whether the next report is overdue at that time`;

const COPY = "The store's own list of versions was not looked at: a copy does not have one.";
const UNPINNED = "The keys lay beside the reports, unpinned: who can write there could have replaced both.";

class WrongUse extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [dir, ...more] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (dir === undefined || more.length > 0) throw new WrongUse("give one DIR");
  const keys = await keysFrom(values.keys ?? join(dir, "keys.json"));
  const folder = await openFolder(dir, keys.chainId);
  const [head, start] = [pinFrom("head", values.head), pinFrom("start", values.start)];
  const { from, to, now } = values;
  if ((from === undefined) !== (to === undefined)) throw new WrongUse("--from and --to go together");
  const answer = await verifyChain(
    folder.reports,
    keys,
    {
      sample: folder.sample,
      ...(folder.attachment ? { attachment: folder.attachment } : {}),
      ...(folder.pack ? { repository: { pack: folder.pack } } : {}),
      ...(head ? { head } : {}),
      ...(start ? { start } : {}),
      ...(from !== undefined && to !== undefined ? { period: { from: timeFrom(from), to: timeFrom(to) } } : {}),
      ...(now === undefined ? {} : { now: timeFrom(now) }),
    },
    nodePrimitives,
  );
  const limitations = [...answer.limitations, COPY, ...(values.keys === undefined ? [UNPINNED] : [])];
  print({ ...answer, limitations }, values.json ?? false);
  return exitCodeOf(answer, {
    anchored: head !== undefined,
    sourced: folder.pack !== undefined,
    complete: !folder.sample,
  });
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { keys: text, head: text, start: text, from: text, to: text, now: text, json: flag, help: flag },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const keysFrom = async (path: string): Promise<Keys> => readKeys(new Uint8Array(await readFile(path)), nodePrimitives);

function pinFrom(name: string, text: string | undefined): Pin | undefined {
  if (text === undefined) return undefined;
  const [, sequence, payloadSha256] = /^([1-9]\d*):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || payloadSha256 === undefined)
    throw new WrongUse(`--${name} ${text} is not SEQUENCE:SHA256, as a verification prints it`);
  return { sequence: Number(sequence), payloadSha256 };
}

function timeFrom(text: string): string {
  if (Number.isNaN(Date.parse(text))) throw new WrongUse(`${text} is no time: write it as 2027-01-31T00:00:00Z`);
  return text;
}

function print(answer: Verification, json: boolean): void {
  if (json) console.log(JSON.stringify({ schema: "holdfast-verification/1", ...answer }, null, 2));
  else console.log(verdictText(answer));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Refused) {
    console.log(`keys.json: ${error.check}: ${error.message}`);
    process.exitCode = 5;
  } else {
    console.error(error instanceof WrongUse ? `${error.message}\n\n${USAGE}` : String(error));
    process.exitCode = 1;
  }
}
