import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Desired } from "../../controller/domain/desired.ts";
import { showKey } from "../../controller/domain/identity.ts";
import { kinds } from "../../controller/kinds/index.ts";
import { FLEET, loaded, manifest, organization, refusal, shown } from "./support.ts";

const vault = (spec: string, targets = "groups: [ireland]") =>
  FLEET + manifest("BackupVault", "nightly", `targets: { ${targets} }\n${spec}`);
const specs = (resources: readonly Desired[]) =>
  Object.fromEntries(resources.map((one) => [showKey(one.key), one.want === "present" ? one.spec : one.want]));

describe("what a manifest becomes in a target", () => {
  it("is a vault, and a resource of its own for each section that is there", async () => {
    const { resources } = await loaded(
      vault(
        [
          "encryptionKey: alias/backup",
          "lock: { mode: governance, minRetentionDays: 7 }",
          "accessPolicy: { Statement: [{ Effect: Deny, Principal: '*', Action: backup:DeleteRecoveryPoint }] }",
          "notifications: none",
        ].join("\n"),
      ),
    );
    expect(specs(resources)).toEqual({
      "111122223333/eu-west-1/vault/nightly": { vaultType: "standard", encryptionKey: "alias/backup" },
      "111122223333/eu-west-1/vault-lock/nightly": { mode: "governance", minRetentionDays: 7 },
      "111122223333/eu-west-1/vault-notifications/nightly": "absent",
      "111122223333/eu-west-1/vault-policy/nightly": {
        policy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint" }],
        },
      },
    });
    const vaultKey = { ...resources[0]?.key, kind: "vault" };
    expect(resources.map(({ within }) => within)).toEqual([vaultKey, vaultKey, vaultKey, undefined]);
    expect(resources.map(({ source: { line, column } }) => [line, column])).toEqual([
      [15, 3],
      [17, 3],
      [16, 3],
      [9, 1],
    ]);
  });

  it("does not manage a section that is not there", async () => {
    const { resources } = await loaded(vault("vaultType: standard"));
    expect(resources.map(({ key }) => key.kind)).toEqual(["vault"]);
  });

  it("is a plan with its selections within it, and a selection of another manifest too where the plan is declared", async () => {
    const role = 'iamRoleArn: "arn:${partition}:iam::${account}:role/backup"';
    const { resources } = await loaded(
      vault("vaultType: standard") +
        manifest(
          "BackupPlan",
          "daily",
          `targets: { groups: [ireland] }\nrules: [{ ruleName: d, targetBackupVaultName: nightly }]\nselections: [{ name: ours, ${role}, listOfTags: [{ key: a, value: b }] }]`,
        ) +
        manifest("BackupSelection", "theirs", `targets: { groups: [all] }\nplan: daily\n${role}\nresources: ["*"]`),
    );
    const selections = resources.filter(({ key }) => key.kind === "selection");
    expect(selections.map(({ key, within }) => [showKey(key), within && showKey(within)])).toEqual([
      ["111122223333/eu-central-1/selection/daily/theirs", undefined],
      ["111122223333/eu-west-1/selection/daily/ours", "111122223333/eu-west-1/plan/daily"],
      ["111122223333/eu-west-1/selection/daily/theirs", "111122223333/eu-west-1/plan/daily"],
    ]);
    expect(specs(selections)["111122223333/eu-west-1/selection/daily/ours"]).toEqual({
      iamRoleArn: "arn:aws:iam::111122223333:role/backup",
      listOfTags: [{ key: "a", value: "b" }],
    });
  });

  it("is a rule where it governs what nobody names", async () => {
    const { rules, resources } = await loaded(
      FLEET +
        manifest(
          "RecoveryPointPolicy",
          "weeks",
          "targets: { groups: [all] }\nmatch: {}\nretention: { atLeastDays: 35 }",
        ),
    );
    expect(resources).toEqual([]);
    expect(rules.map(({ kind, name, target, spec }) => [kind, name, target.region, spec])).toEqual([
      ["recovery-point", "weeks", "eu-central-1", { match: {}, retention: { atLeastDays: 35 } }],
      ["recovery-point", "weeks", "eu-west-1", { match: {}, retention: { atLeastDays: 35 } }],
    ]);
  });
});

