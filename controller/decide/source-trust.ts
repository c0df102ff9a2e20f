import type { DesiredState, Revision } from "../domain/desired.ts";
import type { Carried } from "../domain/report.ts";

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

/** Why the desired state counts as sharply shrunken since the last whole run, if it does (law 7). */
export function shrank(desired: DesiredState, last: Carried["declared"]): string | undefined {
  if (!last) return undefined;
  const before = Object.values(last.counts).reduce((sum, count) => sum + count, 0);
  const now = desired.resources.length;
  const percent = desired.fleet.guardrails.shrinkPercent;
  return before > 0 && now < before * (1 - percent / 100)
    ? `the manifests declare ${now} resources, and declared ${before} at the last run: more than ${percent} % are gone`
    : undefined;
}
