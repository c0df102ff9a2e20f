import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { readEvent } from "../../controller/events/read-event.ts";
import { showTarget } from "../../controller/domain/identity.ts";
import samples from "../simulator/events/samples.json" with { type: "json" };

const SHOP = "444455556666";
const VAULTS = "222233334444";
const ours = (text: string): string => text.replaceAll("1112233445566", SHOP);

/** An event of the shop in Ireland, as EventBridge wraps it. */
const event = (detailType: string, detail: unknown, change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    version: "0",
    id: "dafac799",
    "detail-type": detailType,
    source: "aws.backup",
    account: SHOP,
    time: "2026-03-01T05:09:17Z",
    region: "eu-west-1",
    resources: [],
    detail,
    ...change,
  });

/** Where an event sends us, or what else it comes to. */
function told(text: string): string {
  const reading = readEvent(text);
  if (reading.says === "refused") return `refused: ${reading.reason}`;
  if (reading.says === "nothing") return `nothing: ${reading.because}`;
  return reading.event.targets.map(showTarget).join(" ");
}
const idOf = (text: string): string => {
  const reading = readEvent(text);
  return reading.says === "refused" ? "" : reading.event.id;
};

const HERE = `${SHOP}/eu-west-1`;
const vault = (account: string, region: string) => `arn:aws:backup:${region}:${account}:backup-vault:central`;

describe("the events that AWS documents", () => {
  it.each(Object.entries(samples))("refuse an account of thirteen digits: %s", (_name, sample) => {
    expect(told(JSON.stringify(sample))).toBe("refused: no-account");
  });

  it("point to where they come from, unless what they tell of has only begun", () => {
    const all = Object.entries(samples).map(([name, sample]) => [name, told(ours(JSON.stringify(sample)))]);
    expect(Object.fromEntries(all)).toMatchInlineSnapshot(`
      {
        "backup-job-COMPLETED": "444455556666/us-west-2",
        "backup-job-CREATED": "nothing: it is CREATED: what comes of it, another event says",
        "backup-job-EXPIRED": "444455556666/us-west-2",
        "backup-job-FAILED": "444455556666/us-west-2",
        "backup-job-PENDING": "nothing: it is PENDING: what comes of it, another event says",
        "backup-job-RUNNING": "nothing: it is RUNNING: what comes of it, another event says",
        "backup-plan-CREATED": "444455556666/us-west-2",
        "backup-plan-DELETED": "444455556666/us-west-2",
        "backup-plan-MODIFIED": "444455556666/us-west-2",
        "backup-vault-CREATED": "444455556666/us-west-2",
        "backup-vault-DELETED": "444455556666/us-west-2",
        "copy-job-COMPLETED": "444455556666/us-west-2",
        "copy-job-FAILED": "444455556666/us-west-2",
        "copy-job-RUNNING": "nothing: it is RUNNING: what comes of it, another event says",
        "region-setting-MODIFIED": "444455556666/us-west-2",
        "restore-job-COMPLETED": "444455556666/us-west-2",
        "restore-job-CREATED": "nothing: it is CREATED: what comes of it, another event says",
        "restore-job-PENDING": "nothing: it is PENDING: what comes of it, another event says",
        "restore-job-RUNNING": "nothing: it is RUNNING: what comes of it, another event says",
      }
    `);
  });
});

describe("where an event sends us", () => {
  const copy = { sourceBackupVaultArn: vault(SHOP, "eu-west-1"), destinationRecoveryPointArn: {}, state: "FAILED" };

  it.each<readonly [because: string, text: string, targets: string]>([
    [
      "a copy: to both ends of it",
      event("Copy Job State Change", { ...copy, destinationBackupVaultArn: vault(VAULTS, "eu-central-1") }),
      `${VAULTS}/eu-central-1 ${HERE}`,
    ],
    [
      "a vault of another account than the event's",
      event("Recovery Point State Change", { backupVaultArn: vault(VAULTS, "eu-west-1"), status: "COMPLETED" }),
      `${VAULTS}/eu-west-1 ${HERE}`,
    ],
    [
      "an index, whose vault has an ARN of no account's",
      event("Recovery Point Index State Change", {
        backupVaultArn: "arn:aws:cryo:eu-west-1:1:vault:x",
        indexStatus: "FAILED",
      }),
      HERE,
    ],
    [
      "the older spelling of recovery points' events",
      event("Recovery Point Change", { backupVaultName: "main", state: "EXPIRED" }),
      HERE,
    ],
    [
      "a completed job with a quoted message, numbers as texts and a date in words",
      event("Backup Job State Change", {
        backupJobId: "a827",
        state: "COMPLETED",
        statusMessage: '"No objects were backed up."',
        bytesTransferred: "0",
        percentDone: "100",
        expectedCompletionDate: "Jul 15, 2020 9:39:07 PM",
      }),
      HERE,
    ],
    ["a truth value as a text", event("Backup Vault State Change", { state: "MODIFIED", isLocked: "true" }), HERE],
    ["a detail type that is not known yet", event("Backup Search Job State Change", { x: 1 }), HERE],
    ["a detail that is a list", event("Backup Plan State Change", []), HERE],
    ["no detail", event("Backup Plan State Change", undefined), HERE],
    ["resources that are none", event("Backup Plan State Change", { state: "DELETED" }, { resources: {} }), HERE],
    ["no id and no time", event("Region Setting State Change", {}, { id: null, time: "soon" }), HERE],
    [
      "a selection that was made, which has no event of its own",
      event("AWS API Call via CloudTrail", { eventName: "CreateBackupSelection", readOnly: false, errorCode: null }),
      HERE,
    ],
    [
      "a job that has ended, by CloudTrail",
      event("AWS Service Event via CloudTrail", {
        eventName: "BackupJobCompleted",
        eventType: "AwsServiceEvent",
        readOnly: false,
        serviceEventDetails: { state: "COMPLETED", backupVaultArn: vault(VAULTS, "eu-west-1") },
      }),
      `${VAULTS}/eu-west-1 ${HERE}`,
    ],
    ["a detail that is text", event("Backup Job State Change", '{"state":"RUNNING"}'), HERE],
    ["keys in another case", event("Backup Job State Change", { State: "RUNNING", BackupVaultName: "main" }), HERE],
    ["another partition", event("Backup Job State Change", {}, { region: "cn-north-1" }), `${SHOP}/cn-north-1`],
    [
      "Europe's own cloud",
      event("Backup Job State Change", {}, { region: "eusc-de-east-1" }),
      `${SHOP}/eusc-de-east-1`,
    ],
    [
      "a vault of another partition, and one that a sentence names",
      event("Copy Job State Change", {
        destinationBackupVaultArn: `arn:aws-us-gov:backup:us-gov-west-1:${VAULTS}:backup-vault:central`,
        statusMessage: `"${vault(VAULTS, "eu-west-1")} does not exist."`,
      }),
      `${VAULTS}/us-gov-west-1 ${HERE}`,
    ],
    [
      "a plan's new copy action, by CloudTrail",
      event("AWS API Call via CloudTrail", {
        eventName: "UpdateBackupPlan",
        requestParameters: {
          backupPlan: { rules: [{ copyActions: [{ destinationBackupVaultArn: vault(VAULTS, "eu-west-1") }] }] },
        },
      }),
      `${VAULTS}/eu-west-1 ${HERE}`,
    ],
  ])("%s", (_because, text, targets) => {
    expect(told(text)).toBe(targets);
  });
});

