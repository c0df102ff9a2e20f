import { describe, expect, it } from "vitest";
import { nearest } from "../../controller/load/problems.ts";
import { FLEET, manifest, shown } from "./support.ts";

const vault = (spec: string) => FLEET + manifest("BackupVault", "nightly", `targets: { groups: [all] }\n${spec}`);

describe("what a person is shown", () => {
  it("says everything that is wrong with every head, at its place", () =>
    expect(
      shown(
        FLEET,
        `kind: BackupVualt\nmetadata: { name: a, labels: {} }\nspec: {}\n`,
        `apiVersion: holdfast/v2\nkind: BackupVault\nspec: []\n`,
        `just text\n`,
        manifest("BackupVault", '"my vault"', "targets: { groups: [all] }"),
        manifest("BackupVault", "aws/efs/mine", "targets: { groups: [all] }"),
        manifest("BackupVault", '"v-${account}"', "targets: { groups: [all] }"),
      ),
    ).toMatchInlineSnapshot(`
      "2.yaml:1:1: error: apiVersion is missing: it is holdfast/v1
      2.yaml:1:7: error: kind must be Fleet, BackupVault, BackupPlan, BackupSelection, RecoveryPointPolicy, CoveragePolicy, RegionSettings, RestoreTestingPlan, Approval or Waiver; found "BackupVualt"
        did you mean BackupVault?
      2.yaml:2:22: error: metadata has no field labels
        known: name
      3.yaml:1:1: error: metadata is missing
      3.yaml:1:13: error: apiVersion must be holdfast/v1; found "holdfast/v2"
        did you mean holdfast/v1?
      3.yaml:3:7: error: spec must be a map; found a list
      4.yaml:1:1: error: a manifest is a map with apiVersion, kind, metadata and spec
      5.yaml:4:19: error: metadata.name must be 2 to 50 letters, digits, - and _; found "my vault"
      6.yaml:4:19: error: metadata.name must be a name of your own: vaults whose names begin aws/ are AWS's; found "aws/efs/mine"
      7.yaml:4:19: error: metadata.name takes no variables: a manifest has one name everywhere"
    `));

  it("says everything that is wrong with a spec, at its place", () =>
    expect(
      shown(
        vault(
          [
            "encryptionkey: alias/backup",
            "encryptionKey: my-key",
            'tags: { "aws:x": y, retention: 35 }',
            'lock: { mode: governence, minRetentionDays: "7", MaxRetentionDays: 9 }',
            "notifications: of",
            "adopt: 7",
            "<<: {}",
          ].join("\n"),
        ),
      ),
    ).toMatchInlineSnapshot(`
      "1.yaml:14:3: error: spec has no field encryptionkey
        did you mean encryptionKey?
      1.yaml:15:18: error: encryptionKey must be a key ARN or alias/NAME; found "my-key"
      1.yaml:16:11: error: tags: the key "aws:x" is refused: the prefix aws: is AWS's own; found "aws:x"
      1.yaml:16:34: error: tags.retention must be text; found 35
        put it in quotes
      1.yaml:17:17: error: lock.mode must be governance or compliance; found "governence"
        did you mean governance?
      1.yaml:17:47: error: lock.minRetentionDays must be a number; found "7"
        take the quotes away
      1.yaml:17:52: error: lock has no field MaxRetentionDays
        did you mean maxRetentionDays?
      1.yaml:18:18: error: notifications must be none or a map of fields; found "of"
      1.yaml:19:10: error: adopt must be true or false or text; found 7
      1.yaml:20:3: error: merge keys (<<) are not part of YAML 1.2
        use overrides, or repeat the fields"
    `));

  it("says what is missing at the thing that lacks it", () =>
    expect(
      shown(
        FLEET +
          manifest("BackupPlan", "daily", "rules:\n  - targetBackupVaultName: nightly\n") +
          manifest("RecoveryPointPolicy", "weeks", "targets: {}\nretention: {}"),
      ),
    ).toMatchInlineSnapshot(`
      "1.yaml:12:1: error: targets is missing
      1.yaml:14:7: error: rules[0].ruleName is missing
      1.yaml:20:1: error: match is missing
      1.yaml:21:12: error: targets is refused: name groups, accounts or both: a manifest goes nowhere by default"
    `));

  it("tells problems of all files at once, in order of place", () =>
    expect(shown(vault("lock: nonne"), "a: 1\na: 2\n", "# empty\n")).toMatchInlineSnapshot(`
      "1.yaml:14:9: error: lock must be none or a map of fields; found "nonne"
      2.yaml:2:1: error: a is given twice in one place: YAML keeps only one of them
        remove one
      3.yaml:1:1: warning: an empty document: it declares nothing"
    `));
});

describe("two of one name", () => {
  it("names both places", () =>
    expect(
      shown(
        FLEET + manifest("BackupVault", "nightly", "targets: { groups: [all] }"),
        manifest("BackupVault", "nightly", "targets: { groups: [ireland] }"),
      ),
    ).toMatchInlineSnapshot(`
      "2.yaml:2:1: error: BackupVault nightly is declared already at 1.yaml:9:1
        give it another name, or use overrides for what differs"
    `));

  it("knows that two manifests may meet in AWS under one name", () => {
    const role = "iamRoleArn: arn:aws:iam::111122223333:role/backup\nlistOfTags: [{ key: a, value: b }]";
    const plan = `targets: { groups: [all] }\nrules: [{ ruleName: d, targetBackupVaultName: nightly }]\nselections:\n  - name: ours\n${role.replaceAll(/^/gm, "    ")}`;
    expect(
      shown(
        vault("vaultType: standard"),
        manifest("BackupPlan", "daily", plan),
        manifest("BackupSelection", "ours", `targets: { groups: [ireland] }\nplan: daily\n${role}`),
      ),
    ).toMatchInlineSnapshot(`
      "3.yaml:2:1: error: selection daily/ours is declared already by BackupPlan daily at 2.yaml:9:7 (in 111122223333/eu-west-1)
        BackupSelection and BackupPlan meet in AWS under one name"
    `);
  });
});

describe("the nearest known name", () => {
  const known = ["encryptionKey", "tags", "lock", "accessPolicy", "deleteAfterDays"];
  it.each<[string, string | undefined, string]>([
    ["encryptonKey", "encryptionKey", "a slip"],
    ["EncryptionKey", "encryptionKey", "AWS's own spelling"],
    ["delete_after_days", "deleteAfterDays", "another convention"],
    ["tag", "tags", "singular"],
    ["retention", undefined, "nothing is near, and a wild guess misleads"],
  ])("of %s is %s: %s", (name, near) => expect(nearest(name, known)).toBe(near));
  it("of anything among none is none", () => expect(nearest("x", [])).toBeUndefined());
});
