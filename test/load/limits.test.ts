import { describe, expect, it } from "vitest";
import { FLEET, manifest, refusal, loaded, shown } from "./support.ts";

const ROLE = "iamRoleArn: arn:aws:iam::111122223333:role/backup";
const VAULT = manifest("BackupVault", "nightly", "targets: { groups: [all] }");

const rule = (fields: string) =>
  FLEET +
  VAULT +
  manifest(
    "BackupPlan",
    "daily",
    `targets: { groups: [all] }\nrules: [{ ruleName: daily, targetBackupVaultName: nightly, ${fields} }]`,
  );
const rules = (...all: readonly string[]) =>
  FLEET +
  VAULT +
  manifest(
    "BackupPlan",
    "daily",
    `targets: { groups: [all] }\nrules:\n${all.map((one) => `  - { ${one} }`).join("\n")}`,
  );
const selection = (fields: string) =>
  FLEET + manifest("BackupSelection", "ours", `targets: { groups: [all] }\nplan: theirs\n${ROLE}\n${fields}`);
const vault = (fields: string) =>
  FLEET + manifest("BackupVault", "nightly", `targets: { groups: [ireland] }\n${fields}`);
const policy = (statement: string) => vault(`accessPolicy: { Statement: [{ ${statement} }] }`);
const list = (count: number, one: (n: number) => string) => Array.from({ length: count }, (_, n) => one(n)).join(", ");

/** Severity and message, without places and hints: those are the business of the problems' own tests. */
const found = (text: string): readonly string[] =>
  shown(text)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("  "))
    .map((line) => line.replace(/^\S+ /, ""));

/** Each case is known by its reason. */
const sentences = (cases: readonly (readonly [text: string, expected: readonly string[], because: string])[]) =>
  cases.map(([text, expected, because]) => ({ text, expected, because }));

