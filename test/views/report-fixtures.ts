import { notSurveyed } from "../../controller/attest/report/surveyed.ts";
import { AccountId, Instant, Region, type Target } from "../../controller/domain/identity.ts";
import { Report } from "../../controller/domain/report.ts";
import type { ReportView } from "../../controller/views/report-scene.ts";
import { at, central, denied, digest, frankfurt, ireland, otherNames, plans, vaults } from "./plan-fixtures.ts";

/** Hand-made reports. They go through the schema, so that no view is ever tried on what could not be published. */

const instant = (text: string): Instant => Instant.parse(text);
const verdict = (target: Target, result: Report["result"]) => ({ target, result });
const nightly = at(ireland, "vault", "nightly");
const daily = at(ireland, "plan", "daily");
const lock = at(central, "vault-lock", "central");
const point = "arn:aws:ec2:eu-central-1::snapshot/snap-1a01";

const orphan = (name: string): string => `arn:aws:ec2:eu-west-1::snapshot/snap-${name}`;
const expired = {
  cause: "expired",
  policy: "clean-up",
  partition: "legacy",
  bytes: 8 * 1024 ** 3,
  resource: "arn:aws:ec2:eu-west-1:444455556666:volume/vol-1",
};

const call = (change: string, key: typeof nightly, action: string, operation: string, requestId?: string) => ({
  id: `${change}.1`,
  change,
  key,
  action,
  beforeSha256: null,
  afterSha256: null,
  role: "apply" as const,
  operation,
  calledOn: instant("2026-11-23T02:00:07.000Z"),
  ...(requestId === undefined ? {} : { requestId }),
  outcome: "accepted" as const,
});

const retention = (live: number, desired: number, effect: "strengthens" | "weakens") => ({
  path: "rules[daily].lifecycle.deleteAfterDays",
  live,
  desired,
  effect,
  hazards: [],
});

const done: Pick<Report, "changes" | "actions"> = {
  changes: [
    {
      change: "aaaaaaaaaaaa",
      key: nightly,
      action: "create",
      effect: "strengthens",
      result: "applied",
      differences: [{ path: "tags", desired: { owner: "platform" }, effect: "neutral", hazards: [] }],
      manifest: vaults(4),
    },
    {
      change: "bbbbbbbbbbbb",
      key: daily,
      action: "update",
      effect: "strengthens",
      result: "failed",
      because: "backup:UpdateBackupPlan: Rate exceeded",
      differences: [retention(14, 35, "strengthens")],
      manifest: plans(3),
    },
    {
      change: "cccccccccccc",
      key: at(ireland, "selection", "daily/volumes"),
      action: "create",
      effect: "strengthens",
      result: "skipped",
      because: "earlier-wave-failed",
      differences: [{ path: "resources", desired: ["arn:aws:ec2:*:*:volume/*"], effect: "strengthens", hazards: [] }],
      manifest: plans(27),
    },
    {
      change: "gggggggggggg",
      key: at(ireland, "recovery-point", orphan("0a77")),
      subject: orphan("0a77"),
      action: "amend",
      effect: "destroys",
      result: "accepted",
      differences: [{ path: "recoveryPoint", live: "EXPIRED", effect: "destroys", hazards: [] }],
      manifest: vaults(80),
      finding: { ...expired, step: "delete", because: "its retention is spent and AWS Backup could not delete it" },
      consent: { approval: "clean-up", ticket: "OPS-4711" },
    },
    {
      change: "hhhhhhhhhhhh",
      key: at(ireland, "recovery-point", orphan("0a78")),
      subject: orphan("0a78"),
      action: "amend",
      effect: "destroys",
      result: "skipped",
      because: "it bears the tag holdfast:keep since the run looked",
      differences: [{ path: "recoveryPoint", live: "EXPIRED", effect: "destroys", hazards: [] }],
      manifest: vaults(80),
      // As the first reports had it.
      finding: { cause: "expired", policy: "clean-up", partition: "legacy", bytes: 1024 ** 3 },
      consent: { approval: "clean-up" },
    },
  ],
  actions: [
    call("aaaaaaaaaaaa", nightly, "create", "backup:CreateBackupVault", "6f1c2a44-9d3e-4a55-b1f0-0c7d1b2a3e4f"),
    {
      ...call("bbbbbbbbbbbb", daily, "update", "backup:UpdateBackupPlan", "70aa11bb-22cc-33dd-44ee-55ff66aa77bb"),
      outcome: "refused",
      failure: {
        kind: "throttled",
        operation: "backup:UpdateBackupPlan",
        message: "Rate exceeded",
        code: "ThrottlingException",
      },
    },
    {
      ...call("bbbbbbbbbbbb", daily, "update", "backup:UpdateBackupPlan"),
      outcome: "unanswered",
      failure: { kind: "unanswered", operation: "backup:UpdateBackupPlan", message: "socket hang up" },
    },
  ],
};

