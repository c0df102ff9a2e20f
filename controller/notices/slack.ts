import type { Group, Notice, Told } from "./notice.ts";
import { drawnWithin } from "./whole-groups.ts";
import {
  cut,
  fixForAll,
  groupHead,
  headline,
  MOST_FIX,
  MOST_WHY,
  newsOf,
  reportLine,
  restOf,
  standing,
  whereOf,
} from "./words.ts";

/** Slack's bounds (Slack API, "Block Kit", reference of blocks): blocks a message, characters of a header and of a section. */
const MOST_BLOCKS = 50;
const MOST_HEADER = 150;
const MOST_SECTION = 3_000;
/**
 * All blocks together, which Slack documents nowhere: whole messages are refused as `msg_blocks_too_long` from about 12,000 characters on
 * (slackapi/bolt-js, issues 2509 and 2867). Bytes.
 */
const MOST_BYTES = 12_000;

/** `verbatim`: Slack makes no mentions and links of words such as @here and #general (Slack API, "Text object"). */
interface Markup {
  readonly type: "mrkdwn";
  readonly text: string;
  readonly verbatim: true;
}

type Block =
  | { readonly type: "header"; readonly text: { readonly type: "plain_text"; readonly text: string } }
  | { readonly type: "section"; readonly text: Markup }
  | { readonly type: "context"; readonly elements: readonly Markup[] }
  | { readonly type: "divider" };

export interface SlackMessage {
  /** What notifications show, and clients that know no blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Whole groups are left off where they are too many for one message. */
export const slackOf = (notice: Notice): SlackMessage => drawnWithin(MOST_BYTES, notice, messageOf);

function messageOf(notice: Notice): SlackMessage {
  const sections = notice.groups.flatMap((group) => [DIVIDER, ...groupBlocks(group)]);
  const room = MOST_BLOCKS - 3;
  const left = notice.more > 0 || sections.length > room ? [section("_More of it is in the report._")] : [];
  return {
    text: escaped(headline(notice)),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(headline(notice), MOST_HEADER) } },
      ...sections.slice(0, room),
      ...left,
      {
        type: "context",
        elements: [markup(escaped(`Open here: ${standing(notice)}. ${reportLine(notice)}`))],
      },
    ],
  };
}

const DIVIDER: Block = { type: "divider" };
const markup = (text: string): Markup => ({ type: "mrkdwn", text: cut(text, MOST_SECTION), verbatim: true });
const section = (text: string): Block => ({ type: "section", text: markup(text) });

/** The group in one section where it fits, else as many concerns of it as do. */
function groupBlocks(group: Group): readonly Block[] {
  const [rest, all] = [restOf(group), fixForAll(group)];
  const lines = [
    `*${escaped(groupHead(group))}*`,
    ...(all === undefined ? [] : [`*Do, with each:* ${escaped(cut(all, MOST_FIX))}`]),
    ...group.concerns.map((told) => concernText(told, all === undefined)),
  ];
  const kept: string[] = [];
  for (const line of lines) {
    if (kept.join("\n").length + line.length > MOST_SECTION - 100) break;
    kept.push(line);
  }
  const dropped = lines.length - kept.length;
  const more = dropped > 0 ? `and ${group.count - group.concerns.length + dropped} more, in the report` : rest;
  return [section([...kept, ...(more === undefined ? [] : [`_${more}_`])].join("\n"))];
}

function concernText(told: Told, withFix: boolean): string {
  const where = whereOf(told);
  const { name, because, fix, resolved } = told;
  const head = `• *${escaped(name)}*${where === undefined ? "" : ` in ${escaped(where)}`}`;
  if (resolved) return `${head}\n   over: ${escaped(resolved.because)}`;
  const why = `${head}\n   ${escaped(cut(`${newsOf(told)}${because}`, MOST_WHY))}`;
  return withFix ? `${why}\n   *Do:* ${escaped(cut(fix, MOST_FIX))}` : why;
}

/** Slack's three control characters (Slack API, "Formatting text for app surfaces"). Names may have them, and would mention people with them. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