describe("rules", () => {
  it.each(
    sentences([
      [
        "lifecycle: { moveToColdStorageAfterDays: 30, deleteAfterDays: 119 }",
        [
          "error: rules[0].lifecycle.deleteAfterDays must be at least 90 days after the move to cold storage: 120 or more; found 119",
        ],
        "cold storage is paid for 90 days",
      ],
      ["lifecycle: { moveToColdStorageAfterDays: 30, deleteAfterDays: 120 }", [], "90 days are enough"],
      ["lifecycle: { moveToColdStorageAfterDays: 7 }", [], "cold for ever is legal"],
      [
        "enableContinuousBackup: true, lifecycle: { deleteAfterDays: 36 }",
        ["error: rules[0].lifecycle.deleteAfterDays must be 1 to 35 with enableContinuousBackup; found 36"],
        "point-in-time restore goes back 35 days",
      ],
      [
        "enableContinuousBackup: true",
        [
          "error: rules[0].lifecycle.deleteAfterDays must be 1 to 35 with enableContinuousBackup; found none, which keeps for ever",
        ],
        "absent is for ever",
      ],
      [
        "enableContinuousBackup: true, lifecycle: { deleteAfterDays: 35, moveToColdStorageAfterDays: 1 }",
        [
          "error: rules[0].lifecycle.deleteAfterDays must be at least 90 days after the move to cold storage: 91 or more; found 35",
          "error: rules[0].lifecycle.moveToColdStorageAfterDays does not go with enableContinuousBackup",
        ],
        "continuous is never cold",
      ],
      ["enableContinuousBackup: true, lifecycle: { deleteAfterDays: 35 }", [], "35 is the most"],
      ["startWindowMinutes: 59", ["error: rules[0].startWindowMinutes is too small: 60 at least"], "AWS's minimum"],
      [
        "startWindowMinutes: 60, completionWindowMinutes: 60",
        [
          "error: rules[0].completionWindowMinutes leaves no time: completion (60 minutes) must come after the start window (60 minutes)",
        ],
        "both count from the schedule",
      ],
      [
        "completionWindowMinutes: 480",
        [
          "error: rules[0].completionWindowMinutes leaves no time: completion (480 minutes) must come after the start window (480 minutes)",
        ],
        "an absent start window is 480",
      ],
      [
        "startWindowMinutes: 10080",
        [
          "error: rules[0].startWindowMinutes leaves no time: completion (10080 minutes) must come after the start window (10080 minutes)",
        ],
        "an absent completion is 10080",
      ],
      [
        "scheduleExpression: rate(1 day)",
        [
          "error: rules[0].scheduleExpression must be cron(minutes hours day-of-month month day-of-week year); found rate(1 day)",
        ],
        "AWS Backup's own form is cron",
      ],
      [
        "scheduleExpression: cron(0 5 ? * *)",
        ["error: rules[0].scheduleExpression has 5 fields, and AWS's cron has six: the last is the year"],
        "Unix has five",
      ],
      [
        "scheduleExpression: cron(0 5 * * * *)",
        ["error: rules[0].scheduleExpression needs ? in one of day-of-month and day-of-week, and a value in the other"],
        "AWS takes one of the two",
      ],
      [
        "scheduleExpression: cron(0/30 * ? * * *)",
        ["error: rules[0].scheduleExpression runs more often than hourly, which AWS Backup does not"],
        "hourly is the most",
      ],
      [
        "scheduleExpression: cron(61 24 ? 13 8 *)",
        [
          "error: rules[0].scheduleExpression has minutes 61: 61 is not within 0-59",
          "error: rules[0].scheduleExpression has hours 24: 24 is not within 0-23",
          "error: rules[0].scheduleExpression has month 13: 13 is not within 1-12",
          "error: rules[0].scheduleExpression has day-of-week 8: 8 is not within 1-7",
        ],
        "every field is looked at",
      ],
      [
        "scheduleExpression: cron(0 5/x ? JAN-DEZ * *)",
        [
          "error: rules[0].scheduleExpression has hours 5/x: 5/X is not a step such as 0/12",
          "error: rules[0].scheduleExpression has month JAN-DEZ: JAN-DEZ is not within 1-12",
        ],
        "steps and names too",
      ],
      ["scheduleExpression: 'cron(0 0/12 ? * MON-FRI,7 2026-2030)'", [], "lists, ranges, names, steps and years"],
      ["scheduleExpression: cron(0 5 LW * ? *)", [], "the month's last weekday"],
      ["scheduleExpression: cron(0 5 ? * 6#1 *)", [], "first Fridays"],
      [
        "scheduleExpressionTimezone: Mars/Olympus",
        ["error: rules[0].scheduleExpressionTimezone must be an IANA time zone; found Mars/Olympus"],
        "no such place on earth",
      ],
      [
        "scheduleExpressionTimezone: '+02:00'",
        ["error: rules[0].scheduleExpressionTimezone must be an IANA time zone; found +02:00"],
        "an offset is no zone",
      ],
      ["scheduleExpressionTimezone: America/Argentina/Ushuaia", [], "a zone of three parts"],
      [
        "scheduleExpression: cron(0 5 1 * ? *), lifecycle: { deleteAfterDays: 7 }",
        [
          "warning: rules[0].lifecycle.deleteAfterDays keeps a backup 7 days, and up to 31 days pass between two: at times there is none",
        ],
        "deleted before the next is made",
      ],
      [
        `recoveryPointTags: { ${list(11, (n) => `k${n}: v`)} }`,
        ["error: rules[0].recoveryPointTags has more than the 10 tags AWS puts on a recovery point"],
        "AWS's quota",
      ],
      [
        `copyActions: [${list(6, (n) => `{ destinationBackupVaultArn: "arn:aws:backup:us-east-1:999988887777:backup-vault:v${n}" }`)}]`,
        ["error: rules[0].copyActions is too large: 5 entries at most"],
        "AWS's quota",
      ],
      [
        "copyActions: [{ destinationBackupVaultArn: central }]",
        ['error: rules[0].copyActions[0].destinationBackupVaultArn must be a backup vault\'s ARN; found "central"'],
        "a name says not where",
      ],
      [
        "copyActions: [{ destinationBackupVaultArn: 'arn:aws:backup:us-east-1:999988887777:backup-vault:Default' }]",
        [
          "error: rules[0].copyActions[0].destinationBackupVaultArn is the Default vault of another account: its AWS managed key cannot be shared (semantics §1.3) (in 111122223333/eu-central-1 and 1 more)",
        ],
        "the console's vault cannot take it",
      ],
      [
        "targetLogicallyAirGappedBackupVaultArn: 'arn:aws:backup:us-east-1:111122223333:backup-vault:gap'",
        [
          "error: rules[0].targetLogicallyAirGappedBackupVaultArn must be a vault of the plan's own account and Region (in 111122223333/eu-central-1 and 1 more)",
        ],
        "a backup does not travel",
      ],
    ]),
  )("$because", ({ text, expected }) => expect(found(rule(text))).toEqual(expected));

  it("have names of their own, and are ten at most", () => {
    const named = (name: string) => `ruleName: ${name}, targetBackupVaultName: nightly`;
    expect(found(rules(named("a"), named("b"), named("a")))).toEqual(["error: rules[2].ruleName repeats a of entry 0"]);
    expect(found(rules(...Array.from({ length: 11 }, (_, n) => named(`r${n}`))))).toEqual([
      "error: rules is too large: 10 entries at most",
    ]);
  });

  it("know the options of advanced settings", () =>
    expect(
      found(
        `${rule("startWindowMinutes: 60")
          .trimEnd()
          .replace(
            /\n---$/,
            "",
          )}\n  advancedBackupSettings:\n    - { resourceType: EC2, backupOptions: { WindowsVSS: "on", BackupACLs: enabled } }\n    - { resourceType: EC2, backupOptions: {} }\n`,
      ),
    ).toEqual([
      "error: advancedBackupSettings[0].backupOptions.WindowsVSS must be enabled or disabled; found on",
      "error: advancedBackupSettings[0].backupOptions.BackupACLs is no option of EC2: it has WindowsVSS",
      "error: advancedBackupSettings[1].resourceType repeats EC2 of entry 0",
    ]));
});

