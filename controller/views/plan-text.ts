import { showTarget } from "../domain/identity.ts";
import { sectionLines } from "./blocks.ts";
import { coverageEffectLines } from "./coverage-lines.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { misnamedLines } from "./misnamed-lines.ts";
import { outlookLines } from "./outlook-lines.ts";
import { paletteOf } from "./palette.ts";
import { pictureOf, type PlanCounts, type PlanView } from "./plan-scene.ts";
import { problemLines } from "./problems-text.ts";
import { sectionsOf, type Section } from "./sections.ts";
import { visibleData } from "./visible.ts";
import { countOf, revisionText, shortList } from "./words.ts";

/** The reconcile plan for a terminal: by target, a mark in column one, and one line that sums it up at the end. */
export function planText(given: PlanView, options: TextOptions): string {
  const { scene, counts, outlook, ...context } = visibleData(pictureOf(given));
  const sections = sectionsOf(scene);
  const palette = paletteOf(options.color);
  const paragraph = (lines: readonly string[]) => (lines.length > 0 ? [...lines, ""] : []);
  return [
    palette.strong(planTitle(context)),
    "",
    ...(context.warnings.length > 0 ? [...problemLines(context.warnings, options), ""] : []),
    ...sections.flatMap((section) => sectionLines(section, options)),
    ...paragraph(coverageEffectLines(context.coverageEffect, options)),
    ...paragraph(misnamedLines(context.misnamed, options)),
    ...outlookLines(outlook, options),
    ...asideLines(context.fleet, counts, sections).flatMap((line) =>
      wrap(line, options.width, 0, 2).map(palette.faint),
    ),
    ...wrap(totalLine(counts), options.width, 0, 6).map(palette.strong),
    "",
  ].join("\n");
}

/** Which desired state was compared, and with how much. */
export const planTitle = ({ fleet, revision }: Pick<PlanView, "fleet" | "revision">): string =>
  `Reconcile plan: fleet ${fleet.name}, ${countOf(fleet.targets.length, "target")}, at ${revisionText(revision)}`;

/** What needs no block of its own, and yet must not go unsaid. */
export function asideLines(
  fleet: PlanView["fleet"],
  { unmanaged, deferred }: PlanCounts,
  sections: readonly Section[],
): readonly string[] {
  const spoken = new Set(sections.flatMap(({ targets }) => targets.map(showTarget)));
  const quiet = fleet.targets.map(showTarget).filter((target) => !spoken.has(target));
  const lines = [
    ...(quiet.length > 0 && spoken.size > 0 ? [`Nothing to do in ${shortList(quiet)}.`] : []),
    ...fleet.excluded.map(({ account, reason }) => `Left out: account ${account} (${reason}).`),
    ...(unmanaged > 0 ? [`Not managed: ${countOf(unmanaged, "resource")} that no manifest names; never touched.`] : []),
    ...(deferred > 0 ? [`Left for a later run: ${countOf(deferred, "finding")}, more than one run can mend.`] : []),
  ];
  return lines.length > 0 ? [...lines, ""] : [];
}

/** `Plan: 3 to create, 1 to prune, 4 held, 1 unknown, 37 in sync`. What is unknown is never left out, nor called in sync. */
export function totalLine(counts: PlanCounts): string {
  const toDo = [
    ...part(counts.create, "to create"),
    ...part(counts.update, "to update"),
    ...part(counts.replace, "to replace"),
    ...part(counts.prune, "to prune"),
    ...part(counts.adopt, "to adopt"),
    ...part(
      counts.amend,
      counts.destroying > 0
        ? `to amend (${counts.destroying === 1 ? "1 destroys" : `${counts.destroying} destroy`} backups)`
        : "to amend",
    ),
  ];
  return `Plan: ${[
    ...(toDo.length > 0 ? toDo : ["nothing to change"]),
    ...part(counts.held, "held"),
    ...part(counts.unknown, "unknown"),
    `${counts.inSync} in sync`,
  ].join(", ")}`;
}

const part = (count: number, words: string): readonly string[] => (count > 0 ? [`${count} ${words}`] : []);
