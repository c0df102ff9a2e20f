import { gzipSync } from "node:zlib";
import { encodeEnvelope, pae, STATEMENT_TYPE } from "../../controller/attest/sealing/envelope.ts";
import { soleKey } from "../../controller/attest/sealing/keys.ts";
import { canonical, digestOf } from "../../controller/domain/digest.ts";
import { readExportFile, type ExportFile, type ExportReport } from "../../controller/exports/export-report.ts";
import { testSigner } from "../attest/fixture.ts";

/** Reports written by hand in the form of version 1 and really signed: exports are held to what a report says, not to how one is made. */

export const CHAIN = "11111111-2222-4333-8444-555555555555";
export const COMMIT = "a".repeat(40);
export const signer = testSigner();
export const keys = soleKey(CHAIN, signer);

export const key = (kind: string, name: string, account = "111122223333") => ({
  target: { account, region: "eu-west-1" },
  kind,
  name,
});

type Json = Readonly<Record<string, unknown>>;

const hour = (sequence: number): string => `2027-01-01T${String(sequence).padStart(2, "0")}:00:00.000Z`;

export const predicate = (sequence: number, change: Json = {}): Json => ({
  schema: "1.0",
  chain: {
    id: CHAIN,
    sequence,
    previous:
      sequence === 1 ? null : { sequence: sequence - 1, payloadSha256: "b".repeat(64), envelopeSha256: "c".repeat(64) },
    log: { size: sequence - 1, rootHash: "d".repeat(64) },
    window: { from: hour(sequence - 1), to: hour(sequence) },
    nextDueBefore: hour(sequence + 2),
  },
  reporter: { id: "holdfast/test", version: "0.0.0" },
  source: { uri: "git+https://example.org/platform/backups.git", commit: COMMIT },
  scope: { fleet: "acme", partial: false },
  run: {
    id: `run-${sequence}`,
    trigger: "schedule",
    mode: "apply",
    startedOn: hour(sequence - 1),
    finishedOn: hour(sequence),
  },
  result: "CONVERGED",
  summary: {},
  resources: [],
  held: [],
  changes: [],
  actions: [],
  attachments: [],
  limitations: [],
  ...change,
});

export async function envelopeOf(
  body: Json,
  predicateType = "https://holdfast.dev/reconciliation-report/v1",
): Promise<Uint8Array> {
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    predicateType,
    subject: [{ name: "vaults.yaml", digest: { gitBlob: "e".repeat(40), sha256: "f".repeat(64) } }],
    predicate: body,
  };
  const payload = new TextEncoder().encode(canonical(statement));
  const sig = await signer.sign(pae(STATEMENT_TYPE, payload));
  return encodeEnvelope({ payloadType: STATEMENT_TYPE, payload, signatures: [{ keyid: signer.keyid, sig }] });
}

/** Attachments by digest, and how a report names one. */
export class Attachments {
  readonly #bytes = new Map<string, Uint8Array>();

  add(name: string, rows: readonly Json[]): Json {
    const bytes = gzipSync(rows.map((row) => `${canonical(row)}\n`).join(""));
    const sha256 = digestOf(bytes);
    this.#bytes.set(sha256, bytes);
    return { name, mediaType: "application/x-ndjson+gzip", size: bytes.length, digest: { sha256 } };
  }

