import { describe, expect, it } from "vitest";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import { viewOf } from "../answers.ts";
import { PLAN, planned, row, ruleOf, type Scene, settled, vaultArn } from "./facts.ts";

/** Rule 5: a policy that does not say how long asks for what the plan's rule that made the point says today. */

const asPlanned = ruleOf({ retention: {} });
const made = (more: Partial<RecoveryPointRow> = {}) => row({ planArn: PLAN, ruleName: "daily", ...more });
const COPIES = {
  copyActions: [
    { destinationBackupVaultArn: vaultArn("nightly"), lifecycle: { deleteAfterDays: 90 } },
    { destinationBackupVaultArn: vaultArn("second") },
  ],
};

function found(one: RecoveryPointRow, rules = [asPlanned], scene: Scene = { view: planned(35) }): string {
  const { findings } = settled([one], rules, scene);
  const finding = findings.find(({ mend }) => mend?.fields[0]?.path === "lifecycle.deleteAfterDays");
  return finding ? `${finding.cause} ${String(finding.mend?.fields[0]?.desired)} by ${finding.rule.name}` : "content";
}

describe("a point", () => {
  it.each<[string, string, string, string]>([
    ["kept for less than its rule says today", found(made()), "tooShort 35 by policy", "the rule was lengthened"],
    ["kept for as long", found(made({ deleteAfterDays: 35 })), "content", "as it says"],
    ["kept for longer", found(made({ deleteAfterDays: 365 })), "content", "only atMostDays shortens"],
    ["kept for ever", found(made({ deleteAfterDays: undefined })), "content", "only atMostDays shortens"],
    ["made by hand", found(made({ planArn: undefined })), "content", "no rule made it"],
    ["of a plan that is gone", found(made(), [asPlanned], { view: viewOf({}) }), "content", "nothing says how long"],
    [
      "of a plan nobody could read",
      found(made(), [asPlanned], { view: viewOf({ incomplete: ["plan"] }) }),
      "content",
      "unknown changes nothing",
    ],
    ["of a rule that is gone", found(made({ ruleName: "weekly" })), "content", "nothing says how long"],
    ["of a rule that keeps for ever", found(made(), [asPlanned], { view: planned(undefined) }), "content", "no number"],
    [
      "EXPIRED",
      found(made({ status: "EXPIRED" })),
      "content",
      "its retention is spent, and lengthening would bring nothing back",
    ],
    [
      "of a rule shorter than the policy's least",
      found(made(), [ruleOf({ retention: { atLeastDays: 60 } })]),
      "tooShort 60 by policy",
      "what the policy says goes before",
    ],
    [
      "of a rule longer than the policy's most",
      found(made({ deleteAfterDays: 20 }), [ruleOf({ retention: { atMostDays: 30 } })]),
      "tooShort 30 by policy",
      "a plan may not ask for more than the policy allows",
    ],
    [
      "kept past the policy's most",
      found(made({ deleteAfterDays: 60 }), [ruleOf({ retention: { atMostDays: 30 } })]),
      "tooLong 30 by policy",
      "the rule asks for 35, the policy for 30 at most",
    ],
    [
      "that two policies would shorten, one of them observed",
      found(made({ deleteAfterDays: 400 }), [
        ruleOf({ retention: { atMostDays: 30 } }),
        ruleOf({ retention: { atMostDays: 90 } }, { name: "watched", management: { mode: "observe" } }),
      ]),
      "tooLong 90 by watched",
      "the longest wins, whoever says it",
    ],
    [
      "that one policy shortens and another has no word on",
      found(made({ deleteAfterDays: 400 }), [
        ruleOf({ retention: { atMostDays: 30 } }),
        ruleOf({ orphans: { when: ["expired"] } }, { name: "silent" }),
      ]),
      "content",
      "a policy that does not speak of retention does not say how long at most",
    ],
  ])("%s", (_what, told, expected, because) => {
    expect({ because, told }).toEqual({ because, told: expected });
  });
});

describe("a copy", () => {
  const copy = (more: Partial<RecoveryPointRow> = {}) => made({ sourceVaultArn: vaultArn("first"), ...more });

  it.each<[string, string, string, string]>([
    [
      "with a retention of its own",
      found(copy(), [asPlanned], { view: planned(35, COPIES) }),
      "tooShort 90 by policy",
      "its copy action says 90",
    ],
    [
      "without one",
      found(copy(), [asPlanned], { view: planned(35, COPIES), name: "second" }),
      "tooShort 35 by policy",
      "it takes its source's",
    ],
    [
      "into a vault that no copy action names",
      found(copy(), [asPlanned], { view: planned(35, COPIES), name: "third" }),
      "content",
      "nothing of the plan made it",
    ],
    ["of a rule that copies nothing", found(copy()), "content", "nothing of the plan made it"],
  ])("%s", (_what, told, expected, because) => {
    expect({ because, told }).toEqual({ because, told: expected });
  });
});

describe("delete and cold", () => {
  const cold = (days: number, wanted: number, more: Partial<RecoveryPointRow> = {}) =>
    settled(
      [row({ moveToColdStorageAfterDays: days, deleteAfterDays: days + 90, ...more })],
      [ruleOf({ retention: { atLeastDays: wanted } })],
    ).findings.map(({ bars }) => bars.map(({ reason, release }) => [reason, release]));

  it.each<[string, unknown, unknown]>([
    [
      "89 days after cold is refused by AWS",
      cold(30, 119, { deleteAfterDays: 100 }),
      [[["cannot-mend", "a retention of 120 days or more"]]],
    ],
    ["90 days after cold is what AWS insists on", cold(30, 120, { deleteAfterDays: 100 }), [[]]],
    [
      "of a type without cold storage the setting is ignored",
      cold(30, 119, { resourceType: "RDS", deleteAfterDays: 100 }),
      [[]],
    ],
  ])("%s", (_what, told, expected) => expect(told).toEqual(expected));
});