describe("selections", () => {
  it.each(
    sentences([
      [
        "conditions: { stringEquals: [{ key: aws:ResourceTag/a, value: b }] }",
        ["error: spec selects nothing: AWS wants resources or listOfTags"],
        "conditions narrow, they do not select",
      ],
      [
        "resources: [nightly]",
        ["error: resources[0] must be an ARN, an ARN with wildcards, or *; found nightly"],
        "resources are ARNs",
      ],
      [
        'resources: ["arn:aws:s3:::*-logs"]',
        ["warning: resources[0] has a * that AWS does not document: it may match nothing. Found arn:aws:s3:::*-logs"],
        "AWS documents a trailing * alone",
      ],
      [
        'resources: ["arn:aws:ec2:*:*:volume/*", "arn:aws:rds:*:*:cluster:my-cluster", "arn:aws:fsx:*"]',
        [],
        "the documented forms",
      ],
      [
        `resources: [${list(500, (n) => `"arn:aws:ec2:eu-west-1:111122223333:volume/vol-${n}"`)}]`,
        [],
        "500 without a wildcard",
      ],
      [
        `resources: [${list(501, (n) => `"arn:aws:ec2:eu-west-1:111122223333:volume/vol-${n}"`)}]`,
        ["error: resources has 501 entries: AWS takes 500 ARNs, or 30 as soon as one has a wildcard"],
        "and no more",
      ],
      [
        `notResources: [${list(31, (n) => `"arn:aws:s3:::bucket-${n}*"`)}]\nresources: ["*"]`,
        ["error: notResources has 31 entries: AWS takes 500 ARNs, or 30 as soon as one has a wildcard"],
        "30 with one",
      ],
      [
        `listOfTags: [${list(31, (n) => `{ key: k${n}, value: v }`)}]`,
        ["error: listOfTags has 31 tags: AWS takes 30"],
        "AWS's quota",
      ],
      [
        "listOfTags: [{ key: aws:ResourceTag/a, value: b }]",
        ["error: listOfTags[0].key is a bare tag key here: a"],
        "the prefix is for conditions",
      ],
      [
        'resources: ["*"]\nconditions: { stringLike: [{ key: a, value: b }] }',
        ["error: conditions.stringLike[0].key must begin aws:ResourceTag/; found a"],
        "and conditions want it",
      ],
      [
        `resources: ["*"]\nconditions: { stringEquals: [${list(16, (n) => `{ key: aws:ResourceTag/a${n}, value: v }`)}], stringNotLike: [${list(15, (n) => `{ key: aws:ResourceTag/b${n}, value: v }`)}] }`,
        ["error: conditions has 31 conditions: AWS takes 30"],
        "counted over all operators",
      ],
      [
        'resources: ["*"]\nlistOfTags: [{ key: a, value: b }]',
        ['error: listOfTags adds nothing to resources: ["*"]: AWS selects either, not both'],
        "the union people take for an intersection",
      ],
      [
        'resources: ["arn:aws:rds:*:*:db:*"]\nlistOfTags: [{ key: a, value: b }]',
        ["warning: listOfTags selects beside the wildcards of resources, not among them: AWS selects either"],
        "which may be meant",
      ],
    ]),
  )("$because", ({ text, expected }) => expect(found(selection(text))).toEqual(expected));

  it("take a role of the target's own account", () =>
    expect(found(selection('resources: ["*"]').replace("iam::111122223333", "iam::444455556666"))).toEqual([
      "error: iamRoleArn must be a role of the plan's own account: AWS passes no other (in 111122223333/eu-central-1 and 1 more)",
    ]));

  it("leave one slot of a plan free, wherever they are declared (rule 18)", () => {
    const named = (name: string) => `  - { name: ${name}, ${ROLE}, listOfTags: [{ key: a, value: ${name} }] }`;
    const plan = (count: number) =>
      manifest(
        "BackupPlan",
        "daily",
        `targets: { groups: [ireland] }\nrules: [{ ruleName: daily, targetBackupVaultName: nightly }]\nselections:\n${Array.from({ length: count }, (_, n) => named(`s${n}`)).join("\n")}`,
      );
    const more = manifest(
      "BackupSelection",
      "more",
      `targets: { groups: [all] }\nplan: daily\n${ROLE}\nlistOfTags: [{ key: a, value: b }]`,
    );
    expect(found(FLEET + VAULT + plan(9))).toEqual([]);
    expect(found(FLEET + VAULT + plan(10))).toEqual([
      "error: selections has 10 selections that use tags: AWS allows 10 a plan, and one stays free to replace another (rule 18)",
    ]);
    expect(found(FLEET + VAULT + plan(9) + more)).toEqual([
      "error: plan daily comes to 10 selections that use tags: 9 at most, so that one can be replaced (in 111122223333/eu-west-1)",
    ]);
  });
});

