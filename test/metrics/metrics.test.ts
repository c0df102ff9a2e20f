import { describe, expect, it } from "vitest";
import type { Concern } from "../../controller/domain/concern.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import type { TestedClass } from "../../controller/domain/tested.ts";
import { FINDING_CAUSES } from "../../controller/load/manifests/waiver.ts";
import { FINDINGS } from "../../controller/metrics/findings.ts";
import { metricsOfFailure, metricsOfStandDown } from "../../controller/metrics/of-failure.ts";
import { metricsOfReport } from "../../controller/metrics/of-report.ts";
import { type Metric, type MetricName, METRICS } from "../../controller/metrics/table.ts";
import { at, bodyOf, resourceKey } from "../attest/fixture.ts";

const valuesOf = (metrics: readonly Metric[]): Partial<Record<MetricName, number>> =>
  Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
const told = (change: Partial<ReportBody> = {}) =>
  valuesOf(metricsOfReport({ said: bodyOf("run-1", 0, change), nextDueBefore: at(61) }));

const { target } = resourceKey("nightly");
const elsewhere = { ...target, region: "eu-central-1" } as typeof target;
type Held = ReportBody["held"][number];
const held = (reason: Held["reason"], because: string): Held => ({
  key: resourceKey("nightly"),
  reason,
  also: [],
  because,
  release: "",
});
const changed = (result: string, effect = "neutral") =>
  ({
    change: "a",
    key: resourceKey("nightly"),
    action: "update",
    effect,
    result,
    differences: [],
  }) as unknown as ReportBody["changes"][number];
const resource = (outcome: string) => ({ key: resourceKey("nightly"), outcome }) as ReportBody["resources"][number];
const tally = (cause: string, points: number, bytes = 0) => ({
  target,
  partition: "nightly",
  policy: "keep",
  cause,
  points,
  bytes,
});
const listed = (where: typeof target, kind?: string) => ({
  target: where,
  kind: "vault",
  items: 0,
  complete: kind === undefined,
  ...(kind === undefined ? {} : { failure: { kind, operation: "sts:AssumeRole", message: "" } }),
});
const failure = (code: string) => ({ ...bodyOf("run-1", 0).run, failure: { code, message: "" } });
const partial = { ...bodyOf("run-1", 0).scope, partial: true };
const unprotected = [{ arn: "arn:aws:s3:::a", type: "S3", reason: "no-recovery-point" as const }];

