import { graceEnds, type Announcement, type FindingGroup } from "../domain/announcement.ts";
import type { CoverageEffect } from "../domain/coverage-effect.ts";
import { type Instant, instant } from "../domain/identity.ts";
import { minuteText } from "../domain/explanation.ts";
import type { Plan } from "../domain/plan.ts";
import { sectionLines } from "./blocks.ts";
import { groupTitle } from "./outlook-lines.ts";
import { coverageEffectLines } from "./coverage-lines.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { fenced } from "./markdown.ts";
import { paletteOf } from "./palette.ts";
import { changeJson } from "./plan-json.ts";
import { sceneOfPlan } from "./plan-scene.ts";
import { sectionsOf } from "./sections.ts";
import { countOf } from "./words.ts";
import { jsonText, visibleData } from "./visible.ts";

/** What one report says of a change. */
export interface Mention {
  readonly report: number;
  readonly on: Instant;
  readonly what: string;
}

/** One change, as it is now and as reports told of it. */
export interface ChangeView {
  readonly id: string;
  /** The plan as it is now, with this change alone; without it where it is not proposed any more. */
  readonly plan: Plan;
  /** Where the id is a group's: all that it was of, whether they are open still or not. */
  readonly group?: FindingGroup;
  readonly announcement?: Announcement;
  readonly coverageEffect?: CoverageEffect;
  /** The last ones, newest first. */
  readonly mentions: readonly Mention[];
  /** How many reports were looked through. */
  readonly looked: number;
}

const SCHEMA = "holdfast-change/1";
const COLUMNS = 100;

export const changeText = (view: ChangeView, options: TextOptions): string => changeLines(view, options).join("\n");

export const changeMarkdown = (view: ChangeView): string =>
  `${fenced(changeLines(view, { color: false, width: COLUMNS }), "diff")}\n`;

export function changeObjectJson({ id, plan, group, announcement, coverageEffect, mentions }: ChangeView): string {
  const held = group ? undefined : plan.held[0];
  const change = group ? undefined : (plan.waves.flat()[0] ?? held?.change);
  return jsonText({
    schema: SCHEMA,
    id,
    ...(group ? { group: { ...group, open: openIn(plan) } } : {}),
    proposed: change ? changeJson(change) : null,
    held: held ? { reason: held.reason, also: held.also, because: held.because, release: held.release } : null,
    announced: announcement ? announced(announcement) : null,
    ...(coverageEffect ? { coverageEffect } : {}),
    reports: mentions,
  });
}

/** Ids of the changes that the plan as it is now proposes. */
const openIn = ({ waves, held }: Plan): readonly string[] => [
  ...new Set([...waves.flat(), ...held.flatMap(({ change }) => change ?? [])].map((change) => change.id)),
];

const announced = (one: Announcement) => ({
  since: one.since ?? null,
  announcedOn: one.announcedOn,
  notBefore: instant(graceEnds(one)),
  deleteOn: one.deleteOn,
  paused: one.pausedOn !== undefined,
});

function changeLines(given: ChangeView, options: TextOptions): readonly string[] {
  const palette = paletteOf(options.color);
  const scene = visibleData(sceneOfPlan(given.plan));
  const { id, group, announcement, coverageEffect, mentions, looked } = visibleData({ ...given, plan: null });
  const said = (text: string) => wrap(text, options.width, 2, 2);
  const now = sectionsOf(scene).flatMap((section) => sectionLines(section, options));
  const paragraph = (lines: readonly string[]) => (lines.length > 0 ? [...lines, ""] : []);
  return [
    palette.strong(`${group ? "Group" : "Change"} ${id}`),
    ...(group ? said(groupText(group, openIn(given.plan).length)) : []),
    "",
    ...(now.length > 0 ? now : [...said(`The plan as it is now does not propose ${group ? "any of it" : "it"}.`), ""]),
    ...paragraph(announcement ? said(announcedText(announcement)) : []),
    ...paragraph(coverageEffectLines(coverageEffect, options)),
    palette.strong(`In the last ${countOf(looked, "report")}`),
    ...(mentions.length > 0
      ? mentions.flatMap(({ report, on, what }) => said(`report ${report}, ${minuteText(on)}: ${what}`))
      : said("none tells of it")),
    "",
  ];
}

/** Of a group that lapsed in part an approval covers what is left (rule 7). */
function groupText({ members, ...group }: FindingGroup, open: number): string {
  const all = members.length;
  return `${groupTitle({ ...group, points: all })}${open === all ? "" : `: ${open} of ${all} are open still`}`;
}

function announcedText(one: Announcement): string {
  const { since, announcedOn, notBefore, paused } = announced(one);
  const begun = since === null ? "It is announced by the next report" : `Announced since report ${since}`;
  return `${begun}, ${minuteText(announcedOn)}: carried out no earlier than ${minuteText(notBefore)}${paused ? "; paused while nobody can tell whether its cause still holds" : ""}.`;
}