describe("vaults", () => {
  it.each(
    sentences([
      [
        `tags: { ${list(49, (n) => `k${n}: v`)} }`,
        ["error: tags is refused: AWS allows 50 tags, of which two are ownership marks"],
        "two are ours",
      ],
      [
        'tags: { "holdfast:fleet": mine }',
        [
          'error: tags: the key "holdfast:fleet" is refused: the prefix holdfast: is kept for ownership marks; found "holdfast:fleet"',
        ],
        "ownership is not for the asking",
      ],
      [
        "encryptionKey: arn:aws:kms:us-east-1:111122223333:key/abc",
        ["error: encryptionKey is a key of us-east-1, and the vault is elsewhere (in 111122223333/eu-west-1)"],
        "keys are regional",
      ],
      [
        "notifications: { snsTopicArn: 'arn:aws:sns:us-east-1:111122223333:t', events: [COPY_JOB_FAILED] }",
        ["error: notifications.snsTopicArn must be a topic in the vault's own Region (in 111122223333/eu-west-1)"],
        "topics are too",
      ],
      [
        "notifications: { snsTopicArn: 'arn:aws:sns:eu-west-1:111122223333:t.fifo', events: [COPY_JOB_FAILED] }",
        [
          'error: notifications.snsTopicArn must be the ARN of a standard SNS topic in the vault\'s Region; found "arn:aws:sns:eu-west-1:111122223333:t.fifo"',
        ],
        "AWS Backup takes no FIFO topic",
      ],
      [
        "notifications: { snsTopicArn: 'arn:aws:sns:eu-west-1:111122223333:t', events: [BACKUP_JOB_FAILED] }",
        ["warning: notifications.events[0] names BACKUP_JOB_FAILED, which AWS accepts and never delivers"],
        "silence is not success",
      ],
      [
        "lock: { mode: governance, minRetentionDays: 9, maxRetentionDays: 8 }",
        ["error: lock.minRetentionDays is refused: minRetentionDays is greater than maxRetentionDays"],
        "no job could meet it",
      ],
      [
        "lock: { mode: compliance, minRetentionDays: 9 }",
        ["error: lock.immutableFrom is refused: immutableFrom goes with mode: compliance, and only with it"],
        "for ever needs a date",
      ],
      [
        "lock: { mode: compliance, immutableFrom: 2031-02-30 }",
        ['error: lock.immutableFrom must be a date such as 2027-01-31; found "2031-02-30"'],
        "a date that is one",
      ],
      [
        "lock: { mode: compliance, immutableFrom: 2031-01-01 }",
        ["warning: lock has no bounds: it stops deletions, and lets a job bring any retention"],
        "worth a thought before it is for ever",
      ],
    ]),
  )("$because", ({ text, expected }) => expect(found(vault(text))).toEqual(expected));

  it.each(
    sentences([
      [
        "Effect: Deny, Principal: '*', Action: 'backup:Delete*'",
        [
          "error: accessPolicy.Statement[0].Action is refused: a vault policy takes no wildcard inside an action: list every one (semantics §1.4)",
        ],
        "AWS takes none",
      ],
      [
        "Effect: Deny, Principal: '*', Action: '*'",
        ["error: accessPolicy.Statement[0].Action may not be *: AWS wants every action listed"],
        "nor a lone one",
      ],
      [
        "Effect: Deny, Principal: '*', Action: s3:GetObject",
        [
          "error: accessPolicy.Statement[0].Action names s3:GetObject: a vault policy governs actions of AWS Backup only",
        ],
        "it is a vault's policy",
      ],
      [
        "Effect: Allow, Principal: '*', Action: backup:CopyIntoBackupVault",
        ["warning: accessPolicy.Statement[0].Principal lets every AWS account in"],
        "anybody in the world",
      ],
      [
        "Effect: Allow, Principal: '*', Action: backup:CopyIntoBackupVault, Condition: { StringEquals: { aws:PrincipalOrgID: o-abc } }",
        [],
        "or the organization",
      ],
      [
        "Effect: Allow, Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: [backup:CopyIntoBackupVault, backup:StartRestoreJob]",
        [
          "error: accessPolicy.Statement[0].Action gives arn:aws:iam::444455556666:root backup:StartRestoreJob: other accounts can be given backup:CopyIntoBackupVault and nothing else (semantics §1.4) (in 111122223333/eu-west-1)",
        ],
        "AWS refuses the rest whatever a policy says",
      ],
      [
        "Effect: Allow, Principal: { AWS: 111122223333 }, Action: backup:StartRestoreJob",
        [],
        "its own account may have more",
      ],
    ]),
  )("$because", ({ text, expected }) => expect(found(policy(text))).toEqual(expected));

  it("are warned when a compliance date is too near to be put", async () => {
    const near = vault("lock: { mode: compliance, minRetentionDays: 7, immutableFrom: 2026-12-01 }");
    const { warnings } = await loaded(near);
    expect(warnings.map(({ message }) => message)).toEqual([
      "lock.immutableFrom is 8 days ahead: a lock that is not there yet is not put with less than 14 days to think again",
    ]);
    for (const date of ["2026-12-08", "2026-01-01"])
      expect((await loaded(near.replace("2026-12-01", date))).warnings).toEqual([]);
  });
});

