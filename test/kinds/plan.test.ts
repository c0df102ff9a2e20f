import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldDrift } from "../../controller/domain/change.ts";
import { canonical } from "../../controller/domain/digest.ts";
import { worstEffect } from "../../controller/domain/effect.ts";
import { compareFields } from "../../controller/kinds/compare.ts";
import { fullest, smallest } from "../../controller/kinds/plan/examples.ts";
import { planFields } from "../../controller/kinds/plan/fields.ts";
import { normalisePlan } from "../../controller/kinds/plan/normalise.ts";
import { type PlanRule, PlanSpec } from "../../controller/kinds/plan/spec.ts";

const drift = (live: PlanSpec, desired: PlanSpec) =>
  compareFields(planFields, normalisePlan(PlanSpec.parse(live)), normalisePlan(PlanSpec.parse(desired)));

const judged = (fields: readonly FieldDrift[]) => ({
  differs: fields.length > 0,
  effect: worstEffect(fields.map((field) => field.effect)),
  hazards: [...new Set(fields.flatMap((field) => field.hazards))],
});

const daily: PlanRule = { ruleName: "daily", targetBackupVaultName: "nightly", lifecycle: { deleteAfterDays: 35 } };
const continuous: PlanRule = { ...daily, enableContinuousBackup: true };
const destinationBackupVaultArn = "arn:aws:backup:eu-central-1:777788889999:backup-vault:central";
const airGapped = "arn:aws:backup:eu-west-1:444455556666:backup-vault:gapped";
const withCopy = (deleteAfterDays?: number): PlanRule => ({
  ...daily,
  copyActions: [
    { destinationBackupVaultArn, ...(deleteAfterDays === undefined ? {} : { lifecycle: { deleteAfterDays } }) },
  ],
});

