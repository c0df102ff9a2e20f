import { describe, expect, it } from "vitest";
import type { Finding } from "../../../controller/domain/change.ts";
import { Target } from "../../../controller/domain/identity.ts";
import type { FleetView } from "../../../controller/domain/judging.ts";
import { CopyMend } from "../../../controller/kinds/copy-mend.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import { target } from "../answers.ts";
import { ACCOUNT, reasonsOf } from "./facts.ts";

import {
  THERE,
  NEAR,
  NOW,
  KEY,
  ROLE,
  type Copy,
  policy,
  source,
  copyOf,
  GAP,
  letting,
  destination,
  joined,
} from "./copy-facts.ts";

/** Rule 20: what would make a copy job fail, how long a copy is kept, and what is done about one kept too short. */

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