describe("recovery point policies", () => {
  const policy = (fields: string) =>
    FLEET + manifest("RecoveryPointPolicy", "weeks", `targets: { groups: [all] }\n${fields}`);
  const central = (vault: string, more = "") =>
    `{ to: { account: "111122223333", region: eu-central-1, vault: ${vault} }, ${more} }`;

  it.each(
    sentences([
      [
        "match: { resourceTypes: [EBS, Rds, Quantum] }\nretention: {}",
        [
          "warning: match.resourceTypes[1] names Rds, which is not a resource type that AWS Backup had when this was written",
          "warning: match.resourceTypes[2] names Quantum, which is not a resource type that AWS Backup had when this was written",
          "warning: retention asks for nothing",
        ],
        "types are AWS's spelling",
      ],
      ["match: {}", ["warning: spec asks for nothing"], "to match is not to ask"],
      ["match: {}\ntags: {}", ["warning: spec asks for nothing"], "no tags are none"],
      ["match: {}\nplacement: asPlanned", [], "one thing is something"],
      ["match: {}\norphans: { when: [planDeleted, resourceDeleted], action: delete }", [], "orphans may be deleted"],
      [
        "match: {}\norphans: { when: [never], action: drop, grace: 71h, minMissing: 3 days }",
        [
          'error: orphans.when[0] must be planDeleted, resourceDeleted, expired or unowned; found "never"',
          'error: orphans.action must be tag or delete; found "drop"',
          "error: orphans.grace is refused: grace is 72h at least",
          'error: orphans.minMissing must be a number with h or d, such as 24h or 14d; found "3 days"',
        ],
        "within bounds",
      ],
      [
        `match: { vaults: [nightly] }\ncopies: [${central("central")}, ${central("other")}, ${central("central")}]`,
        ["error: copies[2].to repeats 111122223333/eu-central-1/central of entry 0"],
        "one copy a vault",
      ],
      [
        `match: { vaults: ["{night,dai}ly", "aws/*"] }\nretention: { atLeastDays: 35 }`,
        [
          "warning: match.vaults[0] fits no vault: {night,dai}ly has more than letters, digits, - and _, and wildcards are * and ? alone",
        ],
        "braces are themselves",
      ],
      [
        `match: {}\ncopies: [${central("one", "backfill: latest")}, ${central("two", "backfill: all, remedy: copyAgain")}]`,
        ["error: copies[0].backfill is latest, and remedy: notify starts no copy"],
        "older points are copied by nobody",
      ],
      [
        `match: { vaults: ["cent*"] }\ncopies: [${central("central")}]`,
        [
          "error: copies[0].to is vault central, which the policy itself matches there: its points would be copied into where they are (in 111122223333/eu-central-1)",
        ],
        "a copy of a copy has no end",
      ],
      [
        `match: {}\nretention: { atLeastDays: 35 }\ncopies: [${central("central")}]\noverrides: [{ targets: { regions: [eu-central-1] }, patch: { copies: null } }]`,
        [],
        "unless an override ends it",
      ],
      [
        `match: {}\ntags: { ${list(49, (n) => `k${n}: v`)} }`,
        ["error: tags has more than 48 tags: AWS allows 50, of which two are orphan marks"],
        "two are ours",
      ],
      [
        "match: {}\ntags: { holdfast:keep: 'yes' }",
        [
          'error: tags: the key "holdfast:keep" is refused: aws: and holdfast: are not yours to set; found "holdfast:keep"',
        ],
        "marks are not for the asking",
      ],
      [
        `match: {}\nretention: { atLeastDays: 35 }\ncopies: [{ to: { account: 999988887777, region: eu-west-1, vault: far }, afterCopy: { keepLocalDays: 7, grace: 71h } }]`,
        ["error: copies[0].afterCopy.grace is refused: grace is 72h at least"],
        "time to object",
      ],
      ["match: {}\nencryption: {}", ["error: encryption is refused: say required: true, keys, or both"], "of what"],
      [
        `match: {}\ncopies: [{ to: { account: prod, region: eu, vault: "a/b" }, since: yesterday }]`,
        [
          'error: copies[0].to.account must be twelve digits; found "prod"',
          'error: copies[0].to.region must be a Region such as eu-west-1; found "eu"',
          'error: copies[0].to.vault must be 2 to 50 letters, digits, - and _; found "a/b"',
          'error: copies[0].since must be an instant such as 2027-01-31T18:00:00Z; found "yesterday"',
        ],
        "a copy goes somewhere",
      ],
    ]),
  )("$because", ({ text, expected }) => expect(found(policy(text))).toEqual(expected));

  it.each(["tagsFromResource: ownership", "orphans: { when: [unowned] }"])(
    "%s rests on the Fleet, which must say which tags name an owner",
    (asked) => {
      const text = policy(`match: {}\n${asked}`);
      const path = asked.startsWith("tags") ? "tagsFromResource" : "orphans.when";
      expect(found(text)).toEqual([
        `error: ${path} rests on which tags name an owner, and the Fleet does not say (in 111122223333/eu-central-1 and 1 more)`,
      ]);
      const said = text.replace(
        "  groups:",
        "  ownership: { tags: [owner, team], costTags: [cost-center] }\n  groups:",
      );
      expect(found(said)).toEqual([]);
      const rules = [{ spec: { ownership: { tags: ["owner", "team"], costTags: ["cost-center"] } } }];
      return expect(loaded(said)).resolves.toMatchObject({ rules: [rules[0], rules[0]] });
    },
  );
});

