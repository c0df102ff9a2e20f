import { HOLD_REASONS } from "../../controller/domain/change.ts";
import { EFFECTS, HAZARDS } from "../../controller/domain/effect.ts";
import { VERDICTS } from "../../controller/domain/verdict.ts";

/** What somebody might put into a name or a message: clear the screen, turn the writing round, ring, colour, break lines, cells and spans, ping a team. */
export const ATTACK = "\u001B[2J\u202Eevil\u0007\u009B31m\r\n\u200B\uFEFF`|<b>@everyone";

/** Words of our own unions: nobody outside can set them, and the views switch on them. */
const OURS = new Set<string>(
  [
    [...HOLD_REASONS, ...EFFECTS, ...HAZARDS, ...VERDICTS],
    ["create", "update", "replace", "adopt", "prune", "amend", "in-place", "never", "present", "enforce"],
    [
      "in-sync",
      "missing",
      "different",
      "unadopted",
      "foreign",
      "surplus",
      "superseded",
      "unmanaged",
      "unknown",
      "finding",
    ],
    ["applied", "failed", "skipped", "accepted", "refused", "applied-unanswered", "not-applied", "uncertain"],
    ["yes", "no", "not-checked", "observe", "denied", "throttled", "unanswered", "error", "warning"],
  ].flat(),
);
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** A copy of data with the attack, or something harmless in its place, in every text that somebody else can set. */
export function poisoned<T>(data: T, attack = ATTACK): T {
  const poison = (one: unknown): unknown => {
    if (typeof one === "string") return OURS.has(one) || INSTANT.test(one) ? one : `${one}${attack}`;
    if (Array.isArray(one)) return one.map(poison);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, poison(member)]));
  };
  // The copy has the shape of what it was given.
  return poison(data) as T;
}

/** Anything of the attack that would do its work if it were printed. Line feeds are the view's own. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
export const RAW = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/u;

/** The attack, defused. */
export const SPELLED_OUT = "\\u{001B}[2J\\u{202E}evil\\u{0007}\\u{009B}31m\\r\\n\\u{200B}\\u{FEFF}";