describe("what a change of a rule does to protection", () => {
  it.each<[string, PlanRule, PlanRule, string, string[], string]>([
    [
      "a longer retention",
      daily,
      { ...daily, lifecycle: { deleteAfterDays: 60 } },
      "strengthens",
      [],
      "points live longer",
    ],
    ["for ever", daily, { ...daily, lifecycle: {} }, "strengthens", [], "absent is for ever"],
    [
      "a shorter retention",
      daily,
      { ...daily, lifecycle: { deleteAfterDays: 7 } },
      "weakens",
      [],
      "new points live shorter; old ones keep theirs",
    ],
    ["no longer for ever", { ...daily, lifecycle: {} }, daily, "weakens", [], "any number is less than for ever"],
    [
      "a shorter continuous retention",
      continuous,
      { ...continuous, lifecycle: { deleteAfterDays: 7 } },
      "destroys",
      ["interrupts"],
      "stored data is edited at the next job",
    ],
    [
      "a longer continuous retention",
      { ...continuous, lifecycle: { deleteAfterDays: 7 } },
      continuous,
      "strengthens",
      ["interrupts"],
      "S3 stops the point and makes another",
    ],
    ["continuous on", daily, continuous, "strengthens", ["interrupts"], "RDS from retention 0 is an outage"],
    ["continuous off", continuous, daily, "weakens", ["interrupts"], "restores reach snapshots only"],
    [
      "continuous off and shorter",
      continuous,
      { ...daily, lifecycle: { deleteAfterDays: 7 } },
      "weakens",
      ["interrupts"],
      "the old point keeps its remembered retention",
    ],
    [
      "a wider gap",
      daily,
      { ...daily, scheduleExpression: "cron(0 5 ? * 1 *)" },
      "weakens",
      [],
      "a week's work can be lost",
    ],
    ["another hour", daily, { ...daily, scheduleExpression: "cron(0 6 ? * * *)" }, "neutral", [], "the same gap"],
    [
      "a zone with summer time",
      daily,
      { ...daily, scheduleExpressionTimezone: "Europe/Berlin" },
      "weakens",
      [],
      "one day of 25 hours; judged with the expression it goes with",
    ],
    [
      "hourly in a zone with summer time",
      daily,
      { ...daily, scheduleExpression: "cron(0 * ? * * *)", scheduleExpressionTimezone: "Europe/Berlin" },
      "strengthens",
      [],
      "both fields are judged by the schedule they make",
    ],
    [
      "another vault",
      daily,
      { ...daily, targetBackupVaultName: "other" },
      "weakens",
      [],
      "its lock and policy may be less",
    ],
    [
      "a continuous point's vault",
      continuous,
      { ...continuous, targetBackupVaultName: "other" },
      "weakens",
      ["interrupts"],
      "a resource has one continuous point",
    ],
    [
      "a narrower start window",
      { ...daily, startWindowMinutes: 480 },
      { ...daily, startWindowMinutes: 60 },
      "neutral",
      ["fails-jobs"],
      "fewer jobs start in time",
    ],
    [
      "a wider completion window",
      { ...daily, completionWindowMinutes: 600 },
      daily,
      "neutral",
      [],
      "more time fails nothing",
    ],
    [
      "cold",
      { ...daily, lifecycle: { deleteAfterDays: 365 } },
      { ...daily, lifecycle: { deleteAfterDays: 365, moveToColdStorageAfterDays: 30 } },
      "neutral",
      ["irreversible"],
      "no point comes back from cold",
    ],
    [
      "cold sooner",
      { ...daily, lifecycle: { moveToColdStorageAfterDays: 60 } },
      { ...daily, lifecycle: { moveToColdStorageAfterDays: 30 } },
      "neutral",
      ["irreversible"],
      "more points go",
    ],
    [
      "cold later",
      { ...daily, lifecycle: { moveToColdStorageAfterDays: 30 } },
      { ...daily, lifecycle: { moveToColdStorageAfterDays: 60 } },
      "neutral",
      [],
      "it commits to nothing new",
    ],
    [
      "cold no more",
      { ...daily, lifecycle: { moveToColdStorageAfterDays: 30 } },
      { ...daily, lifecycle: {} },
      "neutral",
      [],
      "warm restores sooner",
    ],
    [
      "archiving",
      daily,
      { ...daily, lifecycle: { deleteAfterDays: 35, optInToArchiveForSupportedResources: true } },
      "neutral",
      ["irreversible"],
      "an archived snapshot stays 90 days",
    ],
    ["a copy", daily, withCopy(35), "strengthens", ["costs"], "stored twice, billed twice"],
    ["no copy", withCopy(35), daily, "weakens", [], "one place less"],
    ["a copy kept longer", withCopy(35), withCopy(60), "strengthens", [], "the copy lives longer"],
    ["a copy kept shorter", withCopy(60), withCopy(35), "weakens", [], "the copy lives shorter"],
    ["a copy that inherits", withCopy(60), withCopy(), "weakens", [], "the source may keep shorter than 60"],
    ["a copy that inherits no more", withCopy(), withCopy(60), "weakens", [], "the source may keep longer than 60"],
    [
      "an air-gapped primary",
      daily,
      { ...daily, targetLogicallyAirGappedBackupVaultArn: airGapped },
      "strengthens",
      ["irreversible"],
      "nobody takes it back",
    ],
    [
      "no air gap",
      { ...daily, targetLogicallyAirGappedBackupVaultArn: airGapped },
      daily,
      "weakens",
      [],
      "points can be deleted again",
    ],
    ["tags", daily, { ...daily, recoveryPointTags: { tier: "gold" } }, "neutral", [], "tags protect nothing"],
    [
      "an index",
      daily,
      { ...daily, indexActions: [{ resourceTypes: ["EBS"] }] },
      "neutral",
      [],
      "it finds files, restores do without",
    ],
    [
      "scanning",
      daily,
      { ...daily, scanActions: [{ malwareScanner: "GUARDDUTY", scanMode: "FULL_SCAN" }] },
      "strengthens",
      ["costs"],
      "flagged points are known",
    ],
    [
      "scanning less",
      { ...daily, scanActions: [{ malwareScanner: "GUARDDUTY", scanMode: "FULL_SCAN" }] },
      { ...daily, scanActions: [{ malwareScanner: "GUARDDUTY", scanMode: "INCREMENTAL_SCAN" }] },
      "weakens",
      [],
      "a full scan sees what an incremental one does, and more",
    ],
  ])("%s", (_what, live, desired, effect, hazards, because) => {
    const fields = drift({ rules: [live] }, { rules: [desired] });
    expect({ because, ...judged(fields) }).toEqual({ because, differs: true, effect, hazards });
  });

  it("judges a rule that comes by what it commits to, and one that goes as a loss", () => {
    const cold: PlanRule = { ...withCopy(365), ruleName: "cold", lifecycle: { moveToColdStorageAfterDays: 30 } };
    expect(drift({ rules: [daily] }, { rules: [daily, cold] })).toMatchObject([
      { path: "rules[cold]", effect: "strengthens", hazards: ["irreversible", "costs"], live: undefined },
    ]);
    expect(drift({ rules: [daily, { ...continuous, ruleName: "pitr" }] }, { rules: [daily] })).toMatchObject([
      { path: "rules[pitr]", effect: "weakens", hazards: ["interrupts"], desired: undefined },
    ]);
  });
});