describe("names", () => {
  const called = (naming: string, ...more: readonly string[]) =>
    FLEET.replace("  groups:", () => `  naming: ${naming}\n  groups:`) + VAULT + more.join("");
  const plan = manifest(
    "BackupPlan",
    "prod-daily",
    `targets: { groups: [ireland] }\nrules: [{ ruleName: Daily, targetBackupVaultName: nightly }]\nselections: [{ name: all, ${ROLE}, resources: ["*"] }]`,
  );

  it.each(
    sentences([
      [called("{ vaults: { pattern: night* } }"), [], "as the Fleet has it"],
      [called("{ vaults: { pattern: '{week,night}ly' } }"), [], "one of several"],
      [
        called("{ vaults: { pattern: 'prod-*', message: begin with the stage } }"),
        [
          "error: nightly is not called as the Fleet has vaults called: prod-* (in 111122223333/eu-central-1 and 1 more)",
        ],
        "another name",
      ],
      [
        called("{ vaults: { pattern: 'nightly?' } }"),
        [
          "error: nightly is not called as the Fleet has vaults called: nightly? (in 111122223333/eu-central-1 and 1 more)",
        ],
        "one more character is one more",
      ],
      [
        called("{ plans: { pattern: 'prod-*' }, rules: { pattern: '*ly' }, selections: { pattern: '{a,b}?' } }", plan),
        ["error: all is not called as the Fleet has selections called: {a,b}? (in 111122223333/eu-west-1)"],
        "each by its own rule",
      ],
      [
        called("{ rules: { pattern: 'daily' } }", plan),
        ["error: Daily is not called as the Fleet has rules called: daily (in 111122223333/eu-west-1)"],
        "case counts",
      ],
      [
        called("{ vaults: { pattern: '${region}-*' } }", plan),
        [
          "error: nightly is not called as the Fleet has vaults called: ${region}-* (in 111122223333/eu-central-1 and 1 more)",
        ],
        "by where it is",
      ],
      [
        called("{ vaults: { pattern: '(a+)+$' } }"),
        [
          'error: naming.vaults.pattern must be a name with * and ? for wildcards, {a,b} for one of several, and ${partition}, ${account} or ${region}; found "(a+)+$"',
        ],
        "no expressions, which some names could keep busy for years",
      ],
      [
        called(`{ vaults: { pattern: '${"{a,b}".repeat(20)}' } }`),
        ["error: naming.vaults.pattern is refused: has more than 64 alternatives"],
        "nor a million patterns in one",
      ],
    ]),
  )("$because", ({ text, expected }) => expect(found(text)).toEqual(expected));

  it("are refused where they were written, with what the Fleet has to say", () => {
    const naming = "{ vaults: { pattern: 'prod-*', message: begin with the stage }, selections: { pattern: 'x*' } }";
    expect(shown(called(naming, plan)).split("\n")).toEqual([
      expect.stringMatching(/^1\.yaml:12:19: error: nightly is not called/),
      "  begin with the stage",
      expect.stringMatching(/^1\.yaml:\d+:24: error: all is not called/),
      "  rename it, or change naming in the Fleet",
    ]);
  });
});

