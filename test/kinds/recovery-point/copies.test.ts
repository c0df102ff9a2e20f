import { describe, expect, it } from "vitest";
import type { Finding } from "../../../controller/domain/change.ts";
import { Target } from "../../../controller/domain/identity.ts";
import type { Live } from "../../../controller/domain/live.ts";
import type { FleetView } from "../../../controller/domain/judging.ts";
import { matchCopies, sidesOf } from "../../../controller/kinds/recovery-point/judge/copies.ts";
import { foldRow, settleFold } from "../../../controller/kinds/recovery-point/judge/fold.ts";
import { CopyMend } from "../../../controller/kinds/recovery-point/mend/copy.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/recovery-point/row.ts";
import { target, viewOf } from "../answers.ts";
import { ACCOUNT, begun, DAY, reasonsOf, row, ruleOf, type Scene, vaultArn } from "./facts.ts";

/** Rule 20: which points must have a copy elsewhere, what counts as one, and what would make a job fail. */

const THERE = Target.parse({ account: "777788889999", region: "eu-central-1" });
const NEAR = Target.parse({ account: ACCOUNT, region: "eu-central-1" });
const SINCE = "1970-01-01T00:00:00Z";
const NOW = new Date(100 * DAY);
const KEY = `arn:aws:kms:eu-central-1:${THERE.account}:key/k1`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/backup`;

type Copy = NonNullable<Parameters<typeof ruleOf>[0]["copies"]>[number];
const policy = (copy: Partial<Copy> = {}, to: Target = THERE) =>
  ruleOf({ copies: [{ to: { account: to.account, region: to.region, vault: "central" }, since: SINCE, ...copy }] });

const source = (more: Partial<RecoveryPointRow> = {}): RecoveryPointRow =>
  row({ createdOn: 50 * DAY, deleteAfterDays: 35, roleArn: ROLE, ...more });
const copyOf = (one: RecoveryPointRow, more: Partial<RecoveryPointRow> = {}): RecoveryPointRow => ({
  ...one,
  arn: `${one.arn}-copy`,
  sourceVaultArn: vaultArn("nightly"),
  ...more,
});

const live = (kind: string, state: object, at: Target): Live => ({
  key: { target: at, kind, name: "central" },
  id: `${kind}:central`,
  state,
  ownership: "ours",
});
const GAP = { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" };
const VAULT = { vaultType: "BACKUP_VAULT", encryptionKeyArn: KEY };
const letting = (account: string) => ({
  document: {
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "backup:CopyIntoBackupVault",
        Resource: "*",
      },
    ],
  },
});
/** A destination that takes copies: there, with a key of its own, letting the account in. */
function destination(
  changes: {
    readonly vault?: object | null;
    readonly lock?: object;
    readonly policy?: object | null;
    readonly incomplete?: string[];
  } = {},
  at = THERE,
): FleetView {
  const { vault = VAULT, lock, policy: document = letting(ACCOUNT), incomplete = [] } = changes;
  return viewOf({
    live: [
      ...(vault ? [live("vault", vault, at)] : []),
      ...(lock ? [live("vault-lock", lock, at)] : []),
      ...(document ? [live("vault-policy", document, at)] : []),
    ],
    incomplete,
  });
}

/** What the join makes of some points here and there. */
function joined(
  here: readonly RecoveryPointRow[],
  there: readonly RecoveryPointRow[] | undefined,
  { rule = policy(), ...scene }: Scene & { rule?: ReturnType<typeof ruleOf> } = {},
) {
  let fold = begun([rule], { now: NOW, view: destination(), ...scene });
  for (const one of here) fold = foldRow(fold, one);
  for (const side of sidesOf(fold)) {
    const wanting = here.filter(
      (one) => one.createdOn >= side.from.getTime() && one.createdOn < side.until.getTime() && side.wants(one),
    );
    if (wanting.length > 0) fold = matchCopies(fold, side, wanting, there);
  }
  const { findings, counts } = settleFold(fold, "complete");
  const told = Object.keys(counts).filter((name) => name.startsWith("cop"));
  return { told, findings: findings.filter(({ cause }) => cause.startsWith("copy")) };
}

describe("a point's copy", () => {
  const one = source();
  const copy = copyOf(one);

  it.each<[string, RecoveryPointRow[] | undefined, string[], string]>([
    ["is missing where nothing is there", [], ["copyMissing"], "asked for and not there"],
    ["is there with its source vault", [copy], ["copied"], "same resource, same moment, same vault"],
    [
      "is there without a source vault",
      [copyOf(one, { sourceVaultArn: undefined })],
      ["copied"],
      "AWS leaves it out at times",
    ],
    [
      "is not a point of another vault",
      [copyOf(one, { sourceVaultArn: vaultArn("other") })],
      ["copyMissing"],
      "that is another's copy",
    ],
    [
      "is not one of another moment",
      [copyOf(one, { createdOn: one.createdOn + 1 })],
      ["copyMissing"],
      "copies keep the creation date",
    ],
    [
      "is not one of another resource",
      [copyOf(one, { resourceArn: "arn:other" })],
      ["copyMissing"],
      "another resource",
    ],
    ["is not one of another part", [copyOf(one, { member: "part-2" })], ["copyMissing"], "another part of a composite"],
    ["is not one on its way out", [copyOf(one, { status: "DELETING" })], ["copyMissing"], "it will not be there"],
    [
      "is ambiguous where two could be it",
      [copy, copyOf(one, { arn: "another" })],
      ["copy-ambiguous"],
      "neither proves anything",
    ],
    ["is unknown where nobody could look", undefined, ["copy-unknown"], "unknown is never absent"],
    ["is not the point itself", [{ ...one, sourceVaultArn: undefined }], ["copyMissing"], "one ARN, one point"],
  ])("%s", (_what, there, told, because) => {
    expect({ because, told: joined([one], there).told }).toEqual({ because, told });
  });

  it("of two that could be it is no reason to start a third", () => {
    expect(joined([one], [copy, copyOf(one, { arn: "another" })]).findings).toEqual([]);
    expect(joined([one], undefined).findings).toEqual([]);
  });
});

describe("points that want one", () => {
  it.each<[string, Partial<RecoveryPointRow>, boolean, string]>([
    ["a completed snapshot", {}, true, "that is what copies are of"],
    ["a copy", { sourceVaultArn: "arn:v" }, false, "copies are asked for no copies"],
    ["a continuous point", { form: "continuous", status: "AVAILABLE" }, false, "never judged"],
    ["a composite", { form: "parent" }, false, "never judged"],
    ["one on its way out after an event", { deleteAfterEvent: true }, false, "AWS Backup's own, while it copies"],
    ["one being made", { status: "CREATING" }, false, "nothing to copy yet"],
    ["a partial one", { status: "PARTIAL" }, false, "AWS copies what is completed"],
    ["an expired one", { status: "EXPIRED" }, false, "it is on its way out"],
    ["one within the time that copies may take", { createdOn: 100 * DAY - 3_600_000 }, false, "not late yet"],
    ["one of a moment after that time", { createdOn: 99 * DAY - 1 }, true, "late"],
    ["one exactly as old as that", { createdOn: 99 * DAY }, false, "not late yet"],
  ])("%s: %s", (_what, more, wanted, because) => {
    expect({ because, wanted: joined([source(more)], []).findings.length === 1 }).toEqual({ because, wanted });
  });

  it.each<[string, Partial<Copy>, number | undefined, number[], string]>([
    [
      "since a date in the policy",
      { since: "1970-02-20T00:00:00Z" },
      undefined,
      [50, 60],
      "older ones are not asked for",
    ],
    ["since a date between", { since: "1970-02-25T00:00:00Z" }, 1, [60], "the policy's word goes before"],
    ["since the first report that knew the policy", { since: undefined }, 60, [60], "signed memory"],
    ["from now on, in the first run", { since: undefined }, undefined, [], "nothing older than the policy"],
    ["and every older one", { since: "1970-02-25T00:00:00Z", backfill: "all" }, undefined, [40, 50, 60], "asked for"],
    [
      "and each resource's latest",
      { since: "1970-03-10T00:00:00Z", backfill: "latest" },
      undefined,
      [60],
      "the latest alone",
    ],
  ])("%s", (_what, copy, known, days, because) => {
    const points = [40, 50, 60].map((day) => source({ arn: `p-${day}`, createdOn: day * DAY }));
    const memory = { knownSince: () => (known === undefined ? undefined : new Date(known * DAY)) };
    const { findings } = joined(points, [], { rule: policy(copy), memory });
    expect({ because, found: findings.map(({ subject }) => subject).toSorted() }).toEqual({
      because,
      found: days.map((day) => `p-${day}`),
    });
  });

  it("of before the policy cost, and say how many bytes", () => {
    const rule = policy({ since: "1970-02-25T00:00:00Z", backfill: "all" });
    const { findings } = joined([source({ bytes: 7 }), source({ arn: "newer", createdOn: 60 * DAY })], [], { rule });
    expect(findings.map(({ subject, mend }) => [subject, mend?.hazards, mend?.copies])).toEqual([
      ["newer", [], { bytes: 10 }],
      [source().arn, ["costs"], { bytes: 7 }],
    ]);
  });

  it("are none in a vault that is not judged, nor of a suspended policy", () => {
    expect(joined([source()], [], { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" }).findings).toEqual([]);
    const paused = { ...policy(), management: { mode: "suspended", reason: "audit" } } as const;
    expect(joined([source()], [], { rule: paused }).findings).toEqual([]);
  });
});

describe("what would make the copy job fail", () => {
  const barsOf = (
    view: FleetView,
    { one = source(), to = THERE, copy = {} }: { one?: RecoveryPointRow; to?: Target; copy?: Partial<Copy> } = {},
  ) => reasonsOf(joined([one], [], { rule: policy(copy, to), view }).findings[0]);
  const fully = source({ arn: `arn:aws:backup:eu-west-1:${ACCOUNT}:recovery-point:1`, resourceType: "EFS" });

  it.each<[string, readonly string[] | undefined, string[], string]>([
    ["nothing, where all is in order", barsOf(destination()), [], "it is started"],
    ["no such vault", barsOf(destination({ vault: null })), ["cannot-mend"], "AWS would refuse"],
    [
      "a vault nobody could look at",
      barsOf(destination({ vault: null, incomplete: ["vault"] })),
      ["unknown-state"],
      "unknown stands in the way",
    ],
    [
      "a vault that lets nobody in",
      barsOf(destination({ policy: null })),
      ["cannot-mend"],
      "another account needs consent",
    ],
    [
      "a vault that lets others in",
      barsOf(destination({ policy: letting("111122223333") })),
      ["cannot-mend"],
      "not us",
    ],
    [
      "a policy nobody could read",
      barsOf(destination({ policy: null, incomplete: ["vault-policy"] })),
      ["unknown-state"],
      "unknown",
    ],
    [
      "no policy, in our own account",
      barsOf(destination({ policy: null }, NEAR), { to: NEAR }),
      [],
      "no consent is needed",
    ],
    [
      "a lock with a longer least",
      barsOf(destination({ lock: { minRetentionDays: 36 } })),
      ["cannot-mend"],
      "35 days are too few",
    ],
    [
      "a lock with a shorter most",
      barsOf(destination({ lock: { maxRetentionDays: 34 } })),
      ["cannot-mend"],
      "35 days are too many",
    ],
    [
      "a lock that it fits",
      barsOf(destination({ lock: { minRetentionDays: 35, maxRetentionDays: 35 } })),
      [],
      "35 days fit",
    ],
    [
      "a lock with a most, for a copy for ever",
      barsOf(destination({ lock: { maxRetentionDays: 400 } }), { one: source({ deleteAfterDays: undefined }) }),
      ["cannot-mend"],
      "for ever is longer than any most",
    ],
    [
      "a lock that the copy's own retention fits",
      barsOf(destination({ lock: { minRetentionDays: 90 } }), { copy: { retention: { atLeastDays: 90 } } }),
      [],
      "the copy is kept longer than its source",
    ],
    ["a lock nobody could read", barsOf(destination({ incomplete: ["vault-lock"] })), ["unknown-state"], "unknown"],
    [
      "a point in cold storage",
      barsOf(destination(), { one: source({ coldOn: NOW.getTime() }) }),
      ["cannot-mend"],
      "AWS copies nothing from there",
    ],
    [
      "a point bound for cold storage",
      barsOf(destination(), { one: source({ coldOn: NOW.getTime() + 1 }) }),
      [],
      "it is warm yet",
    ],
    [
      "a Multi-AZ cluster of RDS",
      barsOf(destination(), {
        one: source({ resourceType: "RDS", resourceArn: `arn:aws:rds:eu-west-1:${ACCOUNT}:cluster:c` }),
      }),
      ["cannot-mend"],
      "AWS does not copy those",
    ],
    [
      "a point of no known role",
      barsOf(destination(), { one: source({ roleArn: undefined }) }),
      ["cannot-mend"],
      "there is none to copy with",
    ],
    [
      "that, where the policy names a role",
      barsOf(destination(), { one: source({ roleArn: undefined }), copy: { iamRoleArn: ROLE } }),
      [],
      "with that one",
    ],
    [
      "an air-gapped vault, for RDS",
      barsOf(destination({ vault: GAP }), {
        one: source({ resourceType: "RDS", resourceArn: "arn:aws:rds:eu-west-1:1:db:d" }),
      }),
      ["cannot-mend"],
      "it takes none",
    ],
    [
      "a vault without a key of its own",
      barsOf(destination({ vault: { vaultType: "BACKUP_VAULT" } })),
      ["cannot-mend"],
      "such a copy needs one",
    ],
    [
      "the same, for what AWS Backup manages fully",
      barsOf(destination({ vault: { vaultType: "BACKUP_VAULT" } }), { one: fully }),
      [],
      "the vault's key is all it needs",
    ],
  ])("%s", (_what, found, expected, because) => {
    expect({ because, found }).toEqual({ because, found: expected });
  });

  it.each<[string, object, readonly string[]]>([
    ["an air-gapped vault", { vault: GAP }, ["irreversible"]],
    ["a vault under a compliance lock", { lock: { lockDate: "2026-01-01T00:00:00.000Z" } }, ["irreversible"]],
    ["a vault under a governance lock", { lock: { minRetentionDays: 1 } }, []],
    ["an ordinary vault", {}, []],
  ])("and into %s it can be undone or not", (_what, changes, hazards) => {
    expect(joined([source()], [], { view: destination(changes) }).findings[0]?.mend?.hazards).toEqual(hazards);
  });

  it("has both keys looked at where the copy leaves the account, and none where AWS Backup manages all", () => {
    const keys = (one: RecoveryPointRow, view = destination(), to = THERE) =>
      CopyMend.parse(joined([one], [], { rule: policy({}, to), view }).findings[0]?.mend?.input).keys;
    expect(keys(source({ keyArn: "arn:key" }))).toEqual({ source: "arn:key", destination: KEY });
    expect(keys(source({ keyArn: "arn:key" }), destination({}, NEAR), NEAR)).toEqual({
      source: null,
      destination: KEY,
    });
    expect(keys(fully)).toEqual({ source: null, destination: null });
    expect(keys(source({ keyArn: "arn:key" }), destination({ vault: GAP }))).toEqual({
      source: "arn:key",
      destination: null,
    });
  });
});

describe("how long a copy is kept", () => {
  const lifecycle = (one: RecoveryPointRow, copy: Partial<Copy>) =>
    CopyMend.parse(joined([one], [], { rule: policy(copy) }).findings[0]?.mend?.input).deleteAfterDays;

  it.each<[string, number | null, number | null, string]>([
    ["no word of it", lifecycle(source(), {}), null, "AWS gives it its source's"],
    ["longer than its source", lifecycle(source(), { retention: { atLeastDays: 90 } }), 90, "as asked"],
    ["less long than its source", lifecycle(source(), { retention: { atLeastDays: 7 } }), null, "at least is no most"],
    [
      "some days, of a source for ever",
      lifecycle(source({ deleteAfterDays: undefined }), { retention: { atLeastDays: 7 } }),
      null,
      "for ever is at least that",
    ],
  ])("with %s", (_what, found, expected, because) => {
    expect({ because, found }).toEqual({ because, found: expected });
  });
});

describe("a copy kept for less long than asked", () => {
  const one = source();
  const rule = policy({ retention: { atLeastDays: 90 } });
  const short = (view = destination(), more: Partial<RecoveryPointRow> = {}): Finding | undefined =>
    joined([one], [copyOf(one, more)], { rule, view }).findings[0];

  it("is kept longer, where it lies", () => {
    expect(short()).toMatchObject({
      cause: "copyTooShort",
      key: { target: THERE },
      judgedIn: target,
      partition: "central",
      within: { target: THERE, kind: "vault", name: "central" },
      bars: [],
      mend: { step: "lifecycle", fields: [{ live: 35, desired: 90, effect: "strengthens" }] },
    });
  });

  it.each<[string, readonly string[] | undefined, string[], string]>([
    ["in a locked vault", reasonsOf(short(destination({ lock: {} }))), ["locked"], "AWS refuses"],
    ["in an air-gapped vault", reasonsOf(short(destination({ vault: GAP }))), ["cannot-mend"], "report only (rule 10)"],
    [
      "where nobody knows of a lock",
      reasonsOf(short(destination({ incomplete: ["vault-lock"] }))),
      ["unknown-state"],
      "unknown",
    ],
    [
      "in a vault nobody could read",
      reasonsOf(short(destination({ vault: null, incomplete: ["vault"] }))),
      ["unknown-state"],
      "unknown",
    ],
    [
      "that moves to cold storage on the way",
      reasonsOf(short(destination(), { moveToColdStorageAfterDays: 30 })),
      ["cannot-mend"],
      "90 is less than 30 + 90",
    ],
  ])("%s stays as it is", (_what, found, expected, because) => {
    expect({ because, found }).toEqual({ because, found: expected });
  });

  it("is none where it is kept for ever, or as long", () => {
    for (const deleteAfterDays of [90, 91, undefined])
      expect(short(destination(), { deleteAfterDays })).toBeUndefined();
  });
});

it("tells the newest data without a copy first, and counts what there is no room for", () => {
  const points = [40, 60, 50].map((day) => source({ arn: `p-${day}`, createdOn: day * DAY }));
  let fold = begun([policy()], { now: NOW, view: destination(), room: 2 });
  for (const one of points) fold = foldRow(fold, one);
  for (const side of sidesOf(fold)) fold = matchCopies(fold, side, points, []);
  const { findings, deferred, counts } = settleFold(fold, "complete");
  expect([findings.map(({ subject }) => subject), deferred]).toEqual([["p-60", "p-50"], 1]);
  expect(counts["copyMissing"]).toEqual({ points: 3, bytes: 30 });
});
