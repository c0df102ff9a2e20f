import type { Group, Notice, Told } from "./notice.ts";
import { fixForAll, groupHead, headline, newsOf, reportLine, restOf, standing, whereOf } from "./words.ts";

/** Slack's bounds (Slack API, "Block Kit", reference of blocks): blocks a message, characters of a header and of a section. */
const MOST_BLOCKS = 50;
const MOST_HEADER = 150;
const MOST_SECTION = 3_000;
/** AWS's messages and ours, within that. */
const MOST_WHY = 500;
const MOST_FIX = 300;

type Block =
  | { readonly type: "header"; readonly text: { readonly type: "plain_text"; readonly text: string } }
  | { readonly type: "section"; readonly text: { readonly type: "mrkdwn"; readonly text: string } }
  | { readonly type: "context"; readonly elements: readonly { readonly type: "mrkdwn"; readonly text: string }[] }
  | { readonly type: "divider" };

export interface SlackMessage {
  /** What notifications show, and clients that know no blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function slackOf(notice: Notice): SlackMessage {
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
        elements: [{ type: "mrkdwn", text: escaped(`Open here: ${standing(notice)}. ${reportLine(notice)}`) }],
      },
    ],
  };
}

const DIVIDER: Block = { type: "divider" };
const section = (text: string): Block => ({ type: "section", text: { type: "mrkdwn", text: cut(text, MOST_SECTION) } });

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

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