describe("settings of a Region", () => {
  const settings = (fields: string) =>
    FLEET + manifest("RegionSettings", "opt-ins", `targets: { groups: [all] }\n${fields}`);

  it.each(
    sentences([
      ["optIns: { EBS: true, SAP HANA on Amazon EC2: false }", [], "spelled as AWS spells them"],
      [
        "optIns: { Ebs: true }",
        ["warning: optIns.Ebs is not a resource type that AWS Backup had when this was written"],
        "types are AWS's spelling",
      ],
      [
        "fullManagement: { EFS: false }",
        ["error: fullManagement.EFS cannot be false: AWS Backup always keeps backups of that type itself"],
        "AWS refuses it",
      ],
      ["optIns: {}", ["error: optIns is refused: names no resource type"], "nothing is asked"],
      [
        "management: enforce",
        ["error: spec is refused: say optIns, fullManagement or both"],
        "nothing is asked at all",
      ],
      ["optIns: { EBS: 'true' }", ['error: optIns.EBS must be true or false; found "true"'], "no text is a switch"],
    ]),
  )("$because", ({ text, expected }) => expect(found(settings(text))).toEqual(expected));

  it("are a Region's once: of two manifests that meet in a target one is refused", () => {
    const other = manifest("RegionSettings", "more", "targets: { groups: [ireland] }\noptIns: { EFS: true }");
    expect(found(settings("optIns: { EBS: true }") + other)).toEqual([
      "error: region-settings region-settings is declared already by RegionSettings opt-ins at 1.yaml:9:1 (in 111122223333/eu-west-1)",
    ]);
  });
});

