import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { publishDesired, type Ancestry } from "../../aws/publish-desired.ts";
import { createFolderSource } from "../../local/folder-source.ts";
import { ManifestsRefused } from "../../load/problems.ts";
import { validate } from "../../load/load.ts";
import { openSigner, openStore, readTrust } from "../../world.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";

const run = promisify(execFile);

/** Publishes a folder of manifests as the next revision: files first, then the pointer, so that a half-finished sync is never seen. */
export async function syncCommand(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const settings = settingsOf(invocation);
  const snapshot = await createFolderSource(settings.desiredState).read();
  const problems = validate(snapshot.files);
  if (problems.some(({ severity }) => severity === "error")) throw new ManifestsRefused(problems);
  const trust = await readTrust(flags.syncTrust);
  const to = flags.to ?? "";
  const { head, result } = await publishDesired({
    store: await openStore(to, settings),
    snapshot,
    isAncestor: ancestryIn(settings.desiredState),
    ...(flags.syncSigner === undefined ? {} : { signer: await openSigner(flags.syncSigner, settings) }),
    ...(trust ? { trust } : {}),
  });
  if (formatOf(invocation) === "json") terminal.out(JSON.stringify({ result, head }, null, 2));
  else
    terminal.out(
      result === "unchanged"
        ? `${to} has this revision already (sequence ${head.sequence}).`
        : `Published ${head.files.length} files to ${to} as sequence ${head.sequence}${head.commit === null ? "" : `, commit ${head.commit.slice(0, 12)}`}.`,
    );
  return 0;
}

/** Asks git; where there is none, or not the history it takes, nobody can tell. */
const ancestryIn =
  (folder: string): Ancestry =>
  async (ancestor, descendant) => {
    try {
      await run("git", ["-C", folder, "merge-base", "--is-ancestor", ancestor, descendant]);
      return true;
    } catch (error) {
      return (error as { readonly code?: unknown }).code === 1 ? false : null;
    }
  };