describe("a policy for recovery points", () => {
  const policy = (fields: string) =>
    FLEET + manifest("RecoveryPointPolicy", "it", `targets: { groups: [ireland] }\n${fields}`);

  it("is a rule with everything it asks for, spelled out", async () => {
    const { rules } = await loaded(
      policy(
        [
          "match: { vaults: [nightly] }",
          "orphans: { when: [expired], action: delete }",
          'copies: [{ to: { account: "${account}", region: eu-central-1, vault: "${group}-copies" } }]',
          'encryption: { keys: ["arn:${partition}:kms:${region}:${account}:key/abc"] }',
          'tags: { of: "${region}" }',
          "placement: asPlanned",
        ].join("\n"),
      ),
    );
    expect(rules.map(({ spec }) => spec)).toEqual([
      {
        match: { vaults: ["nightly"] },
        orphans: { when: ["expired"], action: "delete", grace: "14d", minMissing: "30d", keepLast: 1 },
        copies: [
          {
            to: { account: "111122223333", region: "eu-central-1", vault: "ireland-copies" },
            within: "24h",
            backfill: "none",
            remedy: "notify",
          },
        ],
        encryption: { keys: ["arn:aws:kms:eu-west-1:111122223333:key/abc"] },
        tags: { of: "eu-west-1" },
        placement: "asPlanned",
      },
    ]);
  });

  it("does not let an account's name say which vault or key is meant (rule 15)", () =>
    expect(
      shown(
        policy(
          'match: {}\ncopies: [{ to: { account: "${account}", region: eu-central-1, vault: "${alias}" } }]\nencryption: { keys: ["alias/${alias}"] }',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "1.yaml:15:72: error: \${alias}: an account can be renamed, and vault would then mean something else
        use \${account} or \${group}
      1.yaml:16:24: error: \${alias}: an account can be renamed, and keys would then mean something else
        use \${account} or \${group}"
    `));
});

describe("management", () => {
  const modes = async (fleet: string, group: string, own: string) => {
    const text = vault(own).replace("spec:\n", `spec:\n${fleet}`).replace("ireland: {", `ireland: { ${group}`);
    return (await loaded(text)).resources.map(({ management }) => management);
  };
  it.each<[string, string, string, unknown, string]>([
    ["", "", "", { mode: "observe" }, "nobody says: observe (rule 26)"],
    ["  management: enforce\n", "", "", { mode: "enforce" }, "the Fleet's word counts"],
    ["  management: enforce\n", "management: observe,", "", { mode: "observe" }, "its group's counts before"],
    ["", "management: observe,", "management: enforce", { mode: "enforce" }, "and its own before that"],
    [
      "  management: suspended\n  suspendReason: migration\n",
      "management: enforce,",
      "management: enforce",
      { mode: "suspended", reason: "migration" },
      "a suspension is a brake: it wins wherever it is said",
    ],
    [
      "",
      "management: suspended, suspendReason: moving,",
      "",
      { mode: "suspended", reason: "moving" },
      "in a group as well",
    ],
  ])("$4", async (fleet, group, own, expected) => expect(await modes(fleet, group, own)).toEqual([expected]));

  it("of several groups is the more careful one", async () => {
    const text = vault("vaultType: standard", "groups: [all], regions: [eu-west-1]")
      .replace("all: {}", "all: { management: enforce }")
      .replace("ireland: {", "ireland: { management: observe,");
    expect((await loaded(text)).resources.map(({ management }) => management.mode)).toEqual(["observe"]);
  });

  it("needs a reason to be suspended", () => {
    expect(shown(vault("management: suspended"))).toBe(
      "1.yaml:14:15: error: management: suspended needs a suspendReason",
    );
    expect(shown(vault("suspendReason: why not"))).toBe(
      "1.yaml:14:3: error: suspendReason goes with management: suspended only",
    );
  });
});

describe("adoption", () => {
  it.each([
    ["", [false, false], "no consent unless it is given (law 5)"],
    ["adopt: true", [true, true], "by name, and what is within goes along"],
    ["adopt: 1f0c", [true, "1f0c"], "an id names the vault; its sections are taken over by name"],
    ["adopt: false", [false, false], "no is no"],
  ])("$2", async (own, expected) => {
    const { resources } = await loaded(vault(`${own}\nlock: none`));
    expect(resources.map(({ adopt }) => adopt)).toEqual(expected);
  });
});

describe("overrides", () => {
  const both = (overrides: string) =>
    vault(
      `tags: { a: one, b: two }\nlock: { mode: governance, minRetentionDays: 7 }\noverrides:\n${overrides}`,
      "groups: [all]",
    );
  const central = (patch: string) => `  - targets: { regions: [eu-central-1] }\n    patch: ${patch}\n`;

  it("apply in order, later wins, maps merge, null removes, lists are whole", async () => {
    const { resources } = await loaded(
      both(
        central("{ tags: { a: three, b: null }, lock: { minRetentionDays: 14 } }") +
          "  - { targets: { groups: [all] }, patch: { tags: { a: four } } }\n",
      ),
    );
    expect(specs(resources)).toEqual({
      "111122223333/eu-central-1/vault/nightly": { vaultType: "standard", tags: { a: "four" } },
      "111122223333/eu-central-1/vault-lock/nightly": { mode: "governance", minRetentionDays: 14 },
      "111122223333/eu-west-1/vault/nightly": { vaultType: "standard", tags: { a: "four", b: "two" } },
      "111122223333/eu-west-1/vault-lock/nightly": { mode: "governance", minRetentionDays: 7 },
    });
  });

  it("may remove a section, change management and adoption, and use variables", async () => {
    const { resources } = await loaded(
      both(central('{ lock: null, management: enforce, adopt: abc, tags: { b: "${region}" } }')),
    );
    expect(resources[0]).toMatchObject({
      key: { kind: "vault", target: { region: "eu-central-1" } },
      management: { mode: "enforce" },
      adopt: "abc",
      spec: { tags: { a: "one", b: "eu-central-1" } },
    });
    expect(resources).toHaveLength(3);
  });

  it("are validated merged, each problem at the override's line", () => {
    expect(
      shown(
        both(
          central("{ lock: { maxRetentionDays: 5 }, colour: red }") +
            central("{ lock: { minRetentionDays: null, mode: compliance } }") +
            central("{ targets: {}, overrides: [] }") +
            central('{ tags: { a: "${grop}" } }') +
            "  - { targets: { groups: [nowhere] }, patch: {} }\n",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "1.yaml:18:14: error: with this override, lock.minRetentionDays is refused: minRetentionDays is greater than maxRetentionDays
      1.yaml:18:47: error: spec has no field colour
        known: targets, management, suspendReason, overrides, adopt, vaultType, encryptionKey, tags, lock, accessPolicy, notifications
      1.yaml:20:16: error: lock.immutableFrom is refused: immutableFrom goes with mode: compliance, and only with it
      1.yaml:22:16: error: an override may not patch targets
        say where a manifest applies once
      1.yaml:22:29: error: an override may not patch overrides
        say where a manifest applies once
      1.yaml:24:27: error: \${grop}: there is no such variable; there are \${partition}, \${account}, \${region}, \${alias}, \${group}
        did you mean group?
      1.yaml:25:29: error: the Fleet has no group nowhere
        it has all, ireland"
    `);
  });

  it("point at the override that broke a target, not at what it patches", async () => {
    const role = "iamRoleArn: arn:aws:iam::${account}:role/backup";
    const selection = `targets: { groups: [all] }\nplan: daily\n${role}\nresources: ["*"]\noverrides:\n  - targets: { regions: [eu-central-1] }\n    patch: { resources: null }\n`;
    expect(await refusal(FLEET + manifest("BackupSelection", "ours", selection))).toMatchInlineSnapshot(`
      "1.yaml:19:14: error: with this override, spec selects nothing: AWS wants resources or listOfTags
        to select by conditions alone, add resources: ["*"]"
    `);
  });

  it("that are for none of the manifest's targets are a warning", async () => {
    const { warnings } = await loaded(
      vault("overrides:\n  - { targets: { regions: [eu-central-1] }, patch: { lock: none } }"),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      "this override is for none of the manifest's targets: it changes nothing",
    ]);
  });
});

describe("laws of placing", () => {
  const tag = fc.stringMatching(/^[a-z]{1,8}$/);
  const text = fc.oneof(tag, fc.constantFrom("${account}", "x-${region}", "${partition}", "$${plain}"));
  const section = fc.record(
    {
      tags: fc.dictionary(tag, text, { maxKeys: 3 }),
      lock: fc.oneof(
        fc.constant("none"),
        fc.record({ mode: fc.constant("governance"), minRetentionDays: fc.integer({ min: 1, max: 30 }) }),
      ),
      notifications: fc.oneof(
        fc.constant("none"),
        fc.constant({ snsTopicArn: "arn:${partition}:sns:${region}:${account}:t", events: ["COPY_JOB_FAILED"] }),
      ),
    },
    { requiredKeys: [] },
  );
  const anyManifest = fc.record({
    base: section,
    patch: section,
    region: fc.constantFrom("eu-west-1", "eu-central-1"),
  });

  it("whatever is placed is a spec its own kind takes, with nothing left to put in", async () => {
    await fc.assert(
      fc.asyncProperty(anyManifest, async ({ base, patch, region }) => {
        const spec = { targets: { groups: ["all"] }, ...base, overrides: [{ targets: { regions: [region] }, patch }] };
        const document = { apiVersion: "holdfast/v1", kind: "BackupVault", metadata: { name: "nightly" }, spec };
        const { resources } = await loaded(`${FLEET}---\n${JSON.stringify(document)}`);
        for (const one of resources) {
          const kind = kinds.find(({ name }) => name === one.key.kind);
          if (one.want === "absent") continue;
          expect(kind?.definition.spec.parse(one.spec)).toEqual(one.spec);
          expect(JSON.stringify(one.spec)).not.toMatch(/\$\{(?!plain)/);
        }
        expect(resources.filter(({ key }) => key.kind === "vault")).toHaveLength(2);
      }),
      { numRuns: 60 },
    );
  });

  it("is the same whatever order the files come in", async () => {
    const parts = [
      FLEET,
      manifest("BackupVault", "later", "targets: { groups: [all] }\nlock: none"),
      manifest("BackupVault", "early", "targets: { groups: [all] }"),
      manifest("RecoveryPointPolicy", "weeks", "targets: { groups: [all] }\nmatch: {}\nretention: { atLeastDays: 35 }"),
    ];
    const keys = async (texts: readonly string[]) => {
      const { resources, rules } = await loaded(texts.join("---\n").replaceAll("---\n---\n", "---\n"), organization());
      return [...resources.map(({ key }) => showKey(key)), ...rules.map(({ name }) => name)];
    };
    expect(await keys(parts.toReversed())).toEqual(await keys(parts));
  });
});
