import type { DELETION_RESULTS } from "../domain/announcement.ts";
import { showTarget } from "../domain/identity.ts";
import type { GroupRow } from "../domain/report-rows.ts";
import { padTo, wrap, type TextOptions } from "./layout.ts";
import { deletionsByResult, type Outlook, sumOf, tallied, type TallyLine } from "./outlook.ts";
import { paletteOf, type Palette } from "./palette.ts";
import { bytesText, countOf, shortList, verbOf } from "./words.ts";

/** What stands beyond this run, each paragraph ended by an empty line. Its texts must have been made visible. */
export function outlookLines(outlook: Outlook, options: TextOptions): readonly string[] {
  const palette = paletteOf(options.color);
  const paragraph = (lines: readonly string[]) => (lines.length > 0 ? [...lines, ""] : []);
  return [
    ...paragraph(deletionLines(outlook, options, palette)),
    ...paragraph(announcedLines(outlook, options, palette)),
    ...paragraph(groupLines(outlook.groups, options, palette)),
    ...paragraph(tallyLines(outlook, options, palette)),
  ];
}

const RESULT_WORDS: Readonly<Record<(typeof DELETION_RESULTS)[number], string>> = {
  confirmed: "gone from a complete listing",
  refused: "AWS Backup had accepted it and left the point EXPIRED",
  pending: "AWS Backup has not come to it",
  unknown: "its vault could not be read whole",
};

const RESULT_TONES: Readonly<Record<(typeof DELETION_RESULTS)[number], keyof Palette>> = {
  confirmed: "good",
  refused: "bad",
  pending: "change",
  unknown: "unknown",
};

/** What became of deletions that earlier runs had asked for (rule 9). */
function deletionLines({ deletions }: Outlook, { width }: TextOptions, palette: Palette): readonly string[] {
  if (deletions.length === 0) return [];
  return [
    palette.strong("Deletions that earlier runs asked for"),
    ...deletionsByResult(deletions).flatMap(({ result, all }) => {
      const tries = Math.max(...all.map(({ refusals }) => refusals));
      const times = result === "refused" && tries > 1 ? `, up to ${tries} times` : "";
      const told = `${result} ${all.length}: ${RESULT_WORDS[result]}${times} · ${shortList(all.map(({ subject }) => subject))}`;
      const [head = "", ...more] = wrap(told, width, 2, 2);
      return [`  ${palette[RESULT_TONES[result]](result)}${head.slice(2 + result.length)}`, ...more];
    }),
  ];
}

/** How much stands announced, and what may go first (rule 6). */
function announcedLines({ announced }: Outlook, { width }: TextOptions, palette: Palette): readonly string[] {
  if (!announced) return [];
  const { points, bytes, fresh, paused, first } = announced;
  const anew =
    fresh === points
      ? ", all of them announced by this run"
      : fresh > 0
        ? `, ${fresh} of them announced by this run`
        : "";
  const what =
    first &&
    (first.deleteOn === null ? first.subject : `${first.subject}, to be gone by ${first.deleteOn.slice(0, 10)}`);
  return [
    palette.strong(`Announced: ${countOf(points, "destruction")} (${bytesText(bytes)})${anew}`),
    ...(first
      ? wrap(`the first · not before ${minuteOf(first.notBefore)} · change ${first.change} · ${what}`, width, 2, 2)
      : []),
    ...(paused > 0 ? wrap(`${paused} paused: nobody can tell whether the cause still holds`, width, 2, 2) : []),
    ...wrap(OBJECTING, width, 2, 2).map(palette.faint),
  ];
}

const OBJECTING = "to object: tag a point holdfast:keep, put it under a legal hold, waive it, or change the policy";

const minuteOf = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

/** Groups that are listed one by one; the rest is counted. */
const GROUPS = 20;

/** What waits for consent and may be approved together (rule 7). The command is to be copied, so it stands on a line of its own. */
function groupLines(groups: readonly GroupRow[], { width }: TextOptions, palette: Palette): readonly string[] {
  if (groups.length === 0) return [];
  const rest = groups.length - GROUPS;
  return [
    palette.strong("Waiting for approval"),
    ...groups
      .slice(0, GROUPS)
      .flatMap((group) => [
        ...wrap(groupTitle(group), width, 2, 2),
        `    approve ${group.points === 1 ? "it" : `all ${group.points}`} with: holdfast approve ${group.id} --reason …`,
      ]),
    ...(rest > 0 ? [palette.faint(`  … and ${rest} more groups (-o json lists each)`)] : []),
  ];
}

/** `delete 3 recovery points in 444455556666/eu-west-1/nightly (1.2 GiB), expired by policy production`. */
export const groupTitle = ({ step, points, bytes, partition, target, policy, cause }: GroupRow): string =>
  `${verbOf({ step }) ?? "mend"} ${countOf(points, "recovery point")} in ${showTarget(target)}/${partition} (${bytesText(bytes)}), ${cause} by policy ${policy}`;

/** Points and bytes by policy and cause: what a clean-up of orphans frees, and what else breaks a policy. */
function tallyLines({ tallies }: Outlook, options: TextOptions, palette: Palette): readonly string[] {
  const { orphans, others } = tallied(tallies);
  const { points, bytes } = sumOf(orphans);
  return [
    ...(orphans.length > 0
      ? [
          palette.strong(
            `What a clean-up frees: up to ${bytesText(bytes)} in ${countOf(points, "orphaned recovery point")}`,
          ),
          ...orphans.flatMap((line) => tallyLine(line, options)),
          ...wrap("the last point of each resource stays, and so does what is locked or held", options.width, 2, 2).map(
            palette.faint,
          ),
        ]
      : []),
    ...(others.length > 0
      ? [palette.strong("What else breaks a policy"), ...others.flatMap((line) => tallyLine(line, options))]
      : []),
  ];
}

function tallyLine({ policy, cause, points, bytes, places }: TallyLine, { width }: TextOptions): readonly string[] {
  const placeOf = ({ target, partition }: (typeof places)[number]) => `${showTarget(target)}/${partition}`;
  const where =
    places.length === 1
      ? places.map(placeOf)
      : places.map((place) => `${placeOf(place)} (${place.points}, ${bytesText(place.bytes)})`);
  const size = `${padTo(bytesText(bytes), 10)} ${padTo(countOf(points, bytes > 0 ? "point" : "finding"), 11)} `;
  const [head = "", ...more] = wrap(`${cause} by policy ${policy}, in ${shortList(where)}`, width, size.length + 2, 2);
  return [`  ${size}${head.trimStart()}`, ...more];
}
