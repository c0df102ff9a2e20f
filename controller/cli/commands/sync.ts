import { publishDesired, type Published } from "../../aws/publish-desired.ts";
import type { Head } from "../../load/head.ts";
import { gitAncestry } from "../../local/git-ancestry.ts";
import { createFolderSource } from "../../local/folder-source.ts";
import { ManifestsRefused } from "../../load/problems.ts";
import { validate } from "../../load/load.ts";
import type { SourceSnapshot } from "../../ports.ts";
import { openSigner, openStore } from "../../world.ts";
import { readTrust } from "../../world/trust.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";

/** Publishes a folder of manifests as the next revision: files first, then the pointer, so that a half-finished sync is never seen. */
export async function syncCommand(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const settings = settingsOf(invocation);
  const snapshot = await createFolderSource(settings.desiredState, { packed: true }).read();
  const to = flags.to ?? "";
  const store = await openStore(to, settings);
  // By the clock of whoever will read it: the store's, once there is something in it to ask for.
  const now = (await store.get("desired/HEAD.json"))?.at ?? new Date();
  const problems = validate(snapshot.files, now);
  if (problems.some(({ severity }) => severity === "error")) throw new ManifestsRefused(problems);
  const trust = await readTrust(flags.syncTrust);
  const { head, result } = await publishDesired({
    store,
    snapshot,
    isAncestor: gitAncestry(settings.desiredState),
    ...(flags.syncSigner === undefined ? {} : { signer: await openSigner(flags.syncSigner, settings) }),
    ...(trust ? { trust } : {}),
  });
  if (formatOf(invocation) === "json") terminal.out(JSON.stringify({ result, head }, null, 2));
  else terminal.out(syncText(to, snapshot, head, result));
  return 0;
}

function syncText(to: string, snapshot: SourceSnapshot, head: Head, result: Published["result"]): string {
  const { files, sequence, commit, unpacked } = head;
  if (result === "unchanged") return `${to} has this revision already (sequence ${sequence}).`;
  const at = commit === null ? "" : `, commit ${commit.slice(0, 12)}`;
  return [
    `Published ${files.length} files to ${to} as sequence ${sequence}${at}.`,
    ...(unpacked ? [`The commit's git pack is not kept: ${unpacked}.`] : []),
    ...dirtText(snapshot, head),
    ...rewrittenText(head),
  ].join("\n");
}

/** What was published is what is on the disk; that it is nobody's commit is for whoever reads the pipeline's log to know. */
function dirtText({ files }: SourceSnapshot, { commit, dirty }: Head): readonly string[] {
  if (!dirty) return [];
  if (commit === null) return ["They are of no commit: reports cannot say who reviewed them."];
  const ends = files.some(({ text }) => text.includes("\r\n"))
    ? "Some have Windows line ends: where git puts them in, check out with core.autocrlf=false"
    : "Commit what differs";
  return [
    `They are not exactly those of commit ${commit.slice(0, 12)}, and reports will say so. ${ends}, then sync again.`,
  ];
}

const rewrittenText = ({ brokenLines = [] }: Head): readonly string[] =>
  brokenLines
    .filter(({ followed }) => !followed)
    .map(
      ({ commit, through }) =>
        `History was rewritten: this does not descend from commit ${commit.slice(0, 12)}, published as sequence ${through}. ` +
        "A controller that acted on that line only looks, until a commit that descends from it is synced.",
    );
