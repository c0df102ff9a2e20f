import { gitAncestry } from "../../aws/git-ancestry.ts";
import { publishDesired, type Published } from "../../aws/publish-desired.ts";
import type { Head } from "../../load/head.ts";
import { createFolderSource } from "../../local/folder-source.ts";
import { ManifestsRefused } from "../../load/problems.ts";
import { validate } from "../../load/load.ts";
import { openSigner, openStore, readTrust } from "../../world.ts";
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
  else terminal.out(syncText(to, head, result));
  return 0;
}

function syncText(to: string, { files, sequence, commit, unpacked }: Head, result: Published["result"]): string {
  if (result === "unchanged") return `${to} has this revision already (sequence ${sequence}).`;
  const at = commit === null ? "" : `, commit ${commit.slice(0, 12)}`;
  const limit = unpacked ? `\nThe commit's git pack is not kept: ${unpacked}.` : "";
  return `Published ${files.length} files to ${to} as sequence ${sequence}${at}.${limit}`;
}
