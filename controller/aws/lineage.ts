import type { BrokenLine } from "../domain/desired.ts";
import { brokenLinesOf, type Head } from "../load/head.ts";

/** Whether one commit descends from another, as git says; null where it cannot tell: no git, a shallow clone. */
export type Ancestry = (ancestor: string, descendant: string) => Promise<boolean | null>;

/** Whether a commit descends from the one published before it. The first HEAD follows nothing and rewrites nothing. */
export async function descends(
  before: Head | undefined,
  commit: string | null,
  isAncestor: Ancestry,
): Promise<boolean | null> {
  if (before === undefined) return true;
  if (before.commit === null || commit === null) return null;
  return before.commit === commit ? true : isAncestor(before.commit, commit);
}

/**
 * The lines of history that were published before and broken with, each looked at anew: a commit that takes a lost line up again, by a
 * merge or by being put back, descends from all that was published of it. A run may not have seen the sync that broke with what it knows;
 * it sees it here, in whichever HEAD comes after.
 */
export async function linesBefore(
  before: Head | undefined,
  { commit, fastForward }: Pick<Head, "commit" | "fastForward">,
  isAncestor: Ancestry,
): Promise<BrokenLine[]> {
  if (before === undefined) return [];
  const known = brokenLinesOf(before).map(async (line) => ({
    ...line,
    followed: await takesUp(line, commit, isAncestor),
  }));
  const ended = fastForward === false && before.commit !== null ? [endedBy(before.sequence, before.commit)] : [];
  const lines = [...(await Promise.all(known)), ...ended];
  // What was taken up again last is a part of today's line, and is broken with when that is.
  return lines.slice(0, lines.findLastIndex(({ followed }) => !followed) + 1);
}

const endedBy = (through: number, commit: string): BrokenLine => ({ through, commit, followed: false });

/** Where git cannot tell, what it last said stands. */
const takesUp = async (line: BrokenLine, commit: string | null, isAncestor: Ancestry): Promise<boolean> =>
  commit === null
    ? line.followed
    : line.commit === commit || ((await isAncestor(line.commit, commit)) ?? line.followed);