describe("what only all manifests together show", () => {
  const plan = (name: string, fields: string) =>
    manifest(
      "BackupPlan",
      "daily",
      `targets: { groups: [all] }\nrules: [{ ruleName: daily, targetBackupVaultName: ${name}, ${fields} }]`,
    );
  const locked = (lock: string) => manifest("BackupVault", "nightly", `targets: { groups: [all] }\nlock: ${lock}`);
  const BOTH = "(in 111122223333/eu-central-1 and 1 more)";

  it.each(
    sentences([
      [
        plan("nightly", "startWindowMinutes: 60"),
        [
          `warning: rules[0].targetBackupVaultName names vault nightly, which no manifest declares there: if it does not exist, jobs fail ${BOTH}`,
        ],
        "AWS does not check it",
      ],
      [
        VAULT +
          plan(
            "nightly",
            "copyActions: [{ destinationBackupVaultArn: 'arn:aws:backup:eu-west-1:999988887777:backup-vault:far' }]",
          ),
        [],
        "of a vault outside the fleet nothing is known",
      ],
      [
        VAULT +
          plan(
            "nightly",
            "copyActions: [{ destinationBackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:near' }]",
          ),
        [
          `warning: rules[0].copyActions[0].destinationBackupVaultArn names vault near, which no manifest declares there: if it does not exist, jobs fail ${BOTH}`,
        ],
        "inside it, something",
      ],
      [
        locked("{ mode: governance, minRetentionDays: 30 }") + plan("nightly", "lifecycle: { deleteAfterDays: 7 }"),
        [
          `error: rules[0].lifecycle.deleteAfterDays keeps 7 days, and the lock of vault nightly (1.yaml:14:3) takes 30 to any number of days: every job would fail ${BOTH}`,
        ],
        "AWS finds out when the job runs",
      ],
      [
        locked("{ mode: governance, maxRetentionDays: 30 }") + plan("nightly", "startWindowMinutes: 60"),
        [
          `error: rules[0].lifecycle.deleteAfterDays keeps for ever, and the lock of vault nightly (1.yaml:14:3) takes 1 to 30 days: every job would fail ${BOTH}`,
        ],
        "for ever breaks any maximum",
      ],
      [
        locked("{ mode: governance, minRetentionDays: 30 }") + plan("nightly", "startWindowMinutes: 60"),
        [],
        "and meets any minimum",
      ],
      [
        locked("{ mode: governance, minRetentionDays: 30 }") +
          manifest(
            "RecoveryPointPolicy",
            "weeks",
            'targets: { groups: [ireland] }\nmatch: { vaults: ["night*"] }\nretention: { atLeastDays: 35 }',
          ),
        [
          "warning: it matches vault nightly, which is declared locked (1.yaml:14:3): nothing there can be kept longer, shortened or deleted, only reported (in 111122223333/eu-west-1)",
        ],
        "a lock refuses every change of a stored lifecycle",
      ],
      [
        locked("none") +
          manifest(
            "RecoveryPointPolicy",
            "weeks",
            "targets: { groups: [ireland] }\nmatch: {}\nretention: { atLeastDays: 35 }",
          ),
        [],
        "a lock that should be absent is none",
      ],
      [
        locked("{ mode: governance, minRetentionDays: 30 }") +
          manifest(
            "RecoveryPointPolicy",
            "left-over",
            "targets: { groups: [ireland] }\nmatch: {}\norphans: { when: [expired], action: delete }",
          ),
        [
          "warning: it matches vault nightly, which is declared locked (1.yaml:14:3): nothing there can be kept longer, shortened or deleted, only reported (in 111122223333/eu-west-1)",
        ],
        "and every deletion (rule 11)",
      ],
      [
        locked("{ mode: governance, minRetentionDays: 30 }") +
          manifest(
            "RecoveryPointPolicy",
            "left-over",
            "targets: { groups: [ireland] }\nmatch: {}\norphans: { when: [expired] }\ntags: { owner: us }",
          ),
        [],
        "and no tags",
      ],
      [
        manifest(
          "RecoveryPointPolicy",
          "twice",
          "targets: { groups: [ireland] }\nmatch: { vaults: [nightly] }\ncopies: [{ to: { account: 999988887777, region: eu-west-1, vault: far } }, { to: { account: 111122223333, region: us-east-1, vault: far } }]",
        ),
        [
          "warning: copies[0].to is in 999988887777/eu-west-1, which is not in the fleet: the copies there cannot be seen, so none is told missing and none is made (in 111122223333/eu-west-1)",
          "warning: copies[1].to is in 111122223333/us-east-1, which is not in the fleet: the copies there cannot be seen, so none is told missing and none is made (in 111122223333/eu-west-1)",
        ],
        "a copy is looked for before it is made",
      ],
    ]),
  )("$because", ({ text, expected }) => expect(found(FLEET + text)).toEqual(expected));

  it("does not take an account for a stranger before the fleet is known", () => {
    const copying = `${FLEET.replace("ids: [111122223333]", "names: [prod-*]")}${manifest("RecoveryPointPolicy", "twice", "targets: { groups: [all] }\nmatch: { vaults: [nightly] }\ncopies: [{ to: { account: 999988887777, region: eu-west-1, vault: far } }]")}`;
    expect(found(copying)).toEqual([]);
  });

  it("looks at both ends of a copy between accounts", () => {
    const two = FLEET.replace("[111122223333]", "[111122223333, 777788889999]").replace(
      "ireland: {",
      "backup: { accounts: { ids: [777788889999] } }, ours: { accounts: { ids: [111122223333] } }, ireland: {",
    );
    const copying = (accessPolicy: string) =>
      two +
      VAULT +
      manifest("BackupVault", "central", `targets: { groups: [backup] }\n${accessPolicy}`) +
      plan(
        "nightly",
        "copyActions: [{ destinationBackupVaultArn: 'arn:aws:backup:eu-west-1:777788889999:backup-vault:central' }]",
      ).replace("[all]", "[ours]");
    const allowing = (account: string) =>
      `accessPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::${account}:root" }, Action: [backup:CopyIntoBackupVault] }] }`;
    const shut = [
      `warning: rules[0].copyActions[0].destinationBackupVaultArn copies to another account, and the access policy of vault central there does not let this one in: copies fail ${BOTH}`,
    ];
    expect(found(copying(allowing("111122223333")))).toEqual([]);
    expect(found(copying(allowing("444455556666")))).toEqual(shut);
    expect(found(copying("accessPolicy: none"))).toEqual(shut);
    expect(found(copying("vaultType: standard"))).toEqual([]);
  });

  it("is not concluded from manifests that could not be placed", async () => {
    const somewhere = `${FLEET.replace("ids: [111122223333]", "names: [prod-*]")}${VAULT}${plan("nightly", "startWindowMinutes: 60")}`;
    expect(found(somewhere)).toEqual([]);
    expect(await refusal(FLEET + plan("nightly", "startWindowMinutes: 1"))).not.toContain("no manifest declares");
  });
});
