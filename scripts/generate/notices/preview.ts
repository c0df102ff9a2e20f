import { slackOf } from "../../../controller/notices/slack.ts";
import { teamsOf } from "../../../controller/notices/teams.ts";
import { textOf } from "../../../controller/notices/text.ts";
import type { Notice } from "../../../controller/notices/notice.ts";

/** About as Slack, Teams and a mail reader show the messages themselves: read off them, not drawn from what they are made of. */
export const previewOf = (notices: readonly (readonly [title: string, notice: Notice])[]): string => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>Holdfast's messages</title>
  <style>
    body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d1c1d; background: #fff; }
    article { border: 1px solid #ccc; border-radius: 8px; padding: 0.8rem 1rem; margin: 1rem 0; overflow-wrap: anywhere; }
    .slack { border-left: 4px solid #4a154b; }
    .teams { border-left: 4px solid #464eb8; }
    .context, .subtle { color: #555; font-size: 0.87em; }
    h4 { margin: 0 0 0.5rem; font-size: 1.1rem; }
    pre { white-space: pre-wrap; margin: 0; font: 13px/1.45 ui-monospace, monospace; }
    dl { display: grid; grid-template-columns: 4rem 1fr; margin: 0.4rem 0; }
    dt { font-weight: 600; } dd { margin: 0; }
    hr { border: 0; border-top: 1px solid #ddd; margin: 0.6rem 0; }
  </style>
  <h1>Holdfast's messages</h1>
  <p>Generated from one night of one company. Services draw them in their own way; the text is what they get.</p>
${notices.map(([title, notice]) => `<h2>${html(title)}</h2>\n${mailHtml(notice)}\n${slackHtml(notice)}\n${teamsHtml(notice)}`).join("\n")}
</html>
`;

const html = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function mailHtml(notice: Notice): string {
  const { subject, body } = textOf(notice);
  return `<h3>Mail</h3><article class="mail"><h4>${html(subject)}</h4><pre>${html(body)}</pre></article>`;
}

/** Slack's markup, which is escaped as HTML is: bold, italics and line ends are all that is used of it. */
const mrkdwn = (text: string): string =>
  text
    .replaceAll(/\*([^*\n]+)\*/g, "<b>$1</b>")
    .replaceAll(/_([^_\n]+)_$/gm, "<i>$1</i>")
    .replaceAll("\n", "<br>");

function slackHtml(notice: Notice): string {
  const blocks = slackOf(notice).blocks.map((block) => {
    switch (block.type) {
      case "header":
        return `<h4>${html(block.text.text)}</h4>`;
      case "section":
        return `<p>${mrkdwn(block.text.text)}</p>`;
      case "context":
        return `<p class="context">${block.elements.map(({ text }) => mrkdwn(text)).join(" ")}</p>`;
      case "divider":
        return "<hr>";
      default:
        return block satisfies never;
    }
  });
  return `<h3>Slack</h3><article class="slack">${blocks.join("")}</article>`;
}

/** Markdown's escapes are taken off, as a card shows what they stand for. */
const card = (text: string): string => html(text.replaceAll(/\\([\\*_[\]()`~<>#])/g, "$1"));

function teamsHtml(notice: Notice): string {
  const [{ content }] = teamsOf(notice).attachments;
  const elements = content.body.map((element) => {
    if (element.type === "FactSet")
      return `<dl>${element.facts.map(({ title, value }) => `<dt>${card(title)}</dt><dd>${card(value)}</dd>`).join("")}</dl>`;
    const text = card(element.text);
    const line = element.separator ? "<hr>" : "";
    if (element.size === "Large") return `<h4>${text}</h4>`;
    if (element.weight === "Bolder") return `${line}<p><b>${text}</b></p>`;
    return element.isSubtle ? `${line}<p class="subtle">${text}</p>` : `<p>${text}</p>`;
  });
  return `<h3>Teams</h3><article class="teams">${elements.join("")}</article>`;
}
