import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import * as z from "zod";
import { CAUSES } from "../../controller/concerns/causes.ts";
import { eventOf } from "../../controller/notices/event.ts";
import { Notice } from "../../controller/notices/notice.ts";
import { signedHeaders } from "../../controller/notices/signing.ts";
import { slackOf } from "../../controller/notices/slack.ts";
import { teamsOf } from "../../controller/notices/teams.ts";
import { textOf } from "../../controller/notices/text.ts";
import { EXAMPLE_KEYS, NOTICES } from "./notices/example.ts";
import { previewOf } from "./notices/preview.ts";

const FOLDER = "controller/notices";
const README = `${FOLDER}/README.md`;

const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
const text = (value: string): string => `\`\`\`text\n${value}\n\`\`\``;

const mail = (notice: Notice): string => {
  const { subject, body } = textOf(notice);
  return text(`Subject: ${subject}\n\n${body}`);
};

function event(notice: Notice): string {
  const { source, detailType, detail, resources } = eventOf(notice);
  return json({ source, "detail-type": detailType, resources, detail: JSON.parse(detail) as unknown });
}

/** As a receiver gets it: the body on one line, since the signature is of its bytes. */
function webhook(notice: Notice): string {
  const body = JSON.stringify({ type: notice.type, timestamp: notice.on, data: notice });
  const headers = signedHeaders(EXAMPLE_KEYS, { id: notice.id, body, at: new Date(notice.on) });
  const lines = Object.entries({ "content-type": "application/json", ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return text(`${lines.join("\n")}\n\n${body}`);
}

const causes = (): string => {
  const rows = Object.entries(CAUSES).map(
    ([cause, { title, severity }]) => `| \`${cause}\` | ${title} | ${severity} |`,
  );
  return ["| cause | what people read | severity |", "| --- | --- | --- |", ...rows].join("\n");
};

const SECTIONS: Readonly<Record<string, () => string>> = {
  causes,
  "mail-opened": () => mail(NOTICES.opened),
  "mail-resolved": () => mail(NOTICES.resolved),
  "mail-digest": () => mail(NOTICES.digest),
  slack: () => json(slackOf(NOTICES.opened)),
  teams: () => json(teamsOf(NOTICES.resolved)),
  "event-opened": () => event(NOTICES.opened),
  "event-resolved": () => event(NOTICES.resolved),
  "event-digest": () => event(NOTICES.digest),
  "event-run": () => event(NOTICES.run),
  webhook: () => webhook(NOTICES.resolved),
};

/** Every message as it is sent, beside the prose about it; the schema of notices; and a page that shows about how they look. */
export async function generateNotices(): Promise<ReadonlyMap<string, string>> {
  let readme = await readFile(fileURLToPath(new URL(`../../${README}`, import.meta.url)), "utf8");
  for (const [name, make] of Object.entries(SECTIONS)) {
    const block = new RegExp(`(<!-- ${name}: generated -->\n)[\\s\\S]*?(<!-- ${name}: end -->)`);
    if (!block.test(readme)) throw new Error(`${README} has no block ${name} to put its message into`);
    readme = readme.replace(block, (_all, begin: string, end: string) => `${begin}\n${make()}\n\n${end}`);
  }
  const { $schema, ...schema } = z.toJSONSchema(Notice);
  const preview = previewOf([
    ["Something is wrong", NOTICES.opened],
    ["It is over", NOTICES.resolved],
    ["Once a day", NOTICES.digest],
  ]);
  return new Map([
    [README, await format(readme, { parser: "markdown", printWidth: 120 })],
    [
      `${FOLDER}/notice.schema.json`,
      await format(JSON.stringify({ $schema, ...schema }), { parser: "json", printWidth: 120 }),
    ],
    [`${FOLDER}/preview.html`, await format(preview, { parser: "html", printWidth: 120 })],
  ]);
}