const waiting = ["4d00", "4d01", "4d02"].map((name, n) => ({
  id: `waiting${n}aaaa`,
  subject: orphan(name),
  resource: `arn:aws:ec2:eu-west-1:444455556666:volume/vol-gone-${n}`,
}));

const seenOn = { checkedOn: instant("2026-11-23T02:00:03.000Z"), requestIds: [] };
const heldNow = { outcome: "held" as const, ...seenOn };
const unseen = { outcome: "unknown" as const, ...seenOn };

const left: Pick<Report, "resources" | "held"> = {
  resources: [
    {
      key: at(frankfurt, "plan", "daily"),
      drift: "different",
      ...heldNow,
      manifest: plans(3),
      differences: [retention(35, 7, "weakens")],
    },
    {
      key: lock,
      drift: "different",
      ...heldNow,
      manifest: vaults(47),
      differences: [
        { path: "mode", live: "governance", desired: "compliance", effect: "irreversible", hazards: ["irreversible"] },
      ],
    },
    {
      key: at(frankfurt, "recovery-point", point),
      id: point,
      drift: "finding",
      ...heldNow,
      differences: [{ path: "lifecycle.deleteAfterDays", desired: 35, effect: "destroys", hazards: [] }],
      because: "kept for ever, and production-retention asks for at most 35",
    },
    ...waiting.map(({ id, subject, resource }) => ({
      key: at(ireland, "recovery-point", subject),
      id: subject,
      drift: "finding" as const,
      ...heldNow,
      manifest: vaults(80),
      differences: [{ path: "recoveryPoint", live: "COMPLETED", effect: "destroys" as const, hazards: [] }],
      because: `${resource} does not exist any more, and it has no delete date`,
      finding: { ...expired, cause: "resourceDeleted", step: "delete", resource },
      change: id,
    })),
    {
      key: at(ireland, "recovery-point", waiting[0]!.subject),
      id: waiting[0]!.subject,
      drift: "finding",
      ...heldNow,
      manifest: vaults(80),
      differences: [],
      because: "it is not encrypted, and clean-up asks for that",
      finding: { ...expired, cause: "unencrypted" },
      change: "kkkkkkkkkkkk",
    },
    { key: at(central, "vault", "*"), drift: "unknown", ...unseen, differences: [], failure: denied },
    {
      key: at(central, "vault", "central"),
      drift: "unknown",
      ...unseen,
      differences: [],
      failure: denied,
      manifest: vaults(36),
    },
  ],
  held: [
    {
      change: "dddddddddddd",
      key: at(frankfurt, "plan", "daily"),
      action: "update",
      effect: "weakens",
      reason: "needs-approval",
      also: [],
      because: "it weakens protection",
      release: "an approval naming change dddddddddddd",
      manifest: plans(3),
    },
    {
      change: "eeeeeeeeeeee",
      key: at(frankfurt, "recovery-point", point),
      subject: point,
      action: "amend",
      effect: "destroys",
      reason: "last-point",
      also: ["cannot-mend"],
      because:
        "kept for ever, and production-retention asks for at most 35; it is the newest restorable point of its resource",
      release: "a newer restorable recovery point of the same resource",
    },
    {
      change: "ffffffffffff",
      key: lock,
      action: "update",
      effect: "irreversible",
      reason: "hazard",
      also: ["needs-approval"],
      because: "it can never be undone",
      release: "an approval naming change ffffffffffff, or a manifest without the hazard",
      manifest: vaults(47),
    },
    ...waiting.map(({ id, subject }) => ({
      change: id,
      key: at(ireland, "recovery-point", subject),
      subject,
      action: "amend",
      effect: "destroys" as const,
      reason: "needs-approval" as const,
      also: ["in-grace" as const],
      because: "it deletes a stored backup",
      release: `another policy, or \`holdfast approve ${id}\`, committed`,
      manifest: vaults(80),
    })),
    {
      change: "kkkkkkkkkkkk",
      key: at(ireland, "recovery-point", waiting[0]!.subject),
      subject: waiting[0]!.subject,
      action: "amend",
      effect: "neutral",
      reason: "cannot-mend",
      also: [],
      because: "AWS cannot encrypt a recovery point afterwards",
      release: "encrypt the resource, or copy the point into a vault with a key",
      manifest: vaults(80),
    },
    {
      key: at(ireland, "waiver", "old-exception"),
      reason: "waiver-expired",
      also: [],
      because: "waiver old-exception of platform@acme.example ran out on 2026-11-01",
      release: "its removal, or a new end agreed to by its owner",
      manifest: vaults(90),
    },
    {
      key: at(central, "vault", "central"),
      reason: "unknown-state",
      also: [],
      because: "backup:ListBackupVaults could not tell",
      release: "a complete listing; unknown is never taken for absent",
      manifest: vaults(36),
    },
  ],
};

