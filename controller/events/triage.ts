import { sameTarget, showTarget, type Target } from "../domain/identity.ts";
import type { BackupEvent } from "./reading.ts";

/** A message of the queue that says where to look. */
export interface Waiting {
  readonly message: string;
  readonly event: BackupEvent;
  /** When it was queued: whoever began to look after that found what there is to find. */
  readonly since: Date;
}

/** That a run looked at a target, and from when on. */
interface Look {
  readonly target: Target;
  readonly from: string;
  /** All of it was seen, and nothing failed there. */
  readonly whole: boolean;
}

export interface Triage {
  /** Where to look now. Empty: there is nothing that nobody has seen. */
  readonly targets: readonly Target[];
  /** Messages that are dealt with once those targets have been seen. */
  readonly open: readonly Waiting[];
  /** Messages that wait for another run, since this one takes no more targets. */
  readonly later: readonly Waiting[];
  /** Messages that say what some run has seen already, or what is of no concern to this fleet. */
  readonly done: readonly Waiting[];
}

/** Targets that one run takes: as many as it is through with in half of a function's life (infra §4.3). */
export const MOST_TARGETS = 200;

/** The queue's clock and the store's are not one, and the store counts whole seconds. Milliseconds. */
const APART_MS = 5_000;

/** What of a batch is to be looked into: duplicates, late ones and a storm over one target come to one look. The oldest come first. */
export function triage(
  waiting: readonly Waiting[],
  fleet: readonly Target[],
  looks: readonly Look[],
  most = MOST_TARGETS,
): Triage {
  const ours = new Set(fleet.map(showTarget));
  const lastLook = newest(looks);
  const unseen = ({ event, since }: Waiting): readonly Target[] =>
    event.targets.filter((target) => {
      const from = lastLook.get(showTarget(target));
      return ours.has(showTarget(target)) && !(from !== undefined && from > since.getTime() + APART_MS);
    });
  const taken = new Map<string, Target>();
  const parts = { open: [] as Waiting[], later: [] as Waiting[], done: [] as Waiting[] };
  for (const one of waiting.toSorted((a, b) => a.since.getTime() - b.since.getTime())) {
    const places = unseen(one);
    const fresh = places.filter((target) => !taken.has(showTarget(target)));
    const isRoom = taken.size + fresh.length <= most;
    parts[places.length === 0 ? "done" : isRoom ? "open" : "later"].push(one);
    // One that names more places than a run takes is looked into by parts: the rest when it comes again.
    const next = isRoom ? fresh : taken.size === 0 ? fresh.slice(0, most) : [];
    for (const target of next) taken.set(showTarget(target), target);
  }
  return { ...parts, targets: [...taken].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target) };
}

/** Looks without those from the future, by a clock that was wrong: they have seen nothing of what is waiting, and keep nobody waiting. */
export const begunBy = <L extends Pick<Look, "from">>(now: number, looks: readonly L[]): readonly L[] =>
  looks.filter(({ from }) => Date.parse(from) <= now);

/** When each target was last looked at from end to end, by name: milliseconds. */
function newest(looks: readonly Look[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { target, from, whole } of looks) {
    const name = showTarget(target);
    if (whole) last.set(name, Math.max(last.get(name) ?? 0, Date.parse(from)));
  }
  return last;
}

/** Messages about targets that a run could not see after all. */
export const aboutAny = (messages: readonly Waiting[], unread: readonly Target[]): readonly Waiting[] =>
  messages.filter(({ event }) => event.targets.some((target) => unread.some((one) => sameTarget(one, target))));
