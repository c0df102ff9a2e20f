import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import canonicalize from "canonicalize";
import type { PageData } from "../../controller/views/page/data.ts";

/**
 * A chain of form v1 made without the controller, rich in everything that a page can show: what the page reads is the format, and not
 * whatever the controller happens to write this week.
 */
export interface Sample {
  /** Daily reports. The last is full; the others say little. */
  readonly reports?: number;
  /** Rows in the long lists of the last report. */
  readonly rows?: number;
  /** The second signature, and a policy that asks for both. */
  readonly mlDsa?: boolean;
  /** A text that stands wherever a name may stand. */
  readonly name?: string;
  /** The first report's sequence on the page; those before are left out. */
  readonly from?: number;
  /** Leave the attachments out. */
  readonly bare?: boolean;
}

const CHAIN = "5b0f6a4e-8d5c-4b1a-9f0e-2c3d4e5f6a7b";
const ACCOUNTS = ["111122223333", "444455556666", "777788889999"];
const REGIONS = ["eu-central-1", "eu-west-1", "us-east-1"];
const DAY = 86_400_000;
const BEGIN = Date.parse("2026-05-01T02:00:00.000Z");

const hex = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");
const at = (ms: number): string => new Date(ms).toISOString();
const day = (index: number): number => BEGIN + index * DAY;

interface Signer {
  readonly keyid: string;
  readonly algorithm: string;
  readonly spki: Buffer;
  readonly sign: (bytes: Uint8Array) => Buffer;
}

