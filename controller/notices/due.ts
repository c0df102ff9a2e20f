import { type Concern, isOpen } from "../domain/concern.ts";
import type { Notifications, Route } from "../domain/notifications.ts";
import { digestDue, isQuiet } from "./hours.ts";
import type { Ledger } from "./ledger.ts";
import { fitsOf, gravity } from "./matching.ts";
import type { NOTICE_TYPES, Told } from "./notice.ts";

/** A concern to be told, and why once more. */
export interface Due {
  readonly concern: Concern;
  readonly again?: NonNullable<Told["again"]>;
  /** When it was told last. */
  readonly last?: string;
}

export interface DueNotice {
  readonly type: (typeof NOTICE_TYPES)[number];
  readonly about: readonly Due[];
  /** Of a digest: the local minute that it was due at. */
  readonly digest?: string;
}

const DAY_MS = 86_400_000;

/**
 * What a route is to be told now: what it has not heard of, or only as less grave, or so long ago that it may be forgotten; what is over
 * of what it has heard; and the digest. Quiet hours only put it off.
 */
export function noticesDue(
  route: Route,
  notifications: Notifications,
  concerns: readonly Concern[],
  ledger: Ledger,
  now: Date,
): readonly DueNotice[] {
  const ordered = concerns.toSorted(oldestFirst);
  const mine = ordered.filter(fitsOf(route, notifications));
  const isTime = (one: Concern): boolean => route.mode !== "digest" && !isQuiet(route, now, one);
  const opened = mine
    .filter((one) => isOpen(one) && isTime(one))
    .flatMap((one) => whyTold(one, route, ledger, now) ?? []);
  // Also of what is another's by now, by its owner or its cause: who heard of it hears that it is over.
  const over = ordered.filter((one) => !isOpen(one) && isTime(one) && wasTold(one, ledger));
  const resolved = over.map((concern) => ({ concern }));
  return [
    ...(opened.length > 0 ? [{ type: "concern.opened", about: opened } as const] : []),
    ...(resolved.length > 0 ? [{ type: "concern.resolved", about: resolved } as const] : []),
    ...digestNotice(route, mine, ledger, now),
  ];
}

function whyTold(concern: Concern, { remindAfterDays }: Route, { told }: Ledger, now: Date): Due | undefined {
  const last = told[concern.id];
  if (!last || last.firstOn !== concern.firstOn) return { concern };
  const because =
    gravity(concern) < gravity(last)
      ? "worse"
      : now.getTime() - Date.parse(last.on) >= remindAfterDays * DAY_MS
        ? "still-open"
        : undefined;
  return because && { concern, again: because, last: last.on };
}

/** What was done is done: that it is over is no news. */
const wasTold = ({ id, firstOn, basis }: Concern, { told }: Ledger): boolean =>
  told[id]?.firstOn === firstOn && basis.by !== "deed";

/** A day on which nothing is open has one too: silence proves nothing. */
function digestNotice(route: Route, mine: readonly Concern[], { digest }: Ledger, now: Date): readonly DueNotice[] {
  const due = digestDue(route, now);
  if (due === undefined || digest === null || due <= digest || isQuiet(route, now)) return [];
  return [{ type: "digest", about: mine.filter(isOpen).map((concern) => ({ concern })), digest: due }];
}

const oldestFirst = (a: Concern, b: Concern): number =>
  a.firstOn === b.firstOn ? (a.id < b.id ? -1 : 1) : a.firstOn < b.firstOn ? -1 : 1;