  readonly read = (sha256: string): Promise<Uint8Array | undefined> => Promise.resolve(this.#bytes.get(sha256));
}

export async function fileOf(
  sequence: number,
  change: Json = {},
  attachments = new Attachments(),
): Promise<ExportFile> {
  return readExportFile(sequence, await envelopeOf(predicate(sequence, change)), attachments.read);
}

export async function reportOf(
  sequence: number,
  change: Json = {},
  attachments = new Attachments(),
): Promise<ExportReport> {
  const file = await fileOf(sequence, change, attachments);
  if ("unreadable" in file) throw new Error(file.unreadable);
  return file;
}

const FINDING_POINT = "arn:aws:ec2:eu-west-1::snapshot/snap-0001";

/** A report in which something is to be said in every section. */
export const eventful: Json = {
  result: "HELD",
  summary: { resources: 3, held: 2, actions: 1, inSync: 40 },
  resources: [
    {
      key: key("plan", "daily"),
      drift: "different",
      differences: [
        { path: "rules[daily].lifecycle.deleteAfterDays", live: 365, desired: 90, effect: "weakens", hazards: [] },
      ],
      outcome: "held",
      manifest: { path: "plans.yaml", line: 3, column: 1 },
    },
    {
      key: key("vault", "nightly"),
      drift: "unknown",
      differences: [],
      failure: { kind: "denied", operation: "backup:ListBackupVaults", message: "not authorized" },
    },
    {
      key: key("recovery-point", "clean-up"),
      id: FINDING_POINT,
      drift: "finding",
      differences: [],
      change: "change000002",
      because: "expired in 2025",
      finding: {
        cause: "expired",
        policy: "clean-up",
        partition: "legacy",
        bytes: 8,
        resource: "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",
      },
    },
  ],
  held: [
    {
      key: key("plan", "daily"),
      change: "change000001",
      action: "update",
      effect: "weakens",
      reason: "needs-approval",
      also: [],
      because: "the change weakens protection",
      release: "holdfast approve change000001",
    },
    {
      key: key("recovery-point", "clean-up"),
      subject: FINDING_POINT,
      change: "change000002",
      action: "amend",
      effect: "destroys",
      reason: "announced",
      also: ["needs-approval"],
      because: "announced on 2027-01-01",
      release: "wait",
    },
  ],
  changes: [
    {
      key: key("vault-lock", "central"),
      change: "change000003",
      action: "create",
      effect: "strengthens",
      result: "applied",
      fields: [],
    },
  ],
  actions: [
    {
      id: "action-1",
      key: key("vault-lock", "central"),
      change: "change000003",
      action: "create",
      role: "apply",
      operation: "backup:PutBackupVaultLockConfiguration",
      calledOn: hour(1),
      requestId: "r-1",
      outcome: "accepted",
      beforeSha256: null,
      afterSha256: "1".repeat(64),
    },
  ],
  coverage: {
    complete: true,
    population: 12,
    protected: 11,
    unprotected: [
      { arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", type: "DynamoDB", reason: "no-recovery-point" },
    ],
    byPlan: { daily: 11 },
  },
  jobs: {
    complete: true,
    window: { from: hour(0), to: hour(1) },
    byState: { COMPLETED: 10, FAILED: 1 },
    copyByState: {},
    failed: [
      {
        jobId: "j-1",
        kind: "backup",
        arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        state: "FAILED",
        message: 'access, "denied"\nby key',
        on: hour(1),
      },
    ],
    oldestRecoveryPointOn: null,
    rpoBreaches: [],
  },
  restoreTests: [
    {
      jobId: "r-1",
      recoveryPointArn: FINDING_POINT,
      resource: null,
      resourceType: "EBS",
      startedOn: hour(0),
      finishedOn: hour(1),
      status: "COMPLETED",
      validationStatus: "SUCCESSFUL",
      message: null,
      rtoSeconds: 3600,
      plan: null,
    },
  ],
  vaults: [
    {
      arn: "arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly",
      type: "BACKUP_VAULT",
      locked: true,
      lockDate: hour(1),
      minDays: 7,
      maxDays: null,
      kmsKeyArn: null,
      policySha256: null,
      recoveryPointCount: 4,
    },
  ],
  exceptions: [
    {
      id: "waiver-1",
      arn: null,
      reason: "a test account",
      approvedIn: COMMIT,
      owner: "platform",
      expiresOn: "2027-06-01",
    },
  ],
  restoreTimes: [
    {
      target: { account: "111122223333", region: "eu-west-1" },
      plan: "monthly",
      type: "EBS",
      restores: 4,
      lastOn: hour(1),
      lastSeconds: 3600,
      medianSeconds: 1800,
      rtoSeconds: null,
      direction: "slower",
    },
  ],
  misnamed: [
    {
      key: key("vault", "legacy"),
      id: "arn:aws:backup:eu-west-1:111122223333:backup-vault:legacy",
      of: "vaults",
      name: "legacy",
      pattern: "prod-*",
      because: "legacy is not called as the Fleet has vaults called: prod-*; begin with the stage",
    },
  ],
};
