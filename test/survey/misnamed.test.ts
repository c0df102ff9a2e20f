import { describe, expect, it } from "vitest";
import type { AwsFailure } from "../../controller/domain/errors.ts";
import { AccountId, instant, Region } from "../../controller/domain/identity.ts";
import type { Listing, Live } from "../../controller/domain/live.ts";
import type { NamingRules } from "../../controller/domain/naming.ts";
import { kinds } from "../../controller/kinds/index.ts";
import { misnamedIn } from "../../controller/survey/misnamed.ts";

const target = { account: AccountId.parse("111122223333"), region: Region.parse("eu-west-1") };
const failure: AwsFailure = { kind: "denied", operation: "backup:ListBackupVaults", message: "no" };

const listing = (kind: string, items: readonly Live[], broken = false): Listing => ({
  target,
  kind,
  items,
  unread: broken ? [{ unread: "arn:of-one-more", failure }] : [],
  at: instant(new Date(0)),
  ...(broken ? { status: "incomplete", failure } : { status: "complete" }),
});
const vaults = (...names: readonly string[]): Listing => listing("vault", names.map(vault));
const vault = (name: string): Live => ({
  key: { target, kind: "vault", name },
  id: `arn:vault:${name}`,
  ownership: "none",
  state: { vaultType: "BACKUP_VAULT", tags: {}, recoveryPoints: 0 },
});
const plan = (name: string, rules: readonly string[], more: { readonly goesBy?: string; readonly id?: string } = {}) =>
  listing("plan", [
    {
      key: { target, kind: "plan", name: more.goesBy ?? name },
      id: `arn:plan:${name}`,
      ownership: "none",
      state: {
        planId: more.id ?? "1",
        name,
        versionId: "1",
        rules: rules.map((ruleName) => ({ ruleName, targetBackupVaultName: "nightly" })),
        advancedBackupSettings: [],
        scanSettings: [],
        tags: {},
      },
    },
  ]);
const selection = (name: string, selectionName: string, planId = "1") =>
  listing("selection", [
    {
      key: { target, kind: "selection", name: `nightly/${name}` },
      id: "1",
      ownership: "none",
      state: { planId, selectionName, generation: 0, iamRoleArn: "arn:role" },
    },
  ]);

const stage: NamingRules = { vaults: { pattern: "{prod,test}-*", message: "begin with the stage" } };
const daily: NamingRules = {
  plans: { pattern: "*-daily" },
  rules: { pattern: "daily" },
  selections: { pattern: "by-*" },
};

describe("names that are found", () => {
  it.each<[string, readonly Listing[], NamingRules, readonly string[] | undefined]>([
    ["pass as the Fleet has them", [vaults("prod-a", "test-b")], stage, []],
    ["are told where they are otherwise, in order", [vaults("z", "prod-a", "a")], stage, ["vaults a", "vaults z"]],
    ["are held to case", [vaults("Prod-a")], stage, ["vaults Prod-a"]],
    [
      "are by where they are",
      [vaults("aws-111122223333-eu-west-1", "aws-111122223333-eu-west-2")],
      { vaults: { pattern: "${partition}-${account}-${region}" } },
      ["vaults aws-111122223333-eu-west-2"],
    ],
    ["are free where there is no rule", [vaults("a")], daily, []],
    ["are AWS's and an organization's own to give", [vaults("Default", "aws/efs/automatic-backup-vault")], stage, []],
    [
      "count by plan, rule and selection",
      [plan("weekly", ["daily", "Daily"]), selection("all", "all")],
      daily,
      ["plans weekly", "rules Daily", "selections all"],
    ],
    ["of an adopted plan are AWS's", [plan("theirs", [], { goesBy: "ours-daily" })], daily, ["plans theirs"]],
    [
      "of a successor are those of its manifest",
      [selection("by-tag", "by-tag.g2")],
      { selections: { pattern: "by-tag" } },
      [],
    ],
    [
      "of AWS's plans are AWS's",
      [plan("efs", ["auto"], { id: "aws/efs/1" }), selection("x", "x", "aws/efs/1")],
      daily,
      [],
    ],
    [
      "of an organization's plans are its own",
      [plan("corp", ["x"], { id: "orgs/1" }), selection("x", "x", "orgs/1")],
      daily,
      [],
    ],
    ["are told as far as a listing was read", [listing("vault", [vault("a")], true)], stage, ["vaults a"]],
    ["are not looked at where nothing was read", [listing("vault", [], true)], stage, undefined],
    ["are not looked at where nobody listed them", [listing("vault-lock", [])], stage, undefined],
    ["are none where there are none", [vaults()], stage, []],
  ])("%s", (_, listings, naming, expected) => {
    expect(misnamedIn(listings, naming, kinds)?.map(({ of, name }) => `${of} ${name}`)).toEqual(expected);
  });

  it("are anybody's to choose where the Fleet has no rules", () => {
    expect(misnamedIn([vaults("a")], undefined, kinds)).toBeUndefined();
  });

  it("say what they are of, the rule they break, and what the Fleet has to say to it", () => {
    expect(misnamedIn([vaults("a")], stage, kinds)).toEqual([
      {
        key: { target, kind: "vault", name: "a" },
        id: "arn:vault:a",
        of: "vaults",
        name: "a",
        pattern: "{prod,test}-*",
        because: "a is not called as the Fleet has vaults called: {prod,test}-*; begin with the stage",
      },
    ]);
  });
});
