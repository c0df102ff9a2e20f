import { describe, expect, it } from "vitest";
import type { ProtectedResourceRuleSpec } from "../../../controller/kinds/protected-resource/spec.ts";
import { AIR_GAPPED, causes, continuous, hoursAgo, judged, LOCKED, only, point, type Scene, vault } from "./facts.ts";

/** How a database stands to a policy that asks for a point every 24 hours: what counts as one, and what is asked of it. */

const COMPLIANCE = { ...LOCKED, LockDate: hoursAgo(1) };
const IN_GRACE = { ...LOCKED, LockDate: hoursAgo(-1) };

/** What the policy's one figure besides `required` is. */
const stands = (spec: Parameters<typeof judged>[0], scene: Scene): string => {
  const { met = 0, breaching = 0, unknown = 0 } = judged(spec, scene).coverage?.[0] ?? {};
  return [met && "met", breaching && "breaching", unknown && "unknown"].filter(Boolean).join(", ");
};

describe("a point that nobody can delete", () => {
  type Asked = NonNullable<ProtectedResourceRuleSpec["immutable"]>;
  it.each<[string, object, Record<Asked, string>]>([
    ["no lock", {}, { airGapped: "breaching", locked: "breaching", either: "breaching" }],
    ["a governance lock", LOCKED, { airGapped: "breaching", locked: "breaching", either: "breaching" }],
    ["a lock in its grace time", IN_GRACE, { airGapped: "breaching", locked: "breaching", either: "breaching" }],
    ["a compliance lock", COMPLIANCE, { airGapped: "breaching", locked: "met", either: "met" }],
    ["air", { ...LOCKED, ...AIR_GAPPED }, { airGapped: "met", locked: "breaching", either: "met" }],
  ])("behind %s", (_what, listed, expected) => {
    const second = vault([point(1), point(49)], listed);
    const found = (immutable: Asked) => stands({ immutable }, { vaults: [vault([point(1)]), second] });
    expect({ airGapped: found("airGapped"), locked: found("locked"), either: found("either") }).toEqual(expected);
  });

  it.each<[string, number, string]>([
    ["may come a day after its point", 48, "met"],
    ["and no later", 49, "breaching"],
  ])("%s", (_what, age, expected) => {
    const vaults = [vault([point(1), point(72)]), vault([point(age)], AIR_GAPPED)];
    expect(stands({ immutable: "either" }, { vaults })).toBe(expected);
  });

  it("is not asked for before the first point has had a day to be copied", () => {
    expect(stands({ immutable: "either" }, { vaults: [vault([point(1), point(24)])] })).toBe("met");
    expect(stands({ immutable: "either" }, { vaults: [vault([point(1), point(25)])] })).toBe("breaching");
  });

  it("may lie in a locked vault that could not be read, and not in an open one", () => {
    const open = vault([point(1), point(49)]);
    const unread = (listed: object) => vault([], listed, { unread: true });
    // A backup that AWS Backup made a day and more ago leaves no younger point anywhere.
    const scene = (listed: object): Scene => ({ vaults: [open, unread(listed)] });
    expect(stands({ immutable: "either" }, scene(COMPLIANCE))).toBe("unknown");
    expect(stands({ immutable: "either" }, scene({}))).toBe("breaching");
  });

  it("is missing where only administrators are kept off, and the finding says so", () => {
    const finding = only(judged({ immutable: "locked" }, { vaults: [vault([point(1), point(49)], LOCKED)] }));
    expect([finding.cause, finding.because]).toEqual([
      "unlocked",
      expect.stringContaining("whose lock its administrators can take off"),
    ]);
    expect(finding.bars[0]?.release).toContain("a compliance lock on the one it lies in");
  });
});

describe("a point as old as the policy allows", () => {
  const old = 24 * 300;
  it.each<[string, Scene["vaults"], string[]]>([
    ["is a snapshot of today", [vault([point(24)])], []],
    ["is no snapshot of yesterday", [vault([point(25)])], ["rpo-breach"]],
    ["is a continuous one, however long ago it began", [vault([continuous(old)])], []],
    ["is a continuous one that is not called available", [vault([continuous(old, { Status: "COMPLETED" })])], []],
    ["is no continuous one that has stopped", [vault([continuous(old, { Status: "STOPPED" })])], ["unprotected"]],
    ["is no continuous one that has expired", [vault([continuous(old, { Status: "EXPIRED" })])], ["unprotected"]],
    ["is a continuous one beside an old snapshot", [vault([point(25)]), vault([continuous(old)])], []],
    ["is no partial one", [vault([point(1, { Status: "PARTIAL" })])], ["unprotected"]],
  ])("%s", (_what, vaults = [], expected) => {
    expect(causes(judged({}, { vaults }))).toEqual(expected);
  });

  it("of a bucket is continuous by its ARN alone", () => {
    const bucket = (id: string) =>
      vault([
        point(old, {
          RecoveryPointArn: `arn:aws:backup:eu-west-1:444455556666:recovery-point:${id}`,
          ResourceArn: "arn:aws:s3:::documents",
          ResourceType: "S3",
        }),
      ]);
    const found = (id: string) =>
      causes(judged({}, { row: { arn: "arn:aws:s3:::documents", type: "S3" }, vaults: [bucket(id)] }));
    expect(found("documents-5ec207d0")).toEqual([]);
    expect(found("documents-20251231900000-5ec207d0")).toEqual(["rpo-breach"]);
  });

  it("in a locked vault counts as one that nobody can delete, if it is continuous", () => {
    expect(stands({ immutable: "locked" }, { vaults: [vault([continuous(old)], COMPLIANCE)] })).toBe("met");
    expect(stands({ immutable: "locked" }, { vaults: [vault([continuous(old)])] })).toBe("breaching");
  });
});

describe("what AWS Backup says that it backed up", () => {
  const LARGE = [vault([], {}, { large: true })];
  it.each<[string, Scene, string, RegExp]>([
    ["never is unprotected", { vaults: LARGE }, "unprotected", /^there is no usable recovery point of it, and/],
    [
      "long ago had a point once",
      { vaults: LARGE, row: { lastBackupOn: hoursAgo(900).getTime() } },
      "rpo-breach",
      /^AWS Backup last backed it up on 2026-01/,
    ],
    [
      "in a listing that broke off may have an old point where not every age was read",
      { vaults: LARGE, row: { lastBackupOn: undefined } },
      "rpo-breach",
      /^there is no .* young enough, .* whether it was ever backed up could not be read/,
    ],
    [
      "in a listing that broke off has none where every age was read",
      { vaults: [vault([])], row: { lastBackupOn: undefined } },
      "unprotected",
      /^there is no usable recovery point of it, and/,
    ],
  ])("%s", (_what, scene, cause, because) => {
    const finding = only(judged({}, scene));
    expect([finding.cause, finding.because]).toEqual([cause, expect.stringMatching(because)]);
  });
});
