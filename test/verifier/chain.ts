import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";

/**
 * Evidence made by hand with Node's own modules and none of the controller's, so that the verifier is not asked whether it agrees with
 * itself: statements, a second RFC 8785 writer, a second Merkle tree, a second git.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A statement as tests change it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any;

export const TYPE = "application/vnd.in-toto+json";
export const CHAIN = "00000000-0000-4000-8000-000000000001";

export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** RFC 8785 for what statements hold. */
export const jcs = (value: Loose): string =>
  Array.isArray(value)
    ? `[${value.map(jcs).join(",")}]`
    : typeof value === "object" && value !== null
      ? `{${Object.keys(value)
          .toSorted()
          .filter((name) => value[name] !== undefined)
          .map((name) => `${JSON.stringify(name)}:${jcs(value[name])}`)
          .join(",")}}`
      : JSON.stringify(value);

export interface TestKey {
  readonly keyid: string;
  readonly algorithm: "ECDSA_SHA_256" | "ML_DSA_SHAKE_256";
  readonly spki: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const keyOf = (algorithm: TestKey["algorithm"], publicKey: KeyObject, privateKey: KeyObject): TestKey => {
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const hash = algorithm === "ECDSA_SHA_256" ? "sha256" : null;
  return { keyid: sha256(spki), algorithm, spki, sign: (message) => new Uint8Array(sign(hash, message, privateKey)) };
};

export function ecKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return keyOf("ECDSA_SHA_256", publicKey, privateKey);
}

export function mlKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync("ml-dsa-65");
  return keyOf("ML_DSA_SHAKE_256", publicKey, privateKey);
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The trust root of keys that all must sign, from report 1 on. */
export const keysOf = (keys: readonly TestKey[], change: Loose = {}): Loose => ({
  version: 1,
  chainId: CHAIN,
  keys: keys.map(({ keyid, algorithm, spki }) => keyRow({ keyid, algorithm, spki })),
  policy: [{ fromSequence: 1, threshold: keys.length, keyids: keys.map(({ keyid }) => keyid) }],
  ...change,
});

export const keyRow = ({ keyid, algorithm, spki }: Omit<TestKey, "sign">, change: Loose = {}): Loose => ({
  keyid,
  algorithm,
  spki: base64(spki),
  protection: "aws-kms",
  kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1",
  origin: "AWS_KMS",
  validFromSequence: 1,
  ...change,
});

export const pae = (type: string, payload: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);

export interface Signature {
  readonly keyid: string;
  readonly sig: string;
}

export const signatureBy = (key: TestKey, payload: Uint8Array, type = TYPE): Signature => ({
  keyid: key.keyid,
  sig: base64(key.sign(pae(type, payload))),
});

export const envelope = (payload: Uint8Array, signatures: readonly Signature[], payloadType = TYPE): Uint8Array =>
  bytesOf(jcs({ payload: base64(payload), payloadType, signatures }));

export const seal = (payload: Uint8Array, keys: readonly TestKey[]): Uint8Array =>
  envelope(
    payload,
    keys.map((key) => signatureBy(key, payload)),
  );

export const openTest = (
  file: Uint8Array,
): { readonly payload: Uint8Array; readonly signatures: readonly Signature[] } => {
  const { payload, signatures } = JSON.parse(textOf(file));
  return { payload: new Uint8Array(Buffer.from(payload, "base64")), signatures };
};

export const fileName = (sequence: number): string => `${String(sequence).padStart(10, "0")}.dsse.json`;
export const at = (minute: number): string => new Date(Date.UTC(2027, 0, 1) + minute * 60_000).toISOString();