const recovered: Report["recovered"] = (["applied", "applied-unanswered", "not-applied", "uncertain"] as const).map(
  (result, index) => ({
    run: "2026-11-22T0200Z-1d2c",
    change: `recovered${index}aaa`,
    key: at(ireland, "plan", `recovered-${index}`),
    action: "create",
    result,
    attempts:
      result === "not-applied"
        ? []
        : [
            {
              ...call(
                `recovered${index}aaa`,
                daily,
                "create",
                "backup:CreateBackupPlan",
                `0000000${index}-aaaa-4bbb-8ccc-dddddddddddd`,
              ),
              outcome: result === "applied" ? ("accepted" as const) : ("unanswered" as const),
            },
          ],
  }),
);

const bare: Report = Report.parse({
  schema: "1.0",
  reporter: {
    id: "holdfast",
    version: "0.1.0",
    imageDigest: null,
    configSha256: digest("c"),
    principalArn: "arn:aws:sts::444455556666:assumed-role/holdfast/run",
    accountId: "444455556666",
    region: "eu-west-1",
  },
  source: {
    uri: "s3://acme-desired-state/holdfast",
    ref: "refs/heads/main",
    committedOn: "2026-11-22T16:20:00.000Z",
    manifestRoot: "backup",
    commitSignature: { format: "none", status: "none", signer: null },
    pack: null,
    commit: "3f2a91c0de7b64f5a8c1d2e3f4a5b6c7d8e9f0a1",
    tree: "9c1d2e3f4a5b6c7d8e9f0a13f2a91c0de7b64f5a",
    digest: digest("a"),
    dirty: false,
    sequence: 42,
    fastForward: true,
    previousCommit: null,
  },
  scope: {
    fleet: "acme",
    accounts: [AccountId.parse("444455556666")],
    regions: [Region.parse("eu-west-1")],
    resourceTypes: ["*"],
    partial: false,
    exclusions: [],
  },
  run: {
    id: "2026-11-23T0200Z-7a1f",
    trigger: "schedule",
    mode: "apply",
    startedOn: "2026-11-23T02:00:00.000Z",
    finishedOn: "2026-11-23T02:00:12.400Z",
    attempts: 1,
    clock: { source: "store", maxErrorMs: 1020 },
  },
  result: "CONVERGED",
  targets: [verdict(ireland, "CONVERGED"), verdict(frankfurt, "CONVERGED")],
  summary: { resources: 0, held: 0, changes: 0, actions: 0, recovered: 0, inSync: 37, unmanaged: 2, unknown: 0 },
  resources: [],
  held: [],
  changes: [],
  actions: [],
  recovered: [],
  standDowns: [],
  ...notSurveyed(new Date("2026-11-22T02:00:00Z"), new Date("2026-11-23T02:00:00Z")),
  exceptions: [],
  listings: [],
  governed: [],
  carried: { corrections: [], declared: null, adopted: [], calls: null, source: null, announcements: [], frontier: [] },
  attachments: [],
  limitations: ["A signature proves who said this and that it was not altered since, not that it is true."],
  chain: {
    id: "5b0f6a4e-8d5c-4b1a-9f0e-2c3d4e5f6a7b",
    sequence: 117,
    previous: null,
    log: { size: 116, rootHash: digest("d") },
    window: { from: "2026-11-22T20:00:12.100Z", to: "2026-11-23T02:00:12.400Z" },
    nextDueBefore: "2026-11-24T03:00:12.400Z",
  },
  signing: { required: [], keys: [] },
});

