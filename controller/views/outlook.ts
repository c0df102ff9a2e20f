import { announcedSummary, type AnnouncedSummary, DELETION_RESULTS } from "../domain/announcement.ts";
import type { Plan } from "../domain/plan.ts";
import type { DeletionRow, GroupRow } from "../domain/report-rows.ts";
import type { Report } from "../domain/report.ts";

type TallyRow = NonNullable<Report["tallies"]>[number];

/** What stands beyond the changes of one run: what is announced, what may be approved, what became of deletions, what breaks which policy. */
export interface Outlook {
  /** Undefined: nothing is announced, or an early report does not say more than how much. */
  readonly announced: AnnouncedSummary | undefined;
  readonly groups: readonly GroupRow[];
  readonly deletions: readonly Pick<DeletionRow, "subject" | "result" | "refusals">[];
  readonly tallies: readonly TallyRow[];
}

export function outlookOfPlan({ announcements, groups, followUps, tallies }: Plan): Outlook {
  return {
    // What this plan announces has its grace from the report of the run that carries it out: from now at the soonest.
    announced: announcements.length > 0 ? announcedSummary(announcements, new Date(0)) : undefined,
    groups: groups.map(({ members, ...group }) => ({ ...group, points: members.length })),
    deletions: followUps.map(({ deletion: { subject, refusals }, result }) => ({
      subject,
      result,
      refusals: refusals + (result === "refused" ? 1 : 0),
    })),
    tallies: [...tallies],
  };
}

export const outlookOfReport = ({ announced, groups, deletions, tallies }: Report): Outlook => ({
  announced,
  groups: groups ?? [],
  deletions: deletions ?? [],
  tallies: tallies ?? [],
});

/** Tallies of one policy and cause, with the places they are in, the largest first. */
export interface TallyLine {
  readonly policy: string;
  readonly cause: string;
  readonly points: number;
  readonly bytes: number;
  readonly places: readonly TallyRow[];
}

/** Points that nothing owns any more: what a clean-up is about (rule 2). */
const ORPHANED: ReadonlySet<string> = new Set(["expired", "planDeleted", "resourceDeleted", "unowned"]);

export function tallied(tallies: readonly TallyRow[]): {
  readonly orphans: readonly TallyLine[];
  readonly others: readonly TallyLine[];
} {
  const lines = [...Map.groupBy(tallies, ({ policy, cause }) => `${policy}\n${cause}`).values()]
    .flatMap(lineOf)
    .toSorted((a, b) => b.bytes - a.bytes || b.points - a.points || (a.policy + a.cause < b.policy + b.cause ? -1 : 1));
  return {
    orphans: lines.filter(({ cause }) => ORPHANED.has(cause)),
    others: lines.filter(({ cause }) => !ORPHANED.has(cause)),
  };
}

function lineOf(rows: readonly TallyRow[]): readonly TallyLine[] {
  const [first] = rows;
  if (!first) return [];
  const { policy, cause } = first;
  const places = rows.toSorted((a, b) => b.bytes - a.bytes || b.points - a.points);
  return [{ policy, cause, ...sumOf(rows), places }];
}

export const sumOf = (rows: readonly Pick<TallyRow, "points" | "bytes">[]): Pick<TallyRow, "points" | "bytes"> => ({
  points: rows.reduce((sum, { points }) => sum + points, 0),
  bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
});

/** Deletions by what became of them: what went wrong first. */
export const deletionsByResult = (
  deletions: Outlook["deletions"],
): readonly { readonly result: (typeof DELETION_RESULTS)[number]; readonly all: Outlook["deletions"] }[] =>
  (["refused", "unknown", "pending", "confirmed"] as const).flatMap((result) => {
    const all = deletions.filter((one) => one.result === result);
    return all.length > 0 ? [{ result, all }] : [];
  });
