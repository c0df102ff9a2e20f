import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { compose, type Occasion } from "../../controller/notices/compose.ts";
import { eventOf } from "../../controller/notices/event.ts";
import { digestDue, isQuiet } from "../../controller/notices/hours.ts";
import type { Notice } from "../../controller/notices/notice.ts";
import { slackOf } from "../../controller/notices/slack.ts";
import { teamsOf } from "../../controller/notices/teams.ts";
import { textOf } from "../../controller/notices/text.ts";
import { concernsAfter } from "../../controller/concerns/after.ts";
import { EXAMPLE_KEYS, NOTICES } from "../../scripts/generate/notices/example.ts";
import { bodyOf, finding, MORNING } from "../concerns/bodies.ts";
import { route } from "./rig.ts";

const occasion: Occasion = {
  fleet: "acme",
  route: "chat",
  report: { sequence: 1, url: "s3://b/1", result: "HELD" },
  now: MORNING,
  names: new Map(),
  open: [],
};

/** As large as a notice gets: many groups, names and sentences as long as AWS has them. */
function huge(name = "x".repeat(900)): Notice {
  const resources = Array.from({ length: 60 }, (_, owner) =>
    Array.from({ length: 30 }, (__, at) =>
      finding(
        "unprotected",
        { id: `arn:aws:s3:::${name}-${owner}-${at}`, because: `why ${"y".repeat(2_000)}` },
        { owner: `team-${owner}` },
      ),
    ),
  ).flat();
  const { list } = concernsAfter(
    [],
    bodyOf({ resources }),
    { announcements: [], notices: undefined, policies: [] },
    MORNING,
  );
  return compose({ type: "concern.opened", about: list.map((concern) => ({ concern })) }, occasion);
}

const HUGE = huge();

const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

describe("a message as large as it gets", () => {
  it("is bounded by groups and concerns, and says how many there are beyond", () => {
    const { groups, more } = HUGE;
    expect([groups.length, more, groups[0]?.concerns.length, groups[0]?.count]).toEqual([20, 40, 10, 30]);
  });

  it("keeps to what Slack takes", () => {
    const { blocks } = slackOf(HUGE);
    expect(blocks.length).toBeLessThanOrEqual(50);
    const longest = (type: string) =>
      Math.max(...blocks.map((block) => (block.type === type && "text" in block ? block.text.text.length : 0)));
    expect(longest("section")).toBeLessThanOrEqual(3_000);
    expect(longest("header")).toBeLessThanOrEqual(150);
    expect(bytes(blocks)).toBeLessThanOrEqual(12_000);
    expect(JSON.stringify(blocks)).toContain("more, in the report");
  });

  it("keeps to what Teams, EventBridge and SNS take, by whole groups", () => {
    expect(bytes(teamsOf(HUGE))).toBeLessThan(28_000);
    expect(JSON.stringify(teamsOf(HUGE))).toContain("more groups, in the report");
    const { detail, resources } = eventOf(HUGE);
    expect(new TextEncoder().encode(detail + resources.join("")).length).toBeLessThan(256_000);
    const told = JSON.parse(detail) as Notice;
    expect(told.groups.length + told.more).toBe(60);
    expect(new TextEncoder().encode(textOf(HUGE).body).length).toBeLessThan(256_000);
  });
});

