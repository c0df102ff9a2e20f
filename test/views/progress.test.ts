import { describe, expect, it } from "vitest";
import { columnsOf } from "../../controller/views/layout.ts";
import { progressText, type ProgressEvent } from "../../controller/views/progress.ts";
import { denied, ireland } from "./plan-fixtures.ts";

const cases: readonly { readonly event: ProgressEvent; readonly text: string; readonly because: string }[] = [
  { event: { stage: "load" }, text: "Reading the desired state", because: "nothing is counted yet" },
  {
    event: { stage: "observe", done: 7, of: 120, target: ireland },
    text: "Observing   7/120 targets: 444455556666/eu-west-1",
    because: "numbers keep their place while they grow",
  },
  {
    event: { stage: "observe", done: 8, of: 120, target: ireland, failure: denied },
    text: "Observing   8/120 targets: 444455556666/eu-west-1 (backup:ListBackupVaults was denied)",
    because: "trouble is worth seeing while it happens",
  },
  { event: { stage: "decide" }, text: "Deciding", because: "it takes no time" },
  {
    event: { stage: "apply", done: 3, of: 9, wave: 2, waves: 4 },
    text: "Applying wave 2 of 4: 3/9 changes",
    because: "waves are what a person waits for",
  },
  { event: { stage: "publish" }, text: "Signing and publishing the report", because: "it is the last thing" },
];

describe("progress", () => {
  it.each(cases)("of $event.stage is one line, because $because", ({ event, text }) => {
    expect(progressText(event, 100)).toBe(text);
  });

  it.each(cases)("of $event.stage never runs over a narrow terminal", ({ event }) => {
    const text = progressText(event, 20);
    expect(columnsOf(text)).toBeLessThanOrEqual(20);
    expect(text.endsWith("…") || text.length < 20).toBe(true);
  });
});
