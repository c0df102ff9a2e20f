import type { Group, Notice, Told } from "./notice.ts";
import { groupHead, headline, newsOf, reportLine, restOf, standing, whereOf } from "./words.ts";

/** A message for mail and for whoever else subscribes to a topic. */
export interface TextMessage {
  /** SNS takes up to 100 characters of ASCII without line breaks, of which the first is no space (API reference, Publish). */
  readonly subject: string;
  readonly body: string;
}

const MOST_SUBJECT = 100;

export const textOf = (notice: Notice): TextMessage => ({
  subject: subjectOf(headline(notice)),
  body: [
    headline(notice),
    ...notice.groups.map(groupText),
    ...(notice.more > 0 ? [`And ${notice.more} more groups, in the report.`] : []),
    `Open for this route: ${standing(notice)}.\n${reportLine(notice)}`,
  ].join("\n\n"),
});

function subjectOf(line: string): string {
  const ascii = line.replaceAll(/[^\x20-\x7e]+/g, "?").trim();
  return ascii.length <= MOST_SUBJECT ? ascii : `${ascii.slice(0, MOST_SUBJECT - 3)}...`;
}

const groupText = (group: Group): string => {
  const rest = restOf(group);
  return [groupHead(group), ...group.concerns.map(concernText), ...(rest === undefined ? [] : [`  ${rest}`])].join(
    "\n",
  );
};

function concernText(told: Told): string {
  const { name, subject, because, fix, resolved } = told;
  const where = whereOf(told);
  return [
    `  - ${name}${where === undefined ? "" : ` in ${where}`}`,
    ...(subject === name ? [] : [`    ${subject}`]),
    ...(resolved ? [`    Over: ${resolved.because}`] : [`    ${newsOf(told)}${because}`, `    Do: ${fix}`]),
  ].join("\n");
}
