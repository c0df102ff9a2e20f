import type { Spent } from "../domain/announcement.ts";
import type { Bar, Change } from "../domain/change.ts";
import type { Guardrails } from "../domain/desired.ts";
import { showTarget } from "../domain/identity.ts";

const DAY_MS = 86_400_000;

/**
 * Lets copies through in order, as far as a target's rolling day goes, by number and by bytes (rules 13, 20). One that is larger than a
 * whole day's bytes would never have its day: it costs more than was agreed to, and takes consent of its own.
 */
export function copyBudget(
  spent: readonly Spent[],
  { copies }: Pick<Guardrails, "copies">,
  now: Date,
  consented: (change: Change) => boolean,
): (change: Change, bytes: number) => Bar | undefined {
  const used = new Map<string, { count: number; bytes: number }>();
  const take = (target: string, bytes: number): void => {
    const known = used.get(target) ?? { count: 0, bytes: 0 };
    used.set(target, { count: known.count + 1, bytes: known.bytes + bytes });
  };
  for (const one of spent)
    if (one.what === "copy" && now.getTime() - Date.parse(one.on) < DAY_MS) take(showTarget(one.target), one.bytes);
  return (change, bytes) => {
    const target = showTarget(change.key.target);
    const { count, bytes: moved } = used.get(target) ?? { count: 0, bytes: 0 };
    if (count >= copies.perTargetDay) return bar(`${copies.perTargetDay} copies in ${target} within 24 h`);
    if (bytes > copies.bytesPerTargetDay) {
      if (!consented(change)) return costly(change, bytes, copies.bytesPerTargetDay);
    } else if (moved + bytes > copies.bytesPerTargetDay)
      return bar(`${copies.bytesPerTargetDay} bytes of copies in ${target} within 24 h`);
    take(target, bytes);
    return undefined;
  };
}

/** Lets backups through in order, as far as a target's rolling day goes (rule 21). */
export function backupBudget(
  spent: readonly Spent[],
  { backups }: Pick<Guardrails, "backups">,
  now: Date,
): (change: Change) => Bar | undefined {
  const used = new Map<string, number>();
  const take = (target: string): void => void used.set(target, (used.get(target) ?? 0) + 1);
  for (const one of spent)
    if (one.what === "backup" && now.getTime() - Date.parse(one.on) < DAY_MS) take(showTarget(one.target));
  return ({ key }) => {
    const target = showTarget(key.target);
    if ((used.get(target) ?? 0) >= backups.perTargetDay)
      return {
        reason: "over-budget",
        because: `the budget of backups is spent: ${backups.perTargetDay} started in ${target} within 24 h`,
        release: "time, or a larger guardrails.backups in the Fleet manifest",
      };
    take(target);
    return undefined;
  };
}

const bar = (what: string): Bar => ({
  reason: "over-budget",
  because: `the budget of copies is spent: ${what}`,
  release: "time, or a larger guardrails.copies in the Fleet manifest",
});

const costly = ({ id }: Change, bytes: number, most: number): Bar => ({
  reason: "hazard",
  because: `it costs more than has been agreed to: the copy is of ${bytes} bytes, and ${most} may be copied in a day`,
  release: `a larger guardrails.copies.bytesPerTargetDay in the Fleet manifest, or \`holdfast approve ${id}\`, committed`,
});
