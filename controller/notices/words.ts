import type { Group, Notice, Told } from "./notice.ts";

/** Words that every channel has in common. Nothing here is escaped: each channel has an alphabet of its own. */

/**
 * A text as people are to read it, in one line: names and tags are whoever's who may set them, and must not look like a line of ours, nor turn
 * around what stands after them.
 */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\s]+/gu, " ")
    .trim();

/** Characters of AWS's sentences and ours that a chat shows: the report has the rest. */
export const MOST_WHY = 500;
export const MOST_FIX = 300;

/** A text of at most so many characters, of which none is torn in two. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;

/** What a message is about, in a line. */
export function headline(notice: Notice): string {
  const { type, fleet, report } = notice;
  switch (type) {
    case "concern.opened":
      return `[${fleet}] ${inShort(notice)}`;
    case "concern.resolved":
      return `[${fleet}] Over: ${inShort(notice)}`;
    case "digest":
      return `[${fleet}] Daily digest: ${standing(notice)}`;
    case "run.completed":
      return `[${fleet}] Run completed: ${report.result}`;
    default:
      return type satisfies never;
  }
}

/** One concern by its name; of more the gravest causes, and how many there are. */
function inShort({ groups }: Notice): string {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const [only] = groups;
  if (count === 1 && only) return `${only.title}: ${only.concerns.map(({ name }) => name).join()}`;
  const first = groups.slice(0, 2).map(({ title, count: among }) => (among === 1 ? title : `${title} (${among})`));
  return `${first.join(", ")}${groups.length > 2 ? `; ${count} in all` : ""}`;
}

export function standing({ open: { critical, high, notice } }: Notice): string {
  if (critical + high + notice === 0) return "nothing is open";
  return `${critical} critical, ${high} high, ${notice} to know`;
}

export const groupHead = ({ title, owner, severity, count }: Group): string =>
  `${title}: ${count === 1 ? "one" : count} of ${owner} (${severity})`;

export const whereOf = ({ account, accountName, region }: Told): string | undefined =>
  account && `${accountName === undefined ? account : `${accountName} (${account})`}, ${region ?? ""}`;

/** What goes before the sentence: news, or told again. */
export const newsOf = ({ again, firstOn }: Told): string => {
  if (again === undefined) return "";
  return again === "worse" ? "Worse than when it was told: " : `Still open since ${firstOn.slice(0, 10)}: `;
};

/** Where all of it stands. */
export const reportLine = ({ report: { sequence, url } }: Notice): string =>
  `Report ${sequence}: ${url} (holdfast report show ${sequence})`;

/** What to do about all that is told of a group, where that is one thing: it is said once then. */
export function fixForAll({ concerns }: Group): string | undefined {
  const fixes = new Set(concerns.flatMap(({ fix, resolved }) => (resolved ? [] : [fix])));
  return concerns.length > 1 && fixes.size === 1 ? [...fixes][0] : undefined;
}

export const restOf = ({ count, concerns }: Group): string | undefined =>
  count > concerns.length ? `and ${count - concerns.length} more, in the report` : undefined;
