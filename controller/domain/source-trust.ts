import type { Revision } from "./desired.ts";
import type { Carried } from "./carried.ts";

export type SourceTrust =
  | { readonly trust: "fresh" }
  /** `release`: what makes a later revision one that may follow. */
  | { readonly trust: "stale"; readonly because: string; readonly release: string };

/** Whether a revision may follow the one last acted on (rule 25). A folder has no sequence and is taken as it is. */
export function sourceTrust(revision: Revision, last: Carried["source"]): SourceTrust {
  if (!last || revision.sequence === null || last.sequence === null) return { trust: "fresh" };
  const { sequence, commit, previousCommit, brokenLines = [] } = revision;
  if (sequence < last.sequence)
    return stale(`HEAD has sequence ${sequence}, and a report acted on ${last.sequence} already`);
  if (sequence === last.sequence && commit !== last.commit)
    return stale(`HEAD's sequence ${sequence} named another commit when a report acted on it`);
  if (sequence === last.sequence + 1 && last.commit !== null && previousCommit !== last.commit)
    return stale(`HEAD follows ${previousCommit ?? "nothing"}, and the last report acted on ${last.commit}`);
  if (commit !== null && commit === last.commit) return { trust: "fresh" };
  const line = brokenLines.find(({ through }) => through >= (last.sequence ?? 0));
  return line === undefined || line.followed ? { trust: "fresh" } : rewritten(line.commit, line.through, last.sequence);
}

const stale = (because: string, release = "sync the newest commit; a rollback is a new commit"): SourceTrust => ({
  trust: "stale",
  because,
  release,
});

/** Git's own way to say that what was there before is known and given up is a merge that takes nothing from it. */
const rewritten = (commit: string, through: number, last: number): SourceTrust =>
  stale(
    `history was rewritten: HEAD is not a descendant of commit ${commit}, published as ${through}, and the last report acted on ${last}`,
    `sync a commit that descends from it; if the rewriting was meant, \`git merge --strategy=ours ${commit}\` makes one`,
  );
