import { describe, expect, it } from "vitest";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import { viewOf } from "../answers.ts";
import { DAY, PLAN, planned, row, ruleOf, type Scene, settled, VOLUME } from "./facts.ts";

/** Rule 1: a newest point that will go with no successor is told of while there is time. */

const NOW = new Date(100 * DAY);

describe("a last point that will go by itself", () => {
  const keeping = ruleOf({ retention: { atLeastDays: 1 } });
  const made = (more: Partial<RecoveryPointRow> = {}) =>
    row({ planArn: PLAN, ruleName: "daily", deleteOn: NOW.getTime() + DAY, ...more });
  const told = (rows: readonly RecoveryPointRow[], scene: Scene = {}) =>
    settled(rows, [keeping], { now: NOW, view: planned(35), ...scene })
      .findings.filter(({ cause }) => cause === "lastPointExpiring")
      .map(({ because }) => because.split("; ")[1]);
  const absent = { survey: () => new Map([["volume", { complete: new Map() }]]) };
  const there = { survey: () => new Map([["volume", { complete: new Map([[VOLUME, ""]]) }]]) };

  it.each<[string, string[], (string | undefined)[], string]>([
    ["of a plan that makes another", [], told([made()]), "its successor comes tonight"],
    [
      "of a plan nobody could read",
      [],
      told([made()], { view: viewOf({ incomplete: ["plan"] }) }),
      "unknown alarms nobody",
    ],
    [
      "that goes in three weeks",
      [],
      told([made({ planArn: undefined, deleteOn: NOW.getTime() + 21 * DAY })]),
      "not yet",
    ],
    ["that never goes", [], told([made({ planArn: undefined, deleteOn: undefined })]), "it does not"],
    [
      "that has a newer sibling",
      [],
      told([made({ planArn: undefined }), row({ arn: "newer", createdOn: DAY })]),
      "no last",
    ],
    [
      "in a vault that was not read whole",
      [],
      told([made({ planArn: undefined })], { status: "incomplete" }),
      "unknown",
    ],
    [
      "in an air-gapped vault",
      [],
      told([made({ planArn: undefined })], { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" }),
      "not judged",
    ],
    [
      "that is EXPIRED already",
      [],
      told([made({ planArn: undefined, status: "EXPIRED" })]),
      "AWS Backup could not delete it",
    ],
    [
      "made by hand",
      ["it was made by hand, so no plan makes another"],
      told([made({ planArn: undefined })]),
      "no successor",
    ],
    ["of a deleted plan", ["its plan is deleted"], told([made()], { view: viewOf({}) }), "no successor"],
    [
      "of a rule that is gone",
      ["its plan has no rule weekly any more"],
      told([made({ ruleName: "weekly" })]),
      "no successor",
    ],
    [
      "of a resource that is gone",
      ["the resource is not in its service's listing any more"],
      told([made()], absent),
      "a plan backs up what is there",
    ],
    ["of a resource that is there", [], told([made()], there), "its successor comes tonight"],
    [
      "of a continuous kind",
      ["its plan is deleted"],
      told([made({ form: "continuous" })], { view: viewOf({}) }),
      "it is the last all the same",
    ],
  ])("%s: %j", (_what, expected, found, because) => {
    expect({ because, found }).toEqual({ because, found: expected });
  });

  it("is nothing that anybody here can mend, and is told with what would help", () => {
    const [finding] = settled([made({ planArn: undefined })], [keeping], { now: NOW }).findings;
    expect(finding).toMatchObject({
      cause: "lastPointExpiring",
      bars: [{ reason: "last-point", release: expect.stringContaining("keep this point for longer") }],
    });
    expect(finding?.mend).toBeUndefined();
  });
});
