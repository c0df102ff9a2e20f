import type { Affected, CoverageEffect } from "../domain/coverage-effect.ts";
import { showTarget } from "../domain/identity.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf, type Palette } from "./palette.ts";
import { countOf } from "./words.ts";

/** Resources told by name in text; the JSON form has more of them. */
const NAMED = 5;
/** Plans and targets told one by one. */
const PLACES = 8;

const TURNS = [
  {
    turn: "lost",
    mark: "-",
    tone: "bad",
    says: (resources: string) => `${resources} would be taken in by no plan any more`,
  },
  {
    turn: "gained",
    mark: "+",
    tone: "good",
    says: (resources: string) => `${resources} would be taken in that no plan takes in so far`,
  },
  { turn: "unknown", mark: "?", tone: "unknown", says: (resources: string) => `of ${resources} nobody can tell` },
] as const satisfies readonly {
  readonly turn: keyof CoverageEffect;
  readonly mark: string;
  readonly tone: keyof Palette;
  readonly says: (resources: string) => string;
}[];

/** Who would gain and who would lose protection, what is lost first. Nothing where no change touches it. Its texts must have been made visible. */
export function coverageEffectLines(effect: CoverageEffect | undefined, options: TextOptions): readonly string[] {
  if (!effect) return [];
  const palette = paletteOf(options.color);
  const told = TURNS.flatMap(({ turn, mark, tone, says }) => {
    const affected = effect[turn];
    if (affected.count === 0) return [];
    const title = `${mark} ${says(countOf(affected.count, "resource"))}`;
    return [...wrap(title, options.width, 2, 2).map(palette[tone]), ...namesOf(affected, options)];
  });
  const nothing = effect.complete
    ? "  No resource gains or loses protection."
    : "  Of what could be read, no resource gains or loses protection.";
  return [
    palette.strong("Coverage effect, were all of it carried out, what is held too"),
    ...(told.length > 0 ? told : [nothing]),
    ...placesOf(effect).flatMap((line) => wrap(line, options.width, 2, 2).map(palette.faint)),
  ];
}

const namesOf = ({ count, first }: Affected, { width }: TextOptions): readonly string[] => [
  ...first.slice(0, NAMED).flatMap(({ arn, type }) => wrap(`${type} ${arn}`, width, 6, 2)),
  ...(count > NAMED ? [`      and ${count - Math.min(NAMED, first.length)} more`] : []),
];

function placesOf({ byPlan, unread }: CoverageEffect): readonly string[] {
  const plans = byPlan.map(
    ({ target, plan, gained, lost, unknown }) =>
      `plan ${plan} in ${showTarget(target)}: ${[`${gained.count} more`, `${lost.count} fewer`, ...(unknown.count > 0 ? [`${unknown.count} unknown`] : [])].join(", ")}`,
  );
  const targets = unread.map(({ target, because }) => `not all of ${showTarget(target)} could be told: ${because}`);
  return [plans, targets].flatMap((lines) => [
    ...lines.slice(0, PLACES),
    ...(lines.length > PLACES ? [`and ${lines.length - PLACES} more`] : []),
  ]);
}
