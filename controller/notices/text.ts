import type { Group, Notice, Told } from "./notice.ts";
import { drawnWithin } from "./whole-groups.ts";
import { fixForAll, groupHead, headline, newsOf, plain, reportLine, restOf, standing, whereOf } from "./words.ts";

/** A message for mail and for whoever else subscribes to a topic. */
export interface TextMessage {
  /** SNS takes up to 100 characters of ASCII without line breaks, of which the first is no space (API reference, Publish). */
  readonly subject: string;
  readonly body: string;
}

const MOST_SUBJECT = 100;
/** SNS takes 256 KB with all that goes along. Bytes. */
const MOST_BODY = 240_000;

export const textOf = (notice: Notice): TextMessage => ({
  subject: subjectOf(headline(notice)),
  body: drawnWithin(MOST_BODY, notice, bodyOf),
});

const bodyOf = (notice: Notice): string =>
  [
    headline(notice),
    ...notice.groups.map(groupText),
    ...(notice.more > 0 ? [`And ${notice.more} more groups, in the report.`] : []),
    `Open for this route: ${standing(notice)}.\n${reportLine(notice)}`,
  ].join("\n\n");

function subjectOf(line: string): string {
  const ascii = line.replaceAll(/[^\x20-\x7e]+/g, "?").trim();
  return ascii.length <= MOST_SUBJECT ? ascii : `${ascii.slice(0, MOST_SUBJECT - 3)}...`;
}

function groupText(group: Group): string {
  const [rest, all] = [restOf(group), fixForAll(group)];
  return [
    groupHead(group),
    ...group.concerns.map((told) => concernText(told, all === undefined)),
    ...(rest === undefined ? [] : [`  ${rest}`]),
    ...(all === undefined ? [] : [`  Do, with each: ${all}`]),
  ].join("\n");
}

function concernText(told: Told, withFix: boolean): string {
  const { name, subject, because, fix, resolved } = told;
  const where = whereOf(told);
  return [
    `  - ${name}${where === undefined ? "" : ` in ${where}`}`,
    ...(subject === name ? [] : [`    ${plain(subject)}`]),
    resolved ? `    Over: ${resolved.because}` : `    ${newsOf(told)}${because}`,
    ...(withFix && !resolved ? [`    Do: ${fix}`] : []),
  ].join("\n");
}