function signer(algorithm: string, { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): Signer {
  const spki = publicKey.export({ type: "spki", format: "der" });
  const hash = algorithm === "ECDSA_SHA_256" ? "sha256" : null;
  return { keyid: hex(spki), algorithm, spki, sign: (bytes) => sign(hash, bytes, privateKey) };
}

const ecdsa = signer("ECDSA_SHA_256", generateKeyPairSync("ec", { namedCurve: "P-256" }));
const mlDsa = signer("ML_DSA_SHAKE_256", generateKeyPairSync("ml-dsa-65"));

export function sampleChain(options: Sample = {}): PageData {
  const { reports: count = 31, from = 1, bare = false } = options;
  const signers = options.mlDsa ? [ecdsa, mlDsa] : [ecdsa];
  const repository = repositoryOf();
  const attachments = new Map<string, Buffer>();
  const attach = (name: string, bytes: Buffer) => {
    attachments.set(hex(bytes), bytes);
    return { name, mediaType: "application/x-ndjson", size: bytes.length, digest: { sha256: hex(bytes) } };
  };
  const reports: Record<string, string> = {};
  const log = new Log();
  let previous: { sequence: number; payloadSha256: string; envelopeSha256: string } | null = null;
  for (let sequence = 1; sequence <= count; sequence++) {
    const rows = sequence === count ? fullRows(options, sequence, attach) : quietRows(sequence, attach);
    const payload = statementOf({ sequence, previous, log, signers, repository, rows });
    const envelope = envelopeOf(payload, signers);
    previous = { sequence, payloadSha256: hex(payload), envelopeSha256: hex(envelope) };
    log.append(createHash("sha256").update(payload).digest());
    if (sequence >= from) reports[`${String(sequence).padStart(10, "0")}.dsse.json`] = envelope;
  }
  return {
    format: 1,
    focus: null,
    keys: keysOf(signers),
    reports,
    attachments: bare ? [] : [...attachments.values()].map((bytes) => bytes.toString("base64")),
    packs: { [repository.commit]: repository.pack.toString("base64") },
  };
}

const keysOf = (signers: readonly Signer[]): string =>
  `${JSON.stringify(
    {
      version: 1,
      chainId: CHAIN,
      keys: signers.map(({ keyid, algorithm, spki }) => ({
        keyid,
        algorithm,
        spki: spki.toString("base64"),
        protection: "local-file",
        origin: "local",
        validFromSequence: 1,
        status: "active",
      })),
      policy: [{ fromSequence: 1, threshold: signers.length, keyids: signers.map(({ keyid }) => keyid) }],
    },
    null,
    2,
  )}\n`;

interface Statement {
  readonly sequence: number;
  readonly previous: object | null;
  readonly log: Log;
  readonly signers: readonly Signer[];
  readonly repository: ReturnType<typeof repositoryOf>;
  readonly rows: Readonly<Record<string, unknown>>;
}

const TYPE = "application/vnd.in-toto+json";

function statementOf({ sequence, previous, log, signers, repository, rows }: Statement): string {
  const startedOn = day(sequence) + (sequence === 12 ? 5 * 3_600_000 : 0);
  const finishedOn = startedOn + 42_000;
  const before = day(sequence - 1) + (sequence === 13 ? 5 * 3_600_000 : 0) + 42_000;
  return canonical({
    _type: "https://in-toto.io/Statement/v1",
    predicateType: "https://holdfast.dev/reconciliation-report/v1",
    subject: [
      {
        uri: "git+https://git.example.com/acme/backup.git",
        digest: { gitCommit: repository.commit },
        annotations: { sourceRefs: ["refs/heads/main"] },
      },
      ...repository.manifests.map(({ path, content, id }) => ({
        name: path,
        digest: { sha256: hex(content), gitBlob: id },
      })),
    ],
    predicate: {
      schema: "1.0",
      chain: {
        id: CHAIN,
        sequence,
        previous,
        log: { size: sequence - 1, rootHash: log.root().toString("hex") },
        window: { from: at(sequence === 1 ? startedOn : before), to: at(finishedOn) },
        nextDueBefore: at(finishedOn + 26 * 3_600_000),
        ...(sequence === 1 ? { genesis: { reason: "first report" } } : {}),
      },
      reporter: {
        id: "holdfast/lambda",
        version: "0.1.0",
        imageDigest: null,
        configSha256: hex("config"),
        principalArn: "arn:aws:sts::111122223333:assumed-role/holdfast/run",
        accountId: "111122223333",
        region: "eu-west-1",
      },
      signing: {
        required: signers.map(({ keyid }) => keyid),
        keys: signers.map(({ keyid, algorithm }) => ({ keyid, algorithm, origin: "local", protection: "local-file" })),
      },
      source: {
        uri: "git+https://git.example.com/acme/backup.git",
        ref: "refs/heads/main",
        commit: repository.commit,
        tree: repository.tree,
        digest: hex("manifests"),
        dirty: false,
        sequence: 7,
        committedOn: at(COMMITTED * 1000),
        fastForward: true,
        previousCommit: repository.commit,
        manifestRoot: "",
        commitSignature: { format: "none", status: "none", signer: null },
        pack: { sha256: hex(repository.pack), size: repository.pack.length },
      },
      scope: {
        fleet: "production",
        accounts: ACCOUNTS,
        regions: REGIONS,
        resourceTypes: ["DynamoDB", "EBS", "RDS"],
        partial: false,
        exclusions: [
          { selector: "account 999900001111", reason: "Organizations says it is SUSPENDED", manifest: null },
        ],
      },
      run: {
        id: `20260${sequence}`,
        trigger: "schedule",
        mode: "apply",
        startedOn: at(startedOn),
        finishedOn: at(finishedOn),
        attempts: 1,
        clock: { source: "store", maxErrorMs: 1200 },
      },
      carried: {
        corrections: [],
        adopted: [],
        announcements: [],
        frontier: log.frontier().map((hash) => hash.toString("hex")),
      },
      limitations: [
        "A signature proves who said this and that it was not altered since, not that it is true: match request ids with CloudTrail.",
      ],
      ...rows,
    },
  });
}

function envelopeOf(payload: string, signers: readonly Signer[]): string {
  const body = Buffer.from(payload);
  const pae = Buffer.concat([Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${body.length} `), body]);
  return canonical({
    payloadType: TYPE,
    payload: body.toString("base64"),
    signatures: signers.map(({ keyid, sign }) => ({ keyid, sig: sign(pae).toString("base64") })),
  });
}

const canonical = (value: unknown): string => canonicalize(value) ?? "";

type Attach = (name: string, bytes: Buffer) => object;
const ndjson = (rows: readonly unknown[]): Buffer => gzipSync(rows.map((row) => `${canonical(row)}\n`).join(""));

const RESULTS = [
  "CONVERGED",
  "CONVERGED",
  "CORRECTED",
  "CONVERGED",
  "HELD",
  "CONVERGED",
  "DRIFTED",
  "CONVERGED",
  "CONVERGED",
  "INCOMPLETE",
  "FAILED",
];

function quietRows(sequence: number, attach: Attach): Readonly<Record<string, unknown>> {
  const result = RESULTS[sequence % RESULTS.length] ?? "CONVERGED";
  const observations = [observation(0, sequence)];
  return {
    result,
    targets: ACCOUNTS.flatMap((account) => REGIONS.map((region) => ({ target: { account, region }, result }))),
    resources: [],
    held: [],
    changes: [],
    actions: [],
    recovered: [],
    listings: [],
    attachments: [attach("observations.ndjson.gz", ndjson(observations))],
    summary: {
      resources: 0,
      held: 0,
      changes: 0,
      actions: 0,
      recovered: 0,
      listings: 0,
      inSync: 40,
      unknown: 0,
      observations: observations.length,
    },
  };
}

const observation = (index: number, sequence: number) => ({
  api: "backup:ListBackupVaults",
  region: REGIONS[index % 3] ?? "",
  accountId: ACCOUNTS[index % 3] ?? "",
  parameters: { ByVaultType: "BACKUP_VAULT" },
  pages: 1,
  items: 3,
  requestIds: [`6f1c2a44-9d3e-4a55-b1f0-${String(index).padStart(12, "0")}`],
  from: at(day(sequence)),
  to: at(day(sequence) + 800),
  complete: true,
});

const target = (index: number) => ({
  account: ACCOUNTS[index % 3] ?? "",
  region: REGIONS[Math.floor(index / 3) % 3] ?? "",
});

/** One of everything, and `rows` of what is long. */
function fullRows(
  { rows = 24, name = "nightly" }: Sample,
  sequence: number,
  attach: Attach,
): Readonly<Record<string, unknown>> {
  const many = Array.from({ length: rows }, (_, index) => index);
  const now = day(sequence);
  const manifest = { path: "plans.yaml", line: 12, column: 3 };
  const changes = many.map((index) => ({
    change: `chg${String(index).padStart(9, "0")}`,
    key: {
      kind: ["plan", "vault", "selection"][index % 3],
      name: index === 0 ? name : `${name}-${index}`,
      target: target(index),
    },
    action: "update",
    effect: "strengthens",
    result: index % 11 === 10 ? "failed" : "applied",
    ...(index % 11 === 10 ? { because: "backup:UpdateBackupPlan: Rate exceeded" } : {}),
    differences: [
      { path: "rules[daily].lifecycle.deleteAfterDays", live: 7, desired: 35, effect: "strengthens", hazards: [] },
    ],
    manifest,
  }));
  const actions = changes.map(({ change, key, action }, index) => ({
    id: `${change}.1`,
    change,
    key,
    action,
    role: "apply",
    operation: "backup:UpdateBackupPlan",
    calledOn: at(now + 1000 + index),
    requestId: `0fd88913-38b1-40b3-a86b-${String(index).padStart(12, "0")}`,
    beforeSha256: hex("a"),
    afterSha256: hex("b"),
    outcome: index % 11 === 10 ? "refused" : "accepted",
  }));
  const held = [
    {
      change: "4bwjujurceuh",
      key: { kind: "plan", name, target: target(1) },
      action: "update",
      effect: "weakens",
      reason: "needs-approval",
      also: [],
      because: "it weakens protection: rules[daily].lifecycle.deleteAfterDays 35 → 7",
      release: "an approval naming change 4bwjujurceuh",
      manifest,
    },
    {
      change: "k2wjujurceu2",
      key: { kind: "recovery-point", name: "arn:aws:ec2:eu-west-1::snapshot/snap-0a77", target: target(4) },
      subject: "arn:aws:ec2:eu-west-1::snapshot/snap-0a77",
      action: "amend",
      effect: "destroys",
      reason: "in-grace",
      also: ["last-point"],
      because: "it was announced 3 days ago, and its grace is 14 days",
      release: "the end of its grace on 2026-06-12",
      manifest,
    },
  ];
  const resources = [
    {
      key: { kind: "plan", name, target: target(1) },
      outcome: "held",
      drift: "different",
      checkedOn: at(now),
      requestIds: [],
      differences: [
        { path: "rules[daily].lifecycle.deleteAfterDays", live: 35, desired: 7, effect: "weakens", hazards: [] },
      ],
      manifest,
    },
    {
      key: { kind: "vault", name: "legacy", target: target(5) },
      outcome: "unknown",
      drift: "unknown",
      checkedOn: at(now),
      requestIds: [],
      differences: [],
      failure: {
        kind: "denied",
        operation: "backup:DescribeBackupVault",
        message: "not authorized to perform backup:DescribeBackupVault",
      },
    },
  ];
  const vaults = [
    {
      arn: "arn:aws:backup:eu-west-1:777788889999:backup-vault:central",
      type: "BACKUP_VAULT",
      locked: true,
      lockDate: "2026-07-01T00:00:00.000Z",
      minDays: 35,
      maxDays: 2555,
      kmsKeyArn: "arn:aws:kms:eu-west-1:777788889999:key/0fe79b28-19bd-4195-90e4-245cddcbdabb",
      policySha256: hex("policy"),
      recoveryPointCount: 1204,
    },
    {
      arn: `arn:aws:backup:eu-central-1:111122223333:backup-vault:${name}`,
      type: "BACKUP_VAULT",
      locked: false,
      lockDate: null,
      minDays: null,
      maxDays: null,
      kmsKeyArn: null,
      policySha256: null,
      recoveryPointCount: 31,
    },
  ];
  const restoreTests = Array.from({ length: 8 }, (_, index) => ({
    jobId: `restore-${index}`,
    recoveryPointArn: `arn:aws:backup:eu-west-1:111122223333:recovery-point:99e1417b-e1cf-47ed-b703-c25ca68cba4${index}`,
    resource: `arn:aws:dynamodb:eu-west-1:111122223333:table/orders-${index}`,
    resourceType: ["DynamoDB", "EBS", "RDS"][index % 3],
    startedOn: at(now - 9 * 3_600_000),
    finishedOn: at(now - 9 * 3_600_000 + (index + 1) * 700_000),
    status: index === 5 ? "FAILED" : "COMPLETED",
    validationStatus: index === 5 ? null : "SUCCESSFUL",
    message: index === 5 ? "the subnet has no free address" : null,
    rtoSeconds: (index + 1) * 700,
    plan: "arn:aws:backup:eu-west-1:111122223333:restore-testing-plan:weekly",
  }));
  const inventory = Array.from({ length: Math.max(40, rows) }, (_, index) => ({
    arn: `arn:aws:backup:eu-west-1:111122223333:recovery-point:${String(index).padStart(8, "0")}-e1cf-47ed-b703-c25ca68cba42`,
    resourceArn: `arn:aws:dynamodb:eu-west-1:111122223333:table/${index === 0 ? name : `orders-${index % 17}`}`,
    resourceType: "DynamoDB",
    status: "COMPLETED",
    form: "snapshot",
    createdOn: at(now - 5_000_000 * (1 + (index % 17)) - DAY * Math.floor(index / 17)),
    deleteOn:
      index % 9 === 8
        ? null
        : at(now - 5_000_000 * (1 + (index % 17)) - DAY * Math.floor(index / 17) + DAY * [35, 35, 90, 365][index % 4]!),
    bytes: 1024 ** 3 * (1 + (index % 5)),
  }));
  const observations = many.map((index) => observation(index, sequence));
  const announcements = Array.from({ length: 3 }, (_, index) => ({
    change: `ann${index}`,
    mark: `m${index}`,
    key: { kind: "recovery-point", name: `snap-${index}`, target: target(index) },
    subject: `arn:aws:ec2:eu-west-1::snapshot/snap-4d0${index}`,
    partition: "legacy",
    policy: "clean-up",
    cause: "orphan",
    deleteOn: null,
    graceMs: 14 * DAY,
    announcedOn: at(now - 3 * DAY),
    beside: { status: "COMPLETED", rank: 2, bytes: 8 * 1024 ** 3 },
    pausedMs: 0,
  }));
  const listings = ACCOUNTS.map((account) => ({
    target: { account, region: "eu-west-1" },
    kind: "vault",
    items: 3,
    complete: true,
  }));
  return {
    result: "HELD",
    targets: Array.from({ length: 9 }, (_, index) => ({
      target: target(index),
      result: ["CORRECTED", "HELD", "CONVERGED", "CONVERGED", "HELD", "INCOMPLETE", "CONVERGED", "FAILED", "CONVERGED"][
        index
      ],
    })),
    resources,
    held,
    changes,
    actions,
    recovered: [],
    listings,
    vaults,
    restoreTests,
    deletions: [
      {
        change: "del1",
        key: { kind: "recovery-point", name: "snap-1", target: target(0) },
        subject: "arn:aws:ec2:eu-west-1::snapshot/snap-1",
        result: "confirmed",
        acceptedOn: at(now - DAY),
        refusals: 0,
      },
    ],
    announced: {
      points: 3,
      bytes: 24 * 1024 ** 3,
      fresh: 1,
      paused: 0,
      first: {
        change: "ann0",
        subject: "arn:aws:ec2:eu-west-1::snapshot/snap-4d00",
        deleteOn: null,
        notBefore: at(now + 11 * DAY),
      },
    },
    coverage: {
      complete: true,
      population: 399 + Math.max(13, rows),
      protected: 399,
      unprotected: Array.from({ length: Math.max(13, rows) }, (_, index) => index).map((index) => ({
        arn: `arn:aws:dynamodb:${target(index).region}:${target(index).account}:table/${name}-${index}`,
        type: "DynamoDB",
        reason: "no-recovery-point",
      })),
      byPlan: { gold: 180, silver: 150, bronze: 69 },
    },
    jobs: {
      complete: true,
      window: { from: at(now - DAY), to: at(now) },
      byState: { COMPLETED: 395, FAILED: 3, PARTIAL: 1 },
      copyByState: { COMPLETED: 180, FAILED: 1 },
      failed: [
        {
          jobId: "job-1",
          kind: "backup",
          arn: "arn:aws:rds:eu-west-1:111122223333:db:billing",
          state: "FAILED",
          message: "the instance was stopping",
          on: at(now - 3_600_000 * 5),
          retriedBy: "job-9",
        },
        {
          jobId: "job-2",
          kind: "copy",
          arn: "arn:aws:rds:eu-west-1:111122223333:db:ledger",
          state: "FAILED",
          message: "Access denied trying to call AWS Backup service",
          on: at(now - 3_600_000 * 4),
        },
      ],
      oldestRecoveryPointOn: "2025-06-01T02:00:00.000Z",
      rpoBreaches: [
        {
          arn: "arn:aws:rds:eu-west-1:111122223333:db:ledger",
          type: "RDS",
          policy: "every-day",
          rpoSeconds: 30 * 3600,
          lastGoodOn: at(now - 3 * 86_400_000),
        },
        {
          arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/sessions",
          type: "DynamoDB",
          policy: "every-day",
          rpoSeconds: 30 * 3600,
          lastGoodOn: null,
        },
      ],
    },
    exceptions: [
      {
        id: "sandbox-is-not-backed-up",
        arn: "arn:aws:dynamodb:*:999900001111:table/*",
        reason: "scratch data",
        approvedIn: "3f2a91c0de7b3f2a91c0de7b3f2a91c0de7b3f2a",
        owner: "platform@example.com",
        expiresOn: "2026-09-01T00:00:00.000Z",
        manifest,
      },
    ],
    attachments: [
      attach("inventory.ndjson.gz", ndjson(inventory)),
      attach("observations.ndjson.gz", ndjson(observations)),
      attach("announcements.ndjson.gz", ndjson(announcements)),
    ],
    summary: {
      resources: resources.length,
      held: held.length,
      changes: changes.length,
      actions: actions.length,
      recovered: 0,
      listings: listings.length,
      vaults: vaults.length,
      restoreTests: restoreTests.length,
      deletions: 1,
      observations: observations.length,
      exceptions: 1,
      "coverage.unprotected": Math.max(13, rows),
      "jobs.failed": 2,
      "jobs.rpoBreaches": 2,
      inSync: 37,
      unknown: 1,
    },
  };
}

const COMMITTED = 1_772_000_000;

/** A commit with two manifests, as git has it, and its pack. */
function repositoryOf() {
  const manifests = ["plans.yaml", "vaults.yaml"].map((path) => {
    const content = Buffer.from(`kind: ${path === "plans.yaml" ? "Plan" : "Vault"}\n`);
    return { path, content, id: gitId("blob", content) };
  });
  const tree = Buffer.concat(
    manifests.flatMap(({ path, id }) => [Buffer.from(`100644 ${path}\0`), Buffer.from(id, "hex")]),
  );
  const treeId = gitId("tree", tree);
  const commit = Buffer.from(
    `tree ${treeId}\nauthor A <a@example.com> ${COMMITTED} +0000\ncommitter A <a@example.com> ${COMMITTED} +0000\n\nKeep daily backups for 35 days\n`,
  );
  const objects = [[1, commit], [2, tree], ...manifests.map(({ content }) => [3, content] as const)] as const;
  const head = Buffer.from("PACK\0\0\0\u0002\0\0\0\0", "latin1");
  head.writeUInt32BE(objects.length, 8);
  const body = Buffer.concat([
    head,
    ...objects.flatMap(([type, content]) => [packHeader(type, content.length), deflateSync(content)]),
  ]);
  const pack = Buffer.concat([body, createHash("sha1").update(body).digest()]);
  return { manifests, tree: treeId, commit: gitId("commit", commit), pack };
}

const gitId = (type: string, content: Buffer): string =>
  createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");

/** Type and size of a packed object (gitformat-pack): four bits of size beside the type, then seven a byte. */
function packHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = size >> 4; rest > 0; rest >>= 7) {
    bytes[bytes.length - 1]! |= 128;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}

/** RFC 6962, by its definition. */
class Log {
  readonly #leaves: Buffer[] = [];

  append(payloadSha256: Buffer): void {
    this.#leaves.push(createHash("sha256").update(Buffer.of(0)).update(payloadSha256).digest());
  }

  root(): Buffer {
    return treeHash(this.#leaves);
  }

  /** Roots of the full subtrees, the largest first. */
  frontier(): readonly Buffer[] {
    const hashes: Buffer[] = [];
    for (let from = 0; from < this.#leaves.length;) {
      const size = 2 ** Math.floor(Math.log2(this.#leaves.length - from));
      hashes.push(treeHash(this.#leaves.slice(from, from + size)));
      from += size;
    }
    return hashes;
  }
}

function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length <= 1) return leaves[0] ?? createHash("sha256").digest();
  const half = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return createHash("sha256")
    .update(Buffer.of(1))
    .update(treeHash(leaves.slice(0, half)))
    .update(treeHash(leaves.slice(half)))
    .digest();
}
