import { HoldfastError } from "../domain/errors.ts";
import { gitText } from "./git.ts";

/**
 * What git knows of a working copy's history: whether a commit descends from another. Commits are named by their whole ids. Null where git
 * knows nothing of the descendant, or there is no git.
 *
 * A whole clone has every ancestor of what it has, so that a commit it does not know is none: after a push by force the old one is gone.
 * Throws HoldfastError `publish-failed` for a shallow clone that does not say yes: it would say no of whatever was cut off.
 */
export const gitAncestry =
  (folder: string) =>
  async (ancestor: string, descendant: string): Promise<boolean | null> => {
    const left = await gitText(folder, "rev-list", "--max-count=1", ancestor, `^${descendant}`);
    if (left === "") return true;
    if (await isShallow(folder)) throw shallow(ancestor, descendant);
    return (await knows(folder, descendant)) ? false : null;
  };

const isShallow = async (folder: string): Promise<boolean> =>
  (await gitText(folder, "rev-parse", "--is-shallow-repository"))?.trim() === "true";

const knows = async (folder: string, commit: string): Promise<boolean> =>
  (await gitText(folder, "cat-file", "-e", `${commit}^{commit}`)) !== undefined;

const shallow = (ancestor: string, descendant: string): HoldfastError =>
  new HoldfastError(
    "publish-failed",
    `the desired state was not published: this clone is shallow, and does not tell whether commit ${descendant.slice(0, 12)} follows ` +
      `${ancestor.slice(0, 12)}, which was published before. Fetch the whole history, then sync again: git fetch --unshallow, ` +
      "or fetch-depth: 0 of GitHub's actions/checkout, GIT_DEPTH: 0 of GitLab",
  );
