import { type Notice, NOTICE_TYPES } from "./notice.ts";
import { drawnWithin } from "./whole-groups.ts";

/** Our own events: rules match on these. */
export const EVENT_SOURCE = "holdfast";
export const DETAIL_TYPES: Readonly<Record<(typeof NOTICE_TYPES)[number], string>> = {
  "concern.opened": "Holdfast Concern Opened",
  "concern.resolved": "Holdfast Concern Resolved",
  digest: "Holdfast Digest",
  "run.completed": "Holdfast Run Completed",
};

/** What PutEvents takes of an entry, its few other members included (API reference, PutEvents: 256 KB), less some. Bytes. */
const MOST_BYTES = 240_000;

export interface EventEntry {
  readonly source: typeof EVENT_SOURCE;
  readonly detailType: string;
  /** A notice as JSON. */
  readonly detail: string;
  readonly resources: readonly string[];
}

/** A notice as an event. Whole groups are left off, and counted, where they are too many for one. */
export function eventOf(notice: Notice): EventEntry {
  const { told, resources } = withinAnEvent(notice);
  return { source: EVENT_SOURCE, detailType: DETAIL_TYPES[notice.type], detail: JSON.stringify(told), resources };
}

/** As much of a notice as an event takes, which any program has then. */
export const withinAnEvent = (notice: Notice) =>
  drawnWithin(MOST_BYTES, notice, (told) => ({ told, resources: arnsIn(told) }));

function arnsIn({ groups }: Notice): readonly string[] {
  const subjects = groups.flatMap(({ concerns }) => concerns.map(({ subject }) => subject));
  return [...new Set(subjects.filter((subject) => subject.startsWith("arn:")))].slice(0, 50);
}