const hash = (...parts: readonly Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();

/** RFC 6962 §2.1, as it is written there. */
export function merkleRoot(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return hash(Buffer.of(0), Buffer.from(leaves[0]!, "hex"));
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return hash(Buffer.of(1), merkleRoot(leaves.slice(0, k)), merkleRoot(leaves.slice(k)));
}

/** The roots of the full subtrees, largest first. */
export function frontier(leaves: readonly string[]): readonly string[] {
  const hashes: string[] = [];
  for (let rest = leaves; rest.length > 0;) {
    const size = 2 ** Math.floor(Math.log2(rest.length));
    hashes.push(merkleRoot(rest.slice(0, size)).toString("hex"));
    rest = rest.slice(size);
  }
  return hashes;
}

export interface GitFile {
  readonly path: string;
  readonly text: string;
}

const gitObject = (type: string, content: Uint8Array) => ({
  type,
  content,
  id: createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex"),
});
type GitObject = ReturnType<typeof gitObject>;

const treeObject = (entries: readonly (readonly [mode: string, name: string, id: string])[]): GitObject =>
  gitObject(
    "tree",
    Buffer.concat(entries.flatMap(([mode, name, id]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")])),
  );

/** A commit whose folder `backup` holds files without folders of their own, sorted by name; and its pack, or one of other objects. */
export function commitOf(files: readonly GitFile[], change: { readonly message?: string } = {}) {
  const blobs = files.map(({ text }) => gitObject("blob", bytesOf(text)));
  const folder = treeObject(files.map(({ path }, index) => ["100644", path, blobs[index]!.id]));
  const root = treeObject([["40000", "backup", folder.id]]);
  const who = `Ops <ops@example.org> ${Date.parse(at(0)) / 1000} +0100`;
  const commit = gitObject(
    "commit",
    bytesOf(`tree ${root.id}\nauthor ${who}\ncommitter ${who}\n\n${change.message ?? "Back up"}\n`),
  );
  return { commit, folder, objects: [commit, root, folder, ...blobs], blobs };
}

const TYPES: Readonly<Record<string, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

export function packOf(
  objects: readonly { readonly type: string; readonly content: Uint8Array }[],
  kind?: number,
): Uint8Array {
  const head = Buffer.alloc(12);
  head.write("PACK");
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(objects.length, 8);
  const body = Buffer.concat([
    head,
    ...objects.flatMap(({ type, content }) => {
      const sizes: number[] = [];
      let rest = content.length >> 4;
      let byte = ((kind ?? TYPES[type]!) << 4) | (content.length & 15);
      for (; rest > 0; rest >>= 7) {
        sizes.push(byte | 0x80);
        byte = rest & 0x7f;
      }
      return [Buffer.from([...sizes, byte]), deflateSync(content)];
    }),
  ]);
  return new Uint8Array(Buffer.concat([body, createHash("sha1").update(body).digest()]));
}

export const MANIFESTS: readonly GitFile[] = [
  { path: "fleet.yaml", text: "kind: Fleet\n" },
  { path: "nightly.yaml", text: `kind: BackupVault\n${"# long enough to be compressed by reference\n".repeat(40)}` },
];

export const ROWS = new Uint8Array(gzipSync('{"key":"a"}\n{"key":"b"}\n'));

/** What of a statement does not depend on its place in the chain. */
export function statementBody(minute: number, files: readonly GitFile[] = MANIFESTS): Loose {
  const { commit, folder, objects, blobs } = commitOf(files);
  const pack = packOf(objects);
  return {
    _type: "https://in-toto.io/Statement/v1",
    predicateType: "https://holdfast.dev/reconciliation-report/v1",
    subject: [
      {
        uri: "git+https://example.org/platform/backups.git",
        digest: { gitCommit: commit.id },
        annotations: { sourceRefs: ["refs/heads/main"] },
      },
      ...files.map(({ path, text }, index) => ({
        name: path,
        digest: { sha256: sha256(text), gitBlob: blobs[index]!.id },
      })),
    ],
    predicate: {
      schema: "1.0",
      reporter: { id: "holdfast/test", version: "0.0.0" },
      source: {
        uri: "git+https://example.org/platform/backups.git",
        ref: "refs/heads/main",
        commit: commit.id,
        tree: folder.id,
        digest: sha256("revision"),
        dirty: false,
        sequence: 1,
        committedOn: at(0),
        fastForward: true,
        previousCommit: null,
        manifestRoot: "backup",
        commitSignature: { format: "none", status: "none", signer: null },
        pack: { sha256: sha256(pack), size: pack.length },
      },
      scope: { fleet: "test", accounts: [], regions: [], partial: false, exclusions: [] },
      run: {
        id: `run-${minute}`,
        trigger: "schedule",
        mode: "apply",
        startedOn: at(minute),
        finishedOn: at(minute + 1),
      },
      result: "CONVERGED",
      summary: {
        resources: 0,
        held: 0,
        changes: 0,
        actions: 0,
        recovered: 0,
        listings: 0,
        observations: 2,
        governed: 0,
      },
      resources: [],
      held: [],
      changes: [],
      actions: [],
      recovered: [],
      listings: [],
      observations: [],
      governed: [],
      carried: { corrections: [], declared: null, adopted: [], calls: null, source: null, announcements: [] },
      attachments: [
        {
          name: "observations.ndjson.gz",
          mediaType: "application/x-ndjson+gzip",
          size: ROWS.length,
          digest: { sha256: sha256(ROWS) },
        },
      ],
      limitations: [],
    },
  };
}

/** A statement in its place: link, log, window, due and signers. `before`: the envelopes of all reports before it. */
export function place(statement: Loose, before: readonly Uint8Array[], signers: readonly TestKey[]): Loose {
  const leaves = before.map((file) => sha256(openTest(file).payload));
  const sequence = before.length + 1;
  const last = before.at(-1);
  const { run, carried } = statement.predicate;
  return {
    ...statement,
    predicate: {
      ...statement.predicate,
      chain: {
        id: CHAIN,
        sequence,
        previous: last ? { sequence: sequence - 1, payloadSha256: leaves.at(-1)!, envelopeSha256: sha256(last) } : null,
        log: { size: leaves.length, rootHash: merkleRoot(leaves).toString("hex") },
        window: {
          from: last ? statementOf(last).predicate.chain.window.to : run.startedOn,
          to: run.finishedOn,
        },
        nextDueBefore: new Date(Date.parse(run.finishedOn) + 2 * 60 * 60_000).toISOString(),
        ...(last ? {} : { genesis: { reason: "first" } }),
      },
      carried: { ...carried, frontier: frontier(leaves) },
      signing: {
        required: signers.map(({ keyid }) => keyid),
        keys: signers.map(({ keyid, algorithm }) => ({ keyid, algorithm, origin: "AWS_KMS", protection: "aws-kms" })),
      },
    },
  };
}

export const statementOf = (file: Uint8Array): Loose => JSON.parse(textOf(openTest(file).payload));

/** Envelopes of a chain, an hour apart. `change` makes each statement another before it is signed. */
export function chainOf(
  count: number,
  keys: readonly TestKey[],
  change: (statement: Loose, sequence: number) => Loose = (statement) => statement,
): readonly Uint8Array[] {
  const files: Uint8Array[] = [];
  for (let sequence = 1; sequence <= count; sequence++) {
    const placed = place(statementBody(60 * sequence), files, keys);
    files.push(seal(bytesOf(jcs(change(placed, sequence))), keys));
  }
  return files;
}

/** Evidence as it lies in a folder, and what the auditor has from elsewhere. */
export interface Evidence {
  /** By path, as an evidence store has them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** keys.json from outside. */
  readonly keys: Uint8Array;
  readonly pins: {
    readonly head?: string;
    readonly start?: string;
    readonly from?: string;
    readonly to?: string;
    readonly now?: string;
  };
}

export const keysBytes = (keys: Loose): Uint8Array => bytesOf(`${JSON.stringify(keys, null, 2)}\n`);
export const reportPath = (sequence: number): string => `v1/${CHAIN}/reports/${fileName(sequence)}`;

/** The chain's reports in a folder with their attachments and packs. */
export function evidenceOf(
  reports: readonly Uint8Array[],
  keys: Loose,
  pins: Evidence["pins"] = {},
  packs: readonly (readonly GitFile[])[] = [MANIFESTS],
): Evidence {
  const git = packs.map((files) => {
    const { commit, objects } = commitOf(files);
    return [`v1/${CHAIN}/git/${commit.id}.pack`, packOf(objects)] as const;
  });
  return {
    files: new Map([
      ...reports.map((bytes, index) => [reportPath(index + 1), bytes] as const),
      [`v1/${CHAIN}/attachments/${sha256(ROWS)}`, ROWS] as const,
      ...git,
    ]),
    keys: keysBytes(keys),
    pins,
  };
}

/** How a pin is written. */
export const pinOf = (reports: readonly Uint8Array[], sequence: number): string =>
  `${sequence}:${sha256(openTest(reports[sequence - 1]!).payload)}`;
