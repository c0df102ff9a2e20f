import type { Carried } from "../../domain/carried.ts";
import { canonical, digestOf } from "../../domain/digest.ts";
import { type Digest, instant } from "../../domain/identity.ts";
import type { Report, ReportBody } from "../../domain/report.ts";
import { rowsIn, type Section, sectionAttachment, SECTIONS, without, withRows } from "./sections.ts";

/** A report says everything at least once in so long, changed or not (evidence §2.8). Milliseconds. */
const FULL_AT_LEAST_EVERY = 24 * 3_600_000;

/** Lists of what a run did, and of what it asked: those are its own. So is what a run over a part of the fleet alone tells. */
const OWN: ReadonlySet<Section> = new Set([
  "changes",
  "actions",
  "recovered",
  "deletions",
  "observations",
  "jobsSinceSurvey.failed",
]);
const STANDING = SECTIONS.filter((section) => !OWN.has(section));

/**
 * A "no change" report where nothing changed since the last one that said all: its lists are as that one has them, and are counted. Else the
 * report is full, and what it says is remembered for the next. A run over a part of the fleet is neither.
 * `sequence`: the place that the report is to have.
 */
export function shortened(body: ReportBody, sequence: number, now: Date): ReportBody {
  if (body.scope.partial) return body;
  const { full } = body.carried;
  const sections = digests(body);
  if (full?.payloadSha256 && didNothing(body) && isFresh(full, now) && sameDigests(full.sections, sections))
    return short(body, { sequence: full.sequence, payloadSha256: full.payloadSha256 });
  const carried: Carried = { ...body.carried, full: { sequence, payloadSha256: null, on: instant(now), sections } };
  return { ...body, carried };
}

const didNothing = ({ run, changes, actions, recovered, deletions = [], standDowns }: ReportBody): boolean =>
  run.failure === undefined && [changes, actions, recovered, deletions, standDowns].every((list) => list.length === 0);

const isFresh = ({ on }: NonNullable<Carried["full"]>, now: Date): boolean =>
  now.getTime() - Date.parse(on) < FULL_AT_LEAST_EVERY;

const sameDigests = (a: Readonly<Record<string, Digest>>, b: Readonly<Record<string, Digest>>): boolean =>
  canonical(a) === canonical(b);

function short(body: ReportBody, since: NonNullable<ReportBody["unchanged"]>["since"]): ReportBody {
  const sections = STANDING.filter((section) => rowsIn(body, section).length > 0);
  if (sections.length === 0) return body;
  return {
    ...sections.reduce((left, section) => without(left, section), body),
    summary: body.summary,
    unchanged: { since, sections },
  };
}

/** What a report says of how things stand, list by list, but for when it was looked at; and for which desired state, with what conclusion. */
function digests(body: ReportBody): Record<string, Digest> {
  const lists = STANDING.map((section) => [section, digestOf(canonical(rowsIn(body, section).map(timeless)))] as const);
  const { result, targets, source } = body;
  return {
    ...Object.fromEntries(lists),
    conclusion: digestOf(canonical({ result, targets, source: source?.digest ?? null })),
  };
}

const timeless = (row: unknown): unknown =>
  typeof row === "object" && row !== null && "checkedOn" in row ? { ...row, checkedOn: null } : row;

/** A report's memory as the next one takes it over: what it said of itself goes by its digest from then on. */
export const handedOn = (carried: Carried, payloadSha256: Digest): Carried =>
  carried.full
    ? { ...carried, full: { ...carried.full, payloadSha256: carried.full.payloadSha256 ?? payloadSha256 } }
    : carried;

/** A short report with the rows of the full one that it names, for reading. Both were verified, and the one names the other by digest. */
export function filledIn(report: Report, full: ReportBody): Report {
  const { sections = [] } = report.unchanged ?? {};
  const named = SECTIONS.filter((section) => sections.includes(section));
  const moved = new Set(named.map(sectionAttachment));
  const filled = named.reduce((filled, section) => withRows(filled, section, rowsIn(full, section)), report);
  return { ...filled, attachments: [...report.attachments, ...full.attachments.filter(({ name }) => moved.has(name))] };
}