describe("what a change beside the rules does", () => {
  const options = (resourceType: "EC2" | "S3", backupOptions: Record<string, string>): PlanSpec => ({
    rules: [daily],
    advancedBackupSettings: [{ resourceType, backupOptions }],
  });
  const scanning = (resourceTypes: ("EBS" | "S3" | "ALL")[], role = "scanner"): PlanSpec => ({
    rules: [daily],
    scanSettings: [{ malwareScanner: "GUARDDUTY", resourceTypes, scannerRoleArn: role }],
  });
  const bare: PlanSpec = { rules: [daily] };
  it.each<[string, PlanSpec, PlanSpec, string, string[], string]>([
    ["VSS on", bare, options("EC2", { WindowsVSS: "enabled" }), "strengthens", [], "application-consistent"],
    [
      "VSS off",
      options("EC2", { WindowsVSS: "enabled" }),
      bare,
      "weakens",
      [],
      "left out is off: the update replaces the document",
    ],
    ["ACLs off", bare, options("S3", { BackupACLs: "disabled" }), "weakens", ["interrupts"], "left out was on"],
    ["scans of all", scanning(["EBS"]), scanning(["ALL"]), "strengthens", ["costs"], "ALL is every type"],
    ["scans of fewer", scanning(["ALL"]), scanning(["EBS", "S3"]), "weakens", [], "EC2 is left out"],
    [
      "another scanner role",
      scanning(["EBS"]),
      scanning(["EBS"], "other"),
      "neutral",
      ["fails-jobs"],
      "it may lack a permission",
    ],
    [
      "tags",
      { ...bare, tags: { owner: "a" } },
      { ...bare, tags: { owner: "b" } },
      "neutral",
      [],
      "tags protect nothing",
    ],
  ])("%s", (_what, live, desired, effect, hazards, because) => {
    const fields = drift(live, desired);
    expect({ because, ...judged(fields) }).toEqual({ because, differs: true, effect, hazards });
  });

  it("leaves tags alone that no manifest names", () => {
    expect(
      drift({ rules: [daily], tags: { owner: "a", seen: "yes" } }, { rules: [daily], tags: { owner: "a" } }),
    ).toEqual([]);
    expect(drift({ rules: [daily], tags: { seen: "yes" } }, { rules: [daily] })).toEqual([]);
  });
});

describe("no false drift", () => {
  it("takes AWS's spelled-out defaults for what was left out", () => {
    const spelledOut: PlanSpec = {
      rules: [
        {
          ...daily,
          scheduleExpression: "cron(0 5 ? * * *)",
          scheduleExpressionTimezone: "UTC",
          startWindowMinutes: 480,
          completionWindowMinutes: 10_080,
          enableContinuousBackup: false,
          lifecycle: { deleteAfterDays: 35, optInToArchiveForSupportedResources: false },
          recoveryPointTags: {},
          copyActions: [],
          indexActions: [],
          scanActions: [],
        },
      ],
      advancedBackupSettings: [
        { resourceType: "S3", backupOptions: { BackupACLs: "enabled" } },
        { resourceType: "EC2", backupOptions: { WindowsVSS: "disabled" } },
      ],
      scanSettings: [],
    };
    expect(drift({ rules: [daily] }, spelledOut)).toEqual([]);
  });

  const shuffled = (spec: PlanSpec) =>
    fc
      .tuple(
        fc.shuffledSubarray(spec.rules, { minLength: spec.rules.length }),
        fc.shuffledSubarray(spec.advancedBackupSettings ?? [], { minLength: spec.advancedBackupSettings?.length ?? 0 }),
      )
      .map(([rules, advancedBackupSettings]): PlanSpec => ({ ...spec, rules, advancedBackupSettings }));

  it("does not care for the order of sets, and normalising twice is normalising once", () => {
    const copies = [1, 2, 3].map((at) => ({ destinationBackupVaultArn: `${destinationBackupVaultArn}-${at}` }));
    const spec: PlanSpec = {
      ...fullest,
      rules: [...fullest.rules, { ...daily, ruleName: "copied", copyActions: copies }],
    };
    fc.assert(
      fc.property(shuffled(spec), (other) => {
        expect(drift(spec, other)).toEqual([]);
        const once = normalisePlan(other);
        expect(canonical(normalisePlan(once))).toBe(canonical(once));
        expect(PlanSpec.parse(once)).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });
});

describe("no blind spot", () => {
  const [first, ...rest] = fullest.rules;
  const changed: Partial<PlanRule> = { targetBackupVaultName: "elsewhere" };
  const without = (name: keyof PlanRule): PlanSpec => {
    const rule = { ...first!, [name]: changed[name] };
    return { ...fullest, rules: [rule, ...rest] };
  };
  const leaves = Object.keys(first!).filter((name) => name !== "ruleName") as (keyof PlanRule)[];

  it.each(leaves)("notices a change of a rule's %s", (name) => {
    const paths = drift(fullest, without(name)).map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith(`rules[daily].${name}`))).not.toEqual([]);
  });

  it.each(["advancedBackupSettings", "scanSettings"] as const)("notices %s gone", (name) => {
    const paths = drift(fullest, { ...fullest, [name]: undefined }).map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith(name))).not.toEqual([]);
  });

  it("has examples that parse and differ in every section", () => {
    expect(PlanSpec.parse(smallest)).toEqual(smallest);
    expect(PlanSpec.parse(fullest)).toEqual(fullest);
    expect(drift(smallest, fullest).length).toBeGreaterThan(5);
  });
});