describe("a report in numbers", () => {
  it.each<
    readonly [because: string, change: Partial<ReportBody>, expected: Partial<Record<MetricName, number | undefined>>]
  >([
    ["a report is the heartbeat", {}, { ReportsPublished: 1, RunsFailed: 0, RunsBroken: 0, RunsStoodDown: 0 }],
    ["it says how long it took and when the next is due", {}, { RunTime: 60, NextReportDue: 3600 }],
    ["a report that says FAILED is told apart", { result: "FAILED" }, { ReportsPublished: 1, RunsFailed: 1 }],
    [
      "each target counts where it ended",
      {
        targets: [
          { target, result: "CONVERGED" },
          { target: elsewhere, result: "HELD" },
        ],
      },
      { TargetsConverged: 1, TargetsHeld: 1, TargetsIncomplete: 0 },
    ],
    [
      "an account is unreachable once, in however many Regions and kinds",
      { listings: [listed(target, "unreachable"), listed(elsewhere, "unreachable"), listed(target, "denied")] },
      { AccountsUnreachable: 1 },
    ],
    [
      "what nobody could look at is not drift",
      { resources: [resource("drifted"), resource("held"), resource("unknown")] },
      { ResourcesDrifted: 2, ResourcesUnknown: 1 },
    ],
    [
      "what AWS took on counts as done, what it refused as failed, what was skipped as neither",
      {
        changes: [
          changed("applied"),
          changed("accepted", "destroys"),
          changed("failed", "destroys"),
          changed("skipped"),
        ],
      },
      { ChangesApplied: 2, ChangesFailed: 1, Destructions: 1 },
    ],
    [
      "a tag set by hand is break glass, a suspension that was reviewed is not",
      {
        held: [
          held("suspended", "its tag holdfast:suspend-until asks for no writes until tomorrow"),
          held("suspended", "suspended: we are moving"),
          held("needs-approval", "it weakens"),
        ],
      },
      { ChangesHeld: 3, BreakGlassHolds: 1 },
    ],
    [
      "points count by what is wrong with them, over all vaults",
      {
        tallies: [
          tally("expired", 2, 10),
          tally("planDeleted", 3, 5),
          tally("tooLong", 7),
          tally("lastPointExpiring", 1),
        ],
      },
      {
        PointsBreaching: 13,
        PointsOrphaned: 5,
        OrphanBytes: 15,
        PointsMiskept: 7,
        LastPointsExpiring: 1,
        PointsUncopied: 0,
      },
    ],
    [
      "resources count apart from points, by what a policy asks for",
      { tallies: [tally("rpo-breach", 2), tally("unlocked", 1), tally("uncopied", 3), tally("restore-untested", 4)] },
      { PointsBreaching: 0, RpoBreaches: 2, RequiredUncopied: 4, RestoreTestsOverdue: 4, RestoreTestsFailed: 0 },
    ],
    [
      "concerns stand as they stood where a run looked at a part of the fleet",
      { scope: partial, concerns: { open: 7, critical: 1, high: 4, opened: 1, resolved: 0, beyond: 0 } },
      { ConcernsOpen: 7, ConcernsCritical: 1, RpoBreaches: undefined, NoticesFailed: undefined },
    ],
    [
      "announced destructions wait",
      { announced: { points: 4, bytes: 0, fresh: 0, paused: 0 } },
      { DestructionsAnnounced: 4 },
    ],
    [
      "a survey that was whole tells what is unprotected",
      { coverage: { complete: true, population: 1, protected: 0, unprotected, byPlan: {} } },
      { ResourcesUnprotected: 1 },
    ],
    [
      "one that was not whole cannot",
      { coverage: { complete: false, population: 1, protected: 0, unprotected, byPlan: {} } },
      { ResourcesUnprotected: undefined },
    ],
    [
      "a run that was broken off has published, and does not know how things stand",
      { result: "FAILED", run: failure("source-unreadable") },
      { ReportsPublished: 1, RunsFailed: 1, ResourcesDrifted: undefined, TargetsConverged: undefined },
    ],
    [
      "a desired state that its keys did not sign is news of its own",
      { result: "FAILED", run: failure("source-unverified") },
      { DesiredStateUnverified: 1, EvidenceAltered: 0 },
    ],
    [
      "a run over a part of the fleet is no heartbeat, tells of no whole, and of what it did",
      { scope: partial, changes: [changed("applied")] },
      { ReportsPublished: undefined, NextReportDue: undefined, ResourcesDrifted: undefined, ChangesApplied: 1 },
    ],
  ])("%s", (_because, change, expected) => {
    const values = told(change);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, values[name as MetricName]]))).toEqual(
      expected,
    );
  });

  it("names each metric once, with the unit of the table", () => {
    const metrics = metricsOfReport({ said: bodyOf("run-1", 0), nextDueBefore: at(61) });
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
    expect(metrics.filter(({ name, unit }) => METRICS[name] !== unit)).toEqual([]);
  });

  it("tells of concerns by cause, and how old the oldest restore test is, where the lists are at hand", () => {
    const concern = (cause: string, over = false) =>
      ({ cause, ...(over ? { resolved: { on: at(60), because: "" } } : {}) }) as Concern;
    const tested = (lastSuccessOn: string | null) => ({ lastSuccessOn }) as TestedClass;
    const values = valuesOf(
      metricsOfReport({
        said: bodyOf("run-1", 0),
        nextDueBefore: at(61),
        concerns: [concern("notice-failed"), concern("notice-failed", true), concern("webhook-old"), concern("other")],
        tested: [tested(at(0)), tested(null), tested(at(-60))],
      }),
    );
    expect(values).toMatchObject({ NoticesFailed: 1, NoticeSecretsOld: 1, RestoreTestAge: 3660 });
  });

  it("has a class for everything a finding can be for", () => {
    expect(FINDING_CAUSES.filter((cause) => !Object.hasOwn(FINDINGS, cause))).toEqual([]);
  });
});

describe("a run without a report", () => {
  it.each([
    ["chain-broken", "EvidenceAltered"],
    ["publish-failed", "EvidenceRefused"],
    ["signer-unusable", "EvidenceRefused"],
    ["store-unreachable", "EvidenceRefused"],
    ["source-unverified", "DesiredStateUnverified"],
  ] as const)("that ended with %s says %s, and nothing else grave", (code, name) => {
    const grave = { EvidenceAltered: 0, EvidenceRefused: 0, DesiredStateUnverified: 0 };
    expect(valuesOf(metricsOfFailure(code))).toEqual({ RunsBroken: 1, ...grave, [name]: 1 });
  });

  it("is no heartbeat, whether it broke or gave way", () => {
    expect(valuesOf(metricsOfFailure("internal"))).not.toHaveProperty("ReportsPublished");
    expect(valuesOf(metricsOfStandDown())).toEqual({ RunsStoodDown: 1, RunsBroken: 0 });
  });
});
