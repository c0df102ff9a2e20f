import { expect, it } from "vitest";
import { matchesPattern, type EventPattern } from "./pattern.ts";

const event = { source: "aws.backup", resources: ["a", "b"], detail: { state: "FAILED", size: 3 } };

/** Each by the words of EventBridge's User Guide, "Comparison operators". */
const cases: readonly (readonly [EventPattern, boolean])[] = [
  [{}, true],
  [{ source: ["aws.backup", "other"] }, true],
  [{ source: ["AWS.BACKUP"] }, false],
  [{ source: [{ "equals-ignore-case": "AWS.BACKUP" }] }, true],
  [{ source: [{ prefix: "aws." }], detail: { state: ["FAILED"] } }, true],
  [{ source: [{ suffix: ".backup" }], detail: { state: ["EXPIRED"] } }, false],
  [{ resources: ["b"] }, true],
  [{ resources: ["c"] }, false],
  [{ detail: { size: [3] } }, true],
  [{ detail: { size: ["3"] } }, false],
  [{ detail: { state: [{ "anything-but": ["FAILED", "EXPIRED"] }] } }, false],
  [{ detail: { absent: [{ "anything-but": "FAILED" }] } }, false],
  [{ detail: { absent: [{ exists: false }], state: [{ exists: true }] } }, true],
  [{ detail: { state: [{ exists: false }] } }, false],
];

it.each(cases)("%j: %s", (pattern, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});

it("what is not simulated stops the test", () => {
  expect(() => matchesPattern({ detail: { size: [{ numeric: [">", 1] }] } }, event)).toThrow(
    "numeric is not simulated",
  );
});
