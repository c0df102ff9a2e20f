import type { Pin } from "../../../verifier/verification.ts";
import { append, byId, h, type Child } from "./dom.ts";
import { examine, type Evidence } from "./evidence.ts";
import { chosenFiles, droppedFiles, embedded, NOTHING, withGiven, type Files, type Given } from "./files.ts";
import { SECTIONS } from "./sections/all.ts";
import type { VerifiedReport } from "./shapes.ts";
import { instant } from "./words.ts";
import { isValid, verdict } from "./verdict.ts";

/** What the reader has given and chosen. Everything on the page follows from it. */
interface State {
  files: Files;
  head: Pin | undefined;
  refused: string | undefined;
  focus: number | undefined;
}

const state: State = { files: NOTHING, head: undefined, refused: undefined, focus: undefined };

/** Counts the examinations, so that one that a later one overtook shows nothing. */
let turn = 0;

async function look(): Promise<void> {
  const mine = ++turn;
  busy(true);
  const panel = byId("verdict");
  panel.className = "verdict";
  const count = state.files.reports.size;
  panel.replaceChildren(h("h2", { id: "verdict-title" }, count === 0 ? "Nothing to verify yet" : "Verifying…"));
  if (count === 0) {
    append(panel, [
      h("p", {}, "Add reports, keys.json and, where you have them, attachments and git packs: drop them below."),
    ]);
    await show(undefined);
    busy(false);
    return;
  }
  append(panel, [h("p", {}, `${count} files. Nothing has been checked yet.`)]);
  const evidence = await examine(state.files, state.head);
  if (mine !== turn) return;
  const asking = { head: state.head, refused: state.refused, compareHead, scriptHash: await scriptHash() };
  panel.className = `verdict ${isValid(evidence.verification) ? "good" : "bad"}`;
  panel.replaceChildren();
  byId("said").textContent = isValid(evidence.verification) ? "Verified: valid" : "Verified: invalid";
  append(panel, [
    verdict(evidence, asking),
    h("p", { class: "note" }, `Verified on this computer, without network, on ${instant(new Date().toISOString())}.`),
  ]);
  await show(evidence);
  if (mine === turn) busy(false);
}

/** Says to whom the page is read aloud, and to whom waits for it, that what stands there is not yet all. */
const busy = (is: boolean): void => byId("document").setAttribute("aria-busy", String(is));

function compareHead(text: string): void {
  const [, sequence, payloadSha256] = /^\s*(\d{1,15})\s*:\s*([0-9a-f]{64})\s*$/i.exec(text) ?? [];
  const empty = text.trim() === "";
  state.head =
    sequence && payloadSha256 ? { sequence: Number(sequence), payloadSha256: payloadSha256.toLowerCase() } : undefined;
  state.refused =
    state.head || empty
      ? undefined
      : "That is no head: it looks like 42:0123…, a number, a colon and 64 hexadecimal digits.";
  void look().then(() => byId("head").focus());
}

/** The document itself, of the report in focus; nothing where nothing may be shown. */
async function show(evidence: Evidence | undefined): Promise<void> {
  const sheet = byId("document");
  const shown =
    evidence && (evidence.reports.find(({ sequence }) => sequence === state.focus) ?? evidence.reports.at(-1));
  byId("contents").replaceChildren();
  if (!evidence || !shown) {
    sheet.replaceChildren();
    title(undefined);
    return;
  }
  title(shown);
  const parts = await Promise.all(
    SECTIONS.map(async ({ id, title: heading, make }, at) => {
      const part = h("section", { id, class: "part", "aria-labelledby": `${id}-title` });
      append(part, [
        h("h2", { id: `${id}-title` }, h("span", { class: "no" }, at + 1), " ", h("span", {}, heading)),
        await made(() => make({ evidence, shown })),
      ]);
      return part;
    }),
  );
  sheet.replaceChildren(chooser(evidence, shown), ...parts);
  contents();
}

/** A part of another form than this page reads takes no other part with it, and not the verdict. */
async function made(make: () => Promise<readonly Child[]> | readonly Child[]): Promise<Child> {
  try {
    return await make();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return h(
      "p",
      { class: "warning" },
      `This part cannot be shown: the report has it in a form that this page does not read (${reason}).`,
    );
  }
}

function title(shown: VerifiedReport | undefined): void {
  const fleet = shown?.report.scope.fleet;
  const text = shown
    ? `Report ${shown.sequence}${fleet ? ` of fleet ${fleet}` : ""}, ${instant(shown.report.run.finishedOn)}`
    : "";
  byId("subtitle").textContent = text;
  document.title = shown ? `Backup reconciliation report ${shown.sequence}` : "Backup reconciliation report";
}

function chooser(evidence: Evidence, shown: VerifiedReport): HTMLElement {
  if (evidence.reports.length < 2) return h("div");
  const choice = h(
    "select",
    { id: "choice" },
    evidence.reports
      .toReversed()
      .map(({ sequence, report }) =>
        h(
          "option",
          { value: sequence, selected: sequence === shown.sequence },
          `${sequence} · ${instant(report.run.finishedOn)} · ${report.result}`,
        ),
      ),
  );
  choice.addEventListener("change", () => {
    state.focus = Number(choice.value);
    void show(evidence).then(() => byId("choice").focus());
  });
  return h("div", { class: "choose" }, h("label", { for: "choice" }, "Report shown"), choice);
}

function contents(): void {
  const links = SECTIONS.map(({ id, title: heading }, at) =>
    h("li", {}, h("a", { href: `#${id}` }, h("span", { class: "no" }, at + 1), h("span", {}, heading))),
  );
  byId("contents").replaceChildren(h("h2", { id: "contents-title" }, "Contents"), h("ol", {}, links));
}

/** Of the script that runs, as the content security policy names it. */
async function scriptHash(): Promise<string> {
  const text = document.querySelector("script:not([type])")?.textContent ?? "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `sha256-${btoa(String.fromCharCode(...digest))}`;
}

async function add(given: Promise<readonly Given[]>): Promise<void> {
  state.files = await withGiven(state.files, await given);
  await look();
}

function openFiles(): void {
  const area = byId("open");
  const box = area.querySelector("input");
  box?.addEventListener("change", () => {
    if (box.files) void add(chosenFiles(box.files));
  });
  const over = (is: boolean) => (event: DragEvent) => {
    event.preventDefault();
    area.classList.toggle("over", is);
  };
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer) void add(droppedFiles(event.dataTransfer));
  });
}

/** Whatever goes wrong, the page says so in place of a verdict. */
function broken(reason: unknown): void {
  const panel = byId("verdict");
  panel.className = "verdict bad";
  panel.replaceChildren(
    h("h2", { id: "verdict-title" }, "INVALID"),
    h(
      "p",
      { class: "lead" },
      `The page could not verify what it holds: ${reason instanceof Error ? reason.message : String(reason)}`,
    ),
  );
  byId("document").replaceChildren();
  busy(false);
}

window.addEventListener("unhandledrejection", ({ reason }) => broken(reason));
async function start(): Promise<void> {
  openFiles();
  const data = await embedded();
  if (data) {
    state.files = data.files;
    state.focus = data.focus;
  }
  await look();
}

start().catch(broken);
