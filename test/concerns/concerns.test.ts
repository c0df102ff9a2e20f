import { describe, expect, it } from "vitest";
import { concernsAfter, MOST_CONCERNS, watchedWork } from "../../controller/concerns/after.ts";
import { type Concern, isOpen } from "../../controller/domain/concern.ts";
import { instant } from "../../controller/domain/identity.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import {
  BANK,
  BILLING,
  bodyOf,
  failedJob,
  finding,
  governed,
  holdOf,
  later,
  MORNING,
  partOf,
  planHold,
  SHOP,
} from "./bodies.ts";

const NOTHING = { announcements: [], notices: undefined, policies: [] };

/** What one report after another leaves of concern, an hour between them. */
function over(...bodies: readonly ReportBody[]): readonly Concern[] {
  return bodies.reduce<readonly Concern[]>(
    (before, body, at) => concernsAfter(before, body, NOTHING, later(at)).list,
    [],
  );
}
const causes = (all: readonly Concern[]) => all.filter(isOpen).map(({ cause }) => cause);
const jobs = (said: Partial<ReportBody["jobs"]>): Partial<ReportBody> => ({ jobs: { ...bodyOf().jobs, ...said } });

describe("a concern is not over", () => {
  const unprotected = bodyOf({ resources: [finding("unprotected")] });
  const waiting = bodyOf({ held: [planHold("needs-approval")] });
  const { finding: _, ...row } = finding("unprotected");
  const inDoubt = { ...row, outcome: "unknown", drift: "unknown", key: { ...row.key, name: "resources" } } as const;
  const unread = bodyOf({ targets: [{ target: SHOP, result: "INCOMPLETE" }] });

  it.each<[string, ReportBody, ReportBody]>([
    ["where its target's resources were not read whole", unprotected, bodyOf({ governed: [governed(SHOP, false)] })],
    ["where the run looked elsewhere", unprotected, partOf(BANK)],
    ["where what it is judged by elsewhere was not read", unprotected, bodyOf({ resources: [inDoubt] })],
    [
      "where the run was broken off",
      unprotected,
      bodyOf({ run: { ...bodyOf().run, failure: { code: "internal", message: "no" } } }),
    ],
    [
      "where more findings were counted than told",
      unprotected,
      bodyOf({
        tallies: [
          { target: SHOP, partition: "resources", policy: "everything", cause: "unprotected", points: 1, bytes: 0 },
        ],
      }),
    ],
    [
      "where nothing of its kind was looked at in a target that could not be read",
      unprotected,
      bodyOf({ governed: [], targets: [{ target: SHOP, result: "INCOMPLETE" }] }),
    ],
    [
      "where its kind could not be listed",
      waiting,
      bodyOf({ listings: [{ target: SHOP, kind: "plan", items: 0, complete: false }] }),
    ],
    ["where its change is held for another reason now", waiting, partOf(SHOP, { held: [planHold("partial-scope")] })],
    ["where its target is still not to be read", unread, unread],
    ["where no later job completed", bodyOf(jobs({ failed: [failedJob()] })), bodyOf()],
    [
      "where only an earlier job completed",
      bodyOf(jobs({ failed: [failedJob()] })),
      bodyOf(jobs({ mended: [{ jobId: "job-0", work: `backup ${BILLING}`, on: instant(later(-5)) }] })),
    ],
    [
      "where a part of the fleet was looked at, and it is the fleet's",
      bodyOf({ held: [planHold("stale-source")] }),
      partOf(SHOP),
    ],
  ])("%s", (_because, first, second) => {
    const [before, after] = [over(first), over(first, second)];
    expect(before.filter(isOpen).length).toBeGreaterThan(0);
    for (const one of before) expect(after.find(({ id }) => id === one.id)?.resolved).toBeUndefined();
  });
});

