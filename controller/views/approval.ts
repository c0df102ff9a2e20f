import { HOLD_REASONS, type Change, type HoldReason } from "../domain/change.ts";
import type { Hold, Plan } from "../domain/plan.ts";
import { sectionLines } from "./blocks.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf } from "./palette.ts";
import { sceneOfPlan } from "./plan-scene.ts";
import { changeJson } from "./plan-json.ts";
import { sectionsOf } from "./sections.ts";
import { jsonText, visible, visibleData } from "./visible.ts";
import { bytesText, countOf, verbOf } from "./words.ts";

/** An approval that was written, and what of the plan it consents to. */
export interface ApprovalView {
  readonly name: string;
  /** The last day on which it holds. */
  readonly expires: string;
  /** The plan, narrowed to what it covers. */
  readonly plan: Plan;
  /** Members of its groups that are not open any more. */
  readonly lapsed: number;
  readonly manifest: string;
  /** Where it was written; undefined: nowhere. */
  readonly path: string | undefined;
}

/** A plan narrowed to some of its changes. */
export const planUnder = (plan: Plan, covers: ReadonlySet<string>): Plan => ({
  ...plan,
  waves: plan.waves.map((wave) => wave.filter(({ id }) => covers.has(id))),
  held: plan.held.filter(({ change }) => change !== undefined && covers.has(change.id)),
  drift: [],
});

/** Holds that consent lets go of. */
const RELEASED: ReadonlySet<HoldReason> = new Set(["needs-approval", "hazard"]);

const changesIn = ({ waves, held }: Plan): readonly Change[] => [
  ...new Map([...waves.flat(), ...held.flatMap(({ change }) => change ?? [])].map((one) => [one.id, one])).values(),
];

const bytesIn = (changes: readonly Change[]): number =>
  changes.reduce((sum, change) => sum + (change.action === "amend" ? change.finding.bytes : 0), 0);

/** Everything but consent that holds them, gravest first, each with how many it holds. */
function heldStill(held: readonly Hold[]): readonly (readonly [HoldReason, number])[] {
  const reasons = held.flatMap(({ reason, also }) => [reason, ...also]).filter((reason) => !RELEASED.has(reason));
  return HOLD_REASONS.flatMap((reason) => {
    const count = reasons.filter((one) => one === reason).length;
    return count > 0 ? [[reason, count] as const] : [];
  });
}

/** What a person has just consented to, what holds it besides, and what is to be done now. */
export function approvalText(given: ApprovalView, options: TextOptions): string {
  const { name, expires, plan, lapsed, path } = visibleData(given);
  const palette = paletteOf(options.color);
  const changes = changesIn(plan);
  const still = heldStill(plan.held);
  const said = (text: string) => wrap(text, options.width, 0, 2);
  return [
    palette.strong(`Approval ${name}: ${sizeOf(changes)}, to each once, until the end of ${expires} (UTC)`),
    "",
    ...sectionsOf(sceneOfPlan(plan)).flatMap((section) => sectionLines(section, options)),
    ...(changes.length === 0 ? said("Nothing that it consents to is open now.") : []),
    ...(lapsed > 0
      ? said(`${lapsed} of the group are not open any more, or not as they were: it does not cover them.`)
      : []),
    ...(still.length > 0
      ? said(`Held still, whoever approves: ${still.map(([reason, count]) => `${reason} (${count})`).join(", ")}.`)
      : []),
    ...said(
      path === undefined
        ? "Nothing was written: save the manifest below approvals/ in the repository of manifests, and commit it."
        : `Written to ${path}. It counts once it is committed and published.`,
    ),
    "",
  ].join("\n");
}

function sizeOf(changes: readonly Change[]): string {
  const bytes = bytesIn(changes);
  return `consent to ${countOf(changes.length, "change")}${bytes > 0 ? ` (${bytesText(bytes)})` : ""}`;
}

/** Changes that are told one by one in the manifest. */
const REMARKS = 20;

/** What the ids stand for, for whoever reviews the manifest: one line each, in which nothing can end a line. */
export function approvalRemarks(plan: Plan, expires: string, now: Date): readonly string[] {
  const changes = changesIn(plan);
  const rest = changes.length - REMARKS;
  return [
    `${sizeOf(changes)}, to each once, until the end of ${expires} (UTC): written on ${now.toISOString().slice(0, 10)} by holdfast approve`,
    ...changes.slice(0, REMARKS).map((change) => `  ${change.id} ${remarkOn(change)}`),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].map(visible);
}

function remarkOn(change: Change): string {
  if (change.action !== "amend") return `${change.action} ${change.key.kind} ${change.key.name}`;
  const { finding } = change;
  const verb = verbOf({ action: change.action, ...(finding.mend ? { step: finding.mend.step } : {}) }) ?? change.action;
  return `${verb} ${finding.subject} (${bytesText(finding.bytes)}): ${finding.because}`;
}

/** The same for machines. The form is versioned as the plan's is. */
export const approvalJson = ({ name, expires, plan, lapsed, manifest, path }: ApprovalView): string =>
  jsonText({
    schema: "holdfast-approval/1",
    name,
    expires,
    path: path ?? null,
    manifest,
    covers: changesIn(plan).map(changeJson),
    lapsed,
    heldStill: Object.fromEntries(heldStill(plan.held)),
  });