const stored = (report: Report): ReportView => ({
  report: Report.parse(report),
  url: `s3://acme-evidence/v1/${report.chain.id}/reports/${String(report.chain.sequence).padStart(10, "0")}.dsse.json`,
  payloadSha256: digest("b"),
});

const times = (
  type: string,
  lastSeconds: number,
  restores: number,
  direction: "slower" | null = null,
): NonNullable<Report["restoreTimes"]>[number] => ({
  target: ireland,
  plan: "monthly",
  type,
  restores,
  lastOn: instant("2026-11-01T04:06:00.000Z"),
  lastSeconds,
  medianSeconds: Math.round(lastSeconds / 1.5),
  rtoSeconds: restores === 1 ? null : 4 * 3_600,
  direction,
});

/** Nothing to do, everything seen. */
export const quietReport: ReportView = stored(bare);

/** Something of everything a report can say. */
export const fullReport: ReportView = stored({
  ...bare,
  ...done,
  ...left,
  recovered,
  misnamed: [...otherNames],
  restoreTimes: [times("EBS", 312, 2), times("RDS", 16_900, 12, "slower"), times("S3", 45, 1)],
  announced: {
    points: 4,
    bytes: 32 * 1024 ** 3,
    fresh: 1,
    paused: 1,
    first: {
      change: "waiting0aaaa",
      subject: waiting[0]!.subject,
      deleteOn: null,
      notBefore: instant("2026-12-03T02:00:00.000Z"),
    },
  },
  deletions: (["confirmed", "confirmed", "refused", "pending", "unknown"] as const).map((result, n) => ({
    change: `deletion${n}aaa`,
    key: at(ireland, "recovery-point", orphan(`5e0${n}`)),
    subject: orphan(`5e0${n}`),
    result,
    acceptedOn: instant("2026-11-22T02:00:00.000Z"),
    refusals: result === "refused" ? 2 : 0,
  })),
  groups: [
    {
      id: "gabcdefghijklmnopqrstuvwx",
      target: ireland,
      partition: "legacy",
      policy: "clean-up",
      cause: "resourceDeleted",
      step: "delete",
      points: 3,
      bytes: 24 * 1024 ** 3,
    },
  ],
  tallies: [
    {
      target: ireland,
      partition: "legacy",
      policy: "clean-up",
      cause: "resourceDeleted",
      points: 3,
      bytes: 24 * 1024 ** 3,
    },
    {
      target: frankfurt,
      partition: "legacy",
      policy: "clean-up",
      cause: "expired",
      points: 120,
      bytes: 960 * 1024 ** 3,
    },
    { target: ireland, partition: "legacy", policy: "clean-up", cause: "unencrypted", points: 1, bytes: 8 * 1024 ** 3 },
  ],
  result: "FAILED",
  targets: [
    verdict(ireland, "FAILED"),
    verdict(frankfurt, "HELD"),
    verdict(central, "INCOMPLETE"),
    ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-1"].map((region) =>
      verdict({ account: ireland.account, region: Region.parse(region) }, "CONVERGED"),
    ),
  ],
  scope: {
    ...bare.scope,
    partial: true,
    exclusions: [{ selector: "999900001111", reason: "Organizations says it is SUSPENDED", manifest: null }],
  },
  standDowns: [
    { run: "2026-11-22T2300Z-0b0b", on: instant("2026-11-22T23:00:01.000Z"), holder: "2026-11-22T2259Z-9c9c" },
  ],
  summary: { ...bare.summary, resources: 9, held: 9, changes: 5, actions: 3, recovered: 4, unknown: 2 },
});

/** A run that a broken stage ended before it knew its fleet. */
export const brokenReport: ReportView = stored({
  ...bare,
  result: "FAILED",
  source: null,
  scope: { fleet: null, accounts: [], regions: [], resourceTypes: [], partial: false, exclusions: [] },
  targets: [],
  summary: { resources: 0, held: 0, changes: 0, actions: 0, recovered: 0 },
  run: { ...bare.run, failure: { code: "source-unverified", message: "HEAD.json: no trusted key signed it" } },
  chain: { ...bare.chain, sequence: 118 },
});