describe("a concern of a suspended policy", () => {
  const found = over(bodyOf({ resources: [finding("unprotected")] }));
  const { basis, target = SHOP } = found[0]!;
  const policy = { kind: "protected-resource", name: "policy" in basis ? basis.policy : "", target };
  const suspended = { mode: "suspended", reason: "moving house" } as const;
  const after = (policies: Parameters<typeof concernsAfter>[2]["policies"]) =>
    causes(concernsAfter(found, bodyOf(), { ...NOTHING, policies }, later(1)).list);

  it("stays as it was, since nobody judges", () => {
    expect(after([{ ...policy, management: suspended }])).toEqual(["unprotected"]);
  });

  it.each([
    ["the policy is judged by", { ...policy, management: { mode: "observe" } }],
    ["another policy is suspended", { ...policy, name: "another", management: suspended }],
    ["it is suspended elsewhere", { ...policy, target: BANK, management: suspended }],
  ] as const)("is over where %s", (_, one) => {
    expect(after([one])).toEqual([]);
  });
});

describe("a concern is over", () => {
  it.each<[string, ReportBody, ReportBody, RegExp]>([
    [
      "once a run looked there and found it no more",
      bodyOf({ resources: [finding("unprotected")] }),
      bodyOf(),
      /looked there/,
    ],
    [
      "by a run over its part of the fleet too",
      bodyOf({ resources: [finding("unprotected")] }),
      partOf(SHOP),
      /looked there/,
    ],
    [
      "once its target has left the fleet",
      bodyOf({ resources: [finding("unprotected")] }),
      bodyOf({ targets: [{ target: BANK, result: "CONVERGED" }], governed: [] }),
      /no longer part of the fleet/,
    ],
    [
      "once no policy asks for it",
      bodyOf({ resources: [finding("unprotected")] }),
      bodyOf({ governed: [] }),
      /nothing asks/,
    ],
    [
      "once somebody accepted it",
      bodyOf({ resources: [finding("unprotected")] }),
      bodyOf({ resources: [finding("unprotected")], held: [holdOf(finding("unprotected"), "waived")] }),
      /Waiver accepts/,
    ],
    ["once nothing is held any more", bodyOf({ held: [planHold("contested")] }), bodyOf(), /looked there/],
    [
      "once the target can be read",
      bodyOf({ targets: [{ target: SHOP, result: "INCOMPLETE" }] }),
      bodyOf(),
      /read again/,
    ],
    [
      "once a later job for the same completed",
      bodyOf(jobs({ failed: [failedJob()] })),
      bodyOf(jobs({ mended: [{ jobId: "job-2", work: `backup ${BILLING}`, on: instant(later(0)) }] })),
      /job-2 completed/,
    ],
    [
      "once a whole run went well",
      bodyOf({ run: { ...bodyOf().run, failure: { code: "internal", message: "no" } } }),
      bodyOf(),
      /whole fleet/,
    ],
  ])("%s", (_because, first, second, why) => {
    const [one] = over(first, second);
    expect(one?.resolved).toMatchObject({ on: instant(later(1)), because: expect.stringMatching(why) as string });
  });

  it("is remembered for a week, and then forgotten", () => {
    const ended = over(bodyOf({ resources: [finding("unprotected")] }), bodyOf());
    expect(concernsAfter(ended, bodyOf(), NOTHING, later(24 * 7)).list).toHaveLength(1);
    expect(concernsAfter(ended, bodyOf(), NOTHING, later(24 * 7 + 1)).list).toEqual([]);
  });

  it("and begins anew where it comes back", () => {
    const body = bodyOf({ resources: [finding("unprotected")] });
    const [one] = over(body, bodyOf(), body);
    expect(one).toMatchObject({ firstOn: instant(later(2)) });
    expect(one?.resolved).toBeUndefined();
  });

  it("where AWS remembers its jobs no longer", () => {
    const open = over(bodyOf(jobs({ failed: [failedJob()] })));
    expect(causes(concernsAfter(open, bodyOf(), NOTHING, later(24 * 30)).list)).toEqual(["backup-failed"]);
    const [lapsed] = concernsAfter(open, bodyOf(), NOTHING, later(24 * 30 + 1)).list;
    expect(lapsed?.resolved?.because).toContain("30 days");
  });
});

