import { showTarget } from "../domain/identity.ts";
import type { Progress } from "../ports.ts";
import { cut } from "./layout.ts";
import { visibleData } from "./visible.ts";
import { failureHeadline } from "./words.ts";

export type ProgressEvent = Parameters<Progress>[0];

/** What a run is at, in one line of at most `width` columns. Rewriting the line, or not, is the terminal's affair. */
export const progressText = (event: ProgressEvent, width: number): string => cut(sentence(visibleData(event)), width);

function sentence(event: ProgressEvent): string {
  switch (event.stage) {
    case "load":
      return "Reading the desired state";
    case "observe": {
      const trouble = event.failure ? ` (${failureHeadline(event.failure)})` : "";
      return `Observing ${share(event)} targets: ${showTarget(event.target)}${trouble}`;
    }
    case "decide":
      return "Deciding";
    case "apply":
      return `Applying wave ${event.wave} of ${event.waves}: ${share(event)} changes`;
    case "publish":
      return "Signing and publishing the report";
    default:
      return event satisfies never;
  }
}

const share = ({ done, of }: { readonly done: number; readonly of: number }): string =>
  `${String(done).padStart(String(of).length)}/${of}`;
