import type { Revision } from "./desired.ts";
import type { Carried } from "./carried.ts";

export type SourceTrust = { readonly trust: "fresh" } | { readonly trust: "stale"; readonly because: string };

/** Whether a revision may follow the one last acted on (rule 25). A folder has no sequence and is taken as it is. */
export function sourceTrust(revision: Revision, last: Carried["source"]): SourceTrust {
  if (!last) return { trust: "fresh" };
  const stale = (because: string): SourceTrust => ({ trust: "stale", because });
  if (revision.sequence !== null && last.sequence !== null) {
    if (revision.sequence < last.sequence)
      return stale(`HEAD has sequence ${revision.sequence}, and a report acted on ${last.sequence} already`);
    if (revision.sequence === last.sequence && revision.commit !== last.commit)
      return stale(`HEAD's sequence ${revision.sequence} named another commit when a report acted on it`);
    if (revision.sequence === last.sequence + 1 && last.commit !== null && revision.previousCommit !== last.commit)
      return stale(`HEAD follows ${revision.previousCommit ?? "nothing"}, and the last report acted on ${last.commit}`);
    if (revision.sequence > last.sequence && revision.fastForward === false)
      return stale("HEAD is not a descendant of the commit before it: history was rewritten");
  }
  return { trust: "fresh" };
}