describe("jobs", () => {
  it.each([
    ["backup", "FAILED", "backup-failed"],
    ["backup", "EXPIRED", "backup-expired"],
    ["backup", "ABORTED", "backup-aborted"],
    ["backup", "PARTIAL", "backup-partial"],
    ["backup", "COMPLETED", "backup-completed-with-message"],
    ["copy", "FAILED", "copy-failed"],
  ] as const)("a %s that ended as %s is %s", (kind, state, cause) => {
    expect(causes(over(bodyOf(jobs({ failed: [failedJob({ kind, state })] }))))).toEqual([cause]);
  });

  it("that were made up for are of no concern, and of one work the last counts", () => {
    const failed = [
      failedJob({ jobId: "job-9", state: "EXPIRED", on: instant(later(-1)) }),
      failedJob(),
      failedJob({ arn: `${BILLING}-2`, retriedBy: "job-3" }),
    ];
    const all = over(bodyOf(jobs({ failed })));
    expect(causes(all)).toEqual(["backup-expired"]);
    expect(all[0]?.because).toContain("job-9 of plan nightly ended as EXPIRED");
    expect(watchedWork(all)).toEqual([`backup ${BILLING}`]);
  });

  it("keep their id from one night to the next, so that a bad week is one concern", () => {
    const night = (at: number) => bodyOf(jobs({ failed: [failedJob({ jobId: `job-${at}`, on: instant(later(at)) })] }));
    const all = over(night(1), night(2), night(3));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ firstOn: instant(MORNING), lastOn: instant(later(2)) });
  });

  it("name what to do by what AWS says", () => {
    const fix = (message: string, state = "FAILED") =>
      over(bodyOf(jobs({ failed: [failedJob({ message, state })] })))[0]?.fix;
    expect(fix("The lifecycle is outside the valid range for backup vault.")).toContain("within the vault's lock");
    expect(fix("", "EXPIRED")).toContain("start window");
  });
});

describe("findings", () => {
  it("somebody accepted are of no concern, whatever else holds them", () => {
    const rows = [finding("unprotected"), finding("rpo-breach")];
    const held = [holdOf(rows[0]!, "waived"), holdOf(rows[1]!, "observe-only", ["waived"])];
    expect(causes(over(bodyOf({ resources: rows, held })))).toEqual([]);
  });

  it("that one policy excuses count where another asks the same: one change of both, and two manifests", () => {
    const by = (policy: string) =>
      finding("unprotected", { manifest: { path: `${policy}.yaml`, line: 2, column: 1 } }, { policy });
    const rows = ["strict", "lenient"].map(by);
    const told = (waived: number) =>
      over(
        bodyOf({ resources: rows, held: rows.map((row, at) => holdOf(row, at === waived ? "waived" : "cannot-mend")) }),
      );
    expect([told(0), told(1)].map((all) => all.map(({ basis }) => basis))).toEqual(
      ["lenient", "strict"].map((policy) => [{ by: "finding", kind: "protected-resource", policy }]),
    );
  });

  it("of resources count one by one, with their owner and what releases them", () => {
    const rows = [
      finding("unprotected", {}, { owner: "team-billing" }),
      finding("unprotected", { id: "arn:aws:s3:::new" }),
    ];
    const all = over(bodyOf({ resources: rows, held: [holdOf(rows[0]!, "needs-approval")] }));
    expect(all.map(({ subject }) => subject).toSorted()).toEqual([BILLING, "arn:aws:s3:::new"].toSorted());
    expect(all.find(({ subject }) => subject === BILLING)).toMatchObject({
      owner: "team-billing",
      fix: "release of needs-approval",
      severity: "high",
    });
  });

  it("of ten thousand recovery points are one concern for a policy and a target", () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => finding("wrongVault", { id: `point-${at}` }));
    const all = over(bodyOf({ resources: rows }));
    expect(all.map(({ count, cause, severity }) => [count, cause, severity])).toEqual([
      [10_000, "wrongVault", "notice"],
    ]);
  });

  it("are remembered up to a bound, the gravest first, and more of them counted", () => {
    const rows = Array.from({ length: MOST_CONCERNS + 20 }, (_, at) =>
      finding("restore-leftover", { id: `arn:${at}` }),
    );
    const grave = finding("lastPointExpiring", { id: "arn:last" });
    const { list, summary } = concernsAfter([], bodyOf({ resources: [...rows, grave] }), NOTHING, MORNING);
    expect([list.length, summary.open, summary.beyond, summary.critical]).toEqual([
      MOST_CONCERNS,
      MOST_CONCERNS,
      21,
      1,
    ]);
  });
});

