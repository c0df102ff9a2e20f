import picocolors from "picocolors";
import type { Effect } from "../domain/effect.ts";
import type { Verdict } from "../domain/verdict.ts";

type Paint = (text: string) => string;

/** Colours by meaning. They only ever repeat what a mark or a word has said. */
export interface Palette {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly change: Paint;
  readonly bad: Paint;
  readonly hold: Paint;
  readonly unknown: Paint;
}

export function paletteOf(color: boolean): Palette {
  const { bold, dim, green, yellow, red, magenta, cyan } = picocolors.createColors(color);
  return { strong: bold, faint: dim, good: green, change: yellow, bad: red, hold: magenta, unknown: cyan };
}

/** The tone of a change's verb, or of what became of it. */
export const TONE_OF_ACTION: Readonly<Record<string, keyof Palette>> = {
  create: "good",
  update: "change",
  replace: "bad",
  adopt: "good",
  prune: "bad",
  amend: "change",
};

export const TONE_OF_EFFECT: Readonly<Record<Effect, keyof Palette>> = {
  neutral: "faint",
  strengthens: "good",
  weakens: "change",
  destroys: "bad",
  irreversible: "bad",
};

export const TONE_OF_VERDICT: Readonly<Record<Verdict, keyof Palette>> = {
  CONVERGED: "good",
  CORRECTED: "good",
  SUSPENDED: "hold",
  DRIFTED: "change",
  STOOD_DOWN: "hold",
  HELD: "hold",
  INCOMPLETE: "unknown",
  FAILED: "bad",
};
