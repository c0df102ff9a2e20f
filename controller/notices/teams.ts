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

/** What Teams takes in one message (Microsoft Teams, "Create Incoming Webhooks": 28 KB), less some for what carries it. Bytes. */
const MOST_BYTES = 26_000;

type Element =
  | {
      readonly type: "TextBlock";
      readonly text: string;
      readonly wrap: true;
      readonly size?: "Large";
      readonly weight?: "Bolder";
      readonly color?: "Attention" | "Good" | "Warning";
      readonly isSubtle?: true;
      readonly separator?: true;
    }
  | { readonly type: "FactSet"; readonly facts: readonly { readonly title: string; readonly value: string }[] };

export interface TeamsMessage {
  readonly type: "message";
  readonly attachments: readonly [
    {
      readonly contentType: "application/vnd.microsoft.card.adaptive";
      readonly contentUrl: null;
      readonly content: {
        readonly $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
        readonly type: "AdaptiveCard";
        readonly version: "1.4";
        readonly body: readonly Element[];
      };
    },
  ];
}

/** An Adaptive Card, as a Workflows webhook posts it. Whole groups are left off where they are too many for one message. */
export const teamsOf = (notice: Notice): TeamsMessage => drawnWithin(MOST_BYTES, notice, cardOf);

function cardOf(notice: Notice): TeamsMessage {
  const body: readonly Element[] = [
    { ...block(headline(notice)), size: "Large", weight: "Bolder", color: colourOf(notice) },
    ...notice.groups.flatMap(groupElements),
    ...(notice.more > 0 ? [block(`And ${notice.more} more groups, in the report.`)] : []),
    { ...block(`Open here: ${standing(notice)}. ${reportLine(notice)}`), isSubtle: true, separator: true },
  ];
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body,
  } as const;
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }],
  };
}

const colourOf = ({ type, groups, open: { critical, high, notice } }: Notice) => {
  if (type === "concern.resolved" || critical + high + notice === 0) return "Good";
  return groups.some(({ severity }) => severity === "critical") ? "Attention" : "Warning";
};

const block = (text: string) => ({ type: "TextBlock", text: escaped(text), wrap: true }) as const;

function groupElements(group: Group): readonly Element[] {
  const [rest, all] = [restOf(group), fixForAll(group)];
  return [
    { ...block(groupHead(group)), weight: "Bolder", separator: true },
    ...group.concerns.map((told): Element => ({ type: "FactSet", facts: factsOf(told, all === undefined) })),
    ...(all === undefined ? [] : [block(`Do, with each: ${cut(all, MOST_FIX)}`)]),
    ...(rest === undefined ? [] : [{ ...block(rest), isSubtle: true } as const]),
  ];
}

function factsOf(told: Told, withFix: boolean): readonly { readonly title: string; readonly value: string }[] {
  const where = whereOf(told);
  const { name, because, fix, resolved } = told;
  const facts = [
    ["What", where === undefined ? name : `${name} in ${where}`],
    resolved ? ["Over", resolved.because] : ["Why", `${newsOf(told)}${because}`],
    ...(withFix && !resolved ? [["Do", cut(fix, MOST_FIX)]] : []),
  ] as const;
  return facts.map(([title = "", value = ""]) => ({ title, value: escaped(cut(value, MOST_WHY)) }));
}

/** Cards know some Markdown (Adaptive Cards, "Text features"): names are to be read as they are. */
const escaped = (text: string): string => text.replaceAll(/([\\*_[\]()`~<>#])/g, "\\$1");
