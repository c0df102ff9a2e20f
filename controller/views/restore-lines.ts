import { showTarget } from "../domain/identity.ts";
import type { Report } from "../domain/report.ts";
import { type RestoreTimes, spanText } from "../domain/restore-times.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf } from "./palette.ts";
import { countOf } from "./words.ts";

/** Classes told one by one in text; the JSON form and the CSV have all. */
const CLASSES = 20;

const DIRECTIONS = { slower: ", getting slower", faster: ", getting faster", steady: ", steady" } as const;

/** How long restores take against what they may: what took too long first, then what gets slower. Its texts must have been made visible. */
export function restoreLines(
  { restoreTimes: times = [] }: Pick<Report, "restoreTimes">,
  { color, width }: TextOptions,
): readonly string[] {
  if (times.length === 0) return [];
  const palette = paletteOf(color);
  const told = times.toSorted((a, b) => gravity(a) - gravity(b));
  return [
    palette.strong("How long restores take, by their tests"),
    ...told.slice(0, CLASSES).flatMap((one) => {
      const lines = wrap(sentenceOf(one), width, 2, 2);
      return isLate(one) ? lines.map(palette.bad) : lines;
    }),
    ...(told.length > CLASSES ? [`  and ${told.length - CLASSES} more`] : []),
  ];
}

function sentenceOf({ type, plan, target, restores, direction, ...times }: RestoreTimes): string {
  const { lastSeconds, lastOn, medianSeconds, rtoSeconds } = times;
  const median = restores === 1 ? "" : `, median ${spanText(medianSeconds)} of ${countOf(restores, "restore")}`;
  const allowed = rtoSeconds === null ? "" : `, ${spanText(rtoSeconds)} allowed`;
  const last = `last ${spanText(lastSeconds)} on ${lastOn.slice(0, 10)}`;
  return `${type} by ${plan} in ${showTarget(target)}: ${last}${median}${allowed}${direction ? DIRECTIONS[direction] : ""}`;
}

const isLate = ({ lastSeconds, rtoSeconds }: RestoreTimes): boolean => rtoSeconds !== null && lastSeconds > rtoSeconds;
const gravity = (one: RestoreTimes): number => (isLate(one) ? 0 : one.direction === "slower" ? 1 : 2);