describe("an event that is no reason to look", () => {
  it.each<readonly [because: string, text: string, what: string]>([
    [
      "a restore job's creation, which alone of its events says `state`",
      event("Restore Job State Change", { state: "CREATED" }),
      "nothing: it is CREATED: what comes of it, another event says",
    ],
    [
      "a copy job's creation, which has no id",
      event("Copy Job State Change", { state: "CREATED" }, { resources: ["arn:aws:ec2:eu-west-1::snapshot/snap-1"] }),
      "nothing: it is CREATED: what comes of it, another event says",
    ],
    [
      "a call that reads",
      event("AWS API Call via CloudTrail", { eventName: "ListBackupPlans", readOnly: true }),
      "nothing: a call that only reads",
    ],
    [
      "a call that was refused",
      event("AWS API Call via CloudTrail", { eventName: "DeleteBackupVault", errorCode: "AccessDenied" }),
      "nothing: a call that AWS refused (AccessDenied)",
    ],
    [
      "a job that has begun, by CloudTrail",
      event("AWS Service Event via CloudTrail", { eventName: "BackupJobStarted", eventType: "AwsServiceEvent" }),
      "nothing: it is BackupJobStarted: what comes of it, another event says",
    ],
    ["no JSON", "{", "refused: not-json"],
    ["an event that SNS wrapped", JSON.stringify({ Type: "Notification", Message: "{}" }), "refused: not-an-event"],
    ["several events in one", `[${event("Backup Plan State Change", {})}]`, "refused: not-an-event"],
    ["nothing", "", "refused: not-json"],
    ["JSON that is no event", "[1]", "refused: not-an-event"],
    ["an event of another source", event("x", {}, { source: "aws.ec2" }), "refused: not-from-backup"],
    ["no account", event("Backup Plan State Change", {}, { account: {} }), "refused: no-account"],
    ["an account that is a number", event("Backup Plan State Change", {}, { account: 12 }), "refused: no-account"],
    ["no Region", event("Backup Plan State Change", {}, { region: "global" }), "refused: no-region"],
  ])("%s", (_because, text, what) => {
    expect(told(text)).toBe(what);
  });
});

describe("an event's id", () => {
  const job = (state: string, change = {}) => event("Backup Job State Change", { backupJobId: "a", state }, change);

  it("is the same for every delivery of it, and another for another state", () => {
    expect(idOf(job("FAILED"))).toBe(idOf(job("FAILED", { id: "other", time: "2026-03-01T06:00:00Z" })));
    expect(idOf(job("FAILED"))).not.toBe(idOf(job("COMPLETED")));
  });

  it("falls back on what is there where the thing has no id of its own", () => {
    expect(idOf(event("Copy Job State Change", { state: "CREATED" }, { resources: ["arn:point"] }))).toBe(
      "Copy Job State Change arn:point CREATED",
    );
    expect(idOf(event("Backup Vault State Change", { backupVaultName: "main" }))).toBe(
      "Backup Vault State Change main -",
    );
  });
});

it("reads whatever JSON there is, and throws at none of it", () => {
  const wrapped = fc
    .record(
      {
        source: fc.constantFrom("aws.backup", "aws.ec2"),
        "detail-type": fc.constantFrom("Backup Job State Change", "AWS API Call via CloudTrail", "?"),
        account: fc.constantFrom(SHOP, "1", 7),
        region: fc.constantFrom("eu-west-1", "?"),
        time: fc.jsonValue(),
        resources: fc.jsonValue(),
        detail: fc.oneof(
          fc.jsonValue(),
          fc.dictionary(fc.constantFrom("state", "status", "backupJobId"), fc.jsonValue()),
        ),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(fc.oneof(wrapped, fc.json(), fc.string()), (text) => {
      const reading = readEvent(text);
      const places = reading.says === "refused" ? [HERE] : reading.event.targets.map(showTarget);
      expect(places).toContain(HERE);
    }),
  );
});