describe("the rest", () => {
  it("an account out of reach is one concern, not one a Region and kind", () => {
    const places = ["eu-west-1", "eu-central-1"].map((region) => ({ ...SHOP, region }) as typeof SHOP);
    const failure = { kind: "unreachable", operation: "sts:AssumeRole", message: "not authorized" };
    const body = bodyOf({
      targets: places.map((target) => ({ target, result: "INCOMPLETE" as const })),
      listings: places.flatMap((target) =>
        ["plan", "vault"].map((kind) => ({ target, kind, items: 0, complete: false, failure })),
      ),
    });
    expect(over(body).map(({ cause, count }) => [cause, count])).toEqual([["account-unreachable", 2]]);
  });

  it("a target is of concern where it could not be read, and not for what a narrow run did not look at elsewhere", () => {
    const { finding: _, ...row } = finding("unprotected");
    const failure = { kind: "throttled", operation: "backup:ListBackupVaults", message: "too fast" };
    const doubt = {
      targets: [{ target: SHOP, result: "INCOMPLETE" as const }],
      resources: [{ ...row, outcome: "unknown", drift: "unknown", failure } as const],
    };
    expect(over(bodyOf(doubt))).toMatchObject([
      { because: expect.stringMatching(/ListBackupVaults: too fast$/) as string },
    ]);
    const waits = bodyOf({ targets: doubt.targets, held: [planHold("unknown-state")] });
    expect(over(waits)).toMatchObject([{ because: expect.stringMatching(/because of unknown-state$/) as string }]);
    expect(over(partOf(SHOP, doubt))).toEqual([]);
    expect(causes(over(partOf(SHOP, { ...doubt, governed: [governed(SHOP, false)] })))).toEqual(["target-unreadable"]);
  });

  it("an exception that ends within two weeks is told to its owner", () => {
    const exception = {
      id: "migration",
      arn: null,
      reason: "until June",
      approvedIn: null,
      owner: "team-storage",
      manifest: { path: "w.yaml", line: 1, column: 1 },
    };
    const until = (days: number) =>
      over(bodyOf({ exceptions: [{ ...exception, expiresOn: instant(later(24 * days)) }] }));
    expect(until(13)).toMatchObject([{ cause: "waiver-expiring", owner: "team-storage" }]);
    expect([until(15), until(-1)]).toEqual([[], []]);
  });

  it("a destruction carried out is told once and is over with the next run", () => {
    const change = {
      change: "abcdefghijkl",
      key: { target: SHOP, kind: "recovery-point", name: "legacy" },
      subject: "arn:point",
      action: "amend",
      effect: "destroys",
      result: "accepted",
      differences: [],
    } as const;
    const done = bodyOf({ changes: [{ ...change, differences: [] }] });
    expect(causes(over(done))).toEqual(["destruction-carried-out"]);
    expect(causes(over(done, bodyOf()))).toEqual([]);
  });

  it("notices that came to nothing are told until the next ones were delivered, and not before that is known", () => {
    const trouble = { route: "chat", cause: "notice-failed", because: "refused", fix: "renew it" } as const;
    const after = (before: readonly Concern[], notices: (typeof trouble)[] | undefined) =>
      concernsAfter(before, bodyOf(), { announcements: [], notices, policies: [] }, MORNING).list;
    const told = after([], [trouble]);
    expect(causes(told)).toEqual(["notice-failed"]);
    expect(causes(after(told, undefined))).toEqual(["notice-failed"]);
    expect(causes(after(told, []))).toEqual([]);
  });
});