describe("names that look like markup", () => {
  const notice = huge("<!channel>&*_bold_*[x](y)");

  it("mention nobody in Slack", () => {
    const { blocks, text } = slackOf(notice);
    expect(JSON.stringify([blocks, text])).not.toMatch(/<!channel>|&(?!amp;|lt;|gt;)/);
    const marked = blocks.flatMap((block) =>
      block.type === "context" ? block.elements : "text" in block ? block.text : [],
    );
    for (const one of marked) expect(one).toMatchObject(one.type === "mrkdwn" ? { verbatim: true } : {});
  });

  it("stay in their line, and turn nothing around", () => {
    const [line, turned, torn] = ["a\r\n\u2028b", "c\u202Ed", "e\uD83D"];
    const said = finding("unprotected", { id: `arn:aws:s3:::${turned}`, because: line }, { owner: torn });
    const { list } = concernsAfter(
      [],
      bodyOf({ resources: [said] }),
      { announcements: [], notices: undefined, policies: [] },
      MORNING,
    );
    const one = compose({ type: "concern.opened", about: list.map((concern) => ({ concern })) }, occasion);
    expect(one.groups).toMatchObject([{ owner: "e\uFFFD", concerns: [{ name: "c d", because: "a b" }] }]);
    expect(textOf(one).body).not.toContain("\u202E");
    expect(slackOf({ ...one, fleet: "🔒".repeat(100) }).blocks[0]).toMatchObject({ text: { text: /^\[(🔒)+…$/u } });
  });

  it("are read as they are in Teams", () => {
    expect(JSON.stringify(teamsOf(notice))).toContain(String.raw`\\[x\\]\\(y\\)`);
  });

  it("leave a subject of up to 100 characters of ASCII in one line", () => {
    const { subject } = textOf({ ...notice, fleet: `flotte-übersee-${"z".repeat(120)}` });
    expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
  });
});

describe("quiet hours and digests", () => {
  const BERLIN = { timeZone: "Europe/Berlin" } as const;
  const night = route({
    to: { by: "eventBus", bus: "b" },
    quietHours: { ...BERLIN, from: "22:00", to: "07:00", days: ["sat"], holds: "all-but-critical" },
    digest: { ...BERLIN, at: "02:30" },
  });

  it.each([
    ["2026-03-28T20:59:00Z", false, "before they begin"],
    ["2026-03-28T21:00:00Z", true, "from Saturday, 22:00"],
    ["2026-03-29T04:59:00Z", true, "through the night in which the clocks go forward"],
    ["2026-03-29T05:00:00Z", false, "to Sunday, 07:00 by the new time"],
    ["2026-10-25T05:59:00Z", true, "through the night in which they go back"],
    ["2026-10-25T06:00:00Z", false, "to 07:00 by the old time"],
    ["2026-03-29T21:00:00Z", false, "and not from Sunday, 22:00"],
  ])("at %s it is quiet: %s, %s", (now, quiet) => {
    expect(isQuiet(night, new Date(now))).toBe(quiet);
    expect(isQuiet(night, new Date(now), { severity: "critical" })).toBe(false);
  });

  /** Digests that fall due in half-hourly runs over a day and more. */
  const digests = (from: string): readonly string[] => {
    const due = Array.from({ length: 60 }, (_, at) => digestDue(night, new Date(Date.parse(from) + at * 1_800_000))!);
    return [...new Set(due)].slice(1);
  };

  it("has a digest on the day that has no 02:30, and one on the day that has two", () => {
    expect(digests("2026-03-28T22:00:00Z")).toEqual(["2026-03-29T02:30", "2026-03-30T02:30"]);
    expect(digests("2026-10-24T22:00:00Z")).toEqual(["2026-10-25T02:30", "2026-10-26T02:30"]);
  });
});

describe("the documentation", () => {
  const readme = readFileSync(new URL("../../controller/notices/README.md", import.meta.url), "utf8");

  it("shows how to verify our webhook: its ten lines take the request beside them by either key, and no other", async () => {
    const [, code = ""] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    const { isOurs } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      readonly isOurs: (headers: Readonly<Record<string, string>>, body: string, key: string) => boolean;
    };
    const [, request = ""] = /<!-- webhook: generated -->\s*```text\n([\s\S]*?)\n```/.exec(readme) ?? [];
    const [head = "", body = ""] = request.split("\n\n");
    const headers = Object.fromEntries(head.split("\n").map((line) => line.split(": ") as [string, string]));
    expect([EXAMPLE_KEYS.current, EXAMPLE_KEYS.previous].map((key) => isOurs(headers, body, key))).toEqual([
      true,
      true,
    ]);
    expect(isOurs(headers, body, "A".repeat(43))).toBe(false);
    expect(isOurs(headers, body.replace("billing", "bi11ing"), EXAMPLE_KEYS.current)).toBe(false);
  });

  it("has a schema that every notice keeps to", () => {
    const ajv = new Ajv2020({ strict: true, validateFormats: false });
    const schema = JSON.parse(
      readFileSync(new URL("../../controller/notices/notice.schema.json", import.meta.url), "utf8"),
    ) as object;
    const validate = ajv.compile(schema);
    for (const notice of [...Object.values(NOTICES), HUGE])
      expect(validate(JSON.parse(JSON.stringify(notice))), JSON.stringify(validate.errors)).toBe(true);
  });
});
