import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEvidence } from "../../controller/attest/evidence.ts";
import {
  decodeBase64,
  decodeEnvelope,
  encodeBase64,
  encodeEnvelope,
  pae,
  STATEMENT_TYPE,
} from "../../controller/attest/sealing/envelope.ts";
import { parseKeys, soleKey, type Keys } from "../../controller/attest/sealing/keys.ts";
import { attachmentKey, KEYS_FILE, reportKey, reportName } from "../../controller/attest/chain/names.ts";
import { seal } from "../../controller/attest/sealing/sign.ts";
import type { Signer } from "../../controller/attest/sealing/signer.ts";
import { statementBytes, statementOf } from "../../controller/attest/report/statement.ts";
import { encodeUtf8 } from "../../controller/attest/sealing/strict-json.ts";
import { verifyChain } from "../../controller/attest/chain/verify.ts";
import type { ReportFile } from "../../controller/verifier/report.ts";
import type { VerifyOptions } from "../../controller/verifier/walk.ts";
import { verifyReport, type ReadReport } from "../../controller/attest/chain/verify-report.ts";
import { canonical, digestOf } from "../../controller/domain/digest.ts";
import { Statement } from "../../controller/domain/report.ts";
import { MemoryStore } from "../local/memory-store.ts";
import { bodyOf, MANIFESTS, revisionOf, testSigner, DUE } from "./fixture.ts";

const CHAIN = "00000000-0000-4000-8000-000000000001";
const LENGTH = 6;

interface Evidence {
  readonly keys: Keys;
  readonly signer: Signer;
  /** In order; tests put others in their places. */
  readonly files: readonly ReportFile[];
  readonly attachment: NonNullable<VerifyOptions["attachment"]>;
}

/** Six real reports, the last but one with two attachments. */
async function sixReports(signer = testSigner()): Promise<Evidence> {
  const store = new MemoryStore();
  const { evidence } = createEvidence({
    store,
    signers: [signer],
    clock: { now: () => new Date() },
    uuid: () => CHAIN,
  });
  for (let n = 1; n <= LENGTH; n++) {
    const attachments =
      n === 5
        ? [await evidence.attach("in-sync.ndjson.gz", [1, 2]), await evidence.attach("inventory.ndjson.gz", [])]
        : [];
    await evidence.publish(bodyOf(`run-${n}`, 2 * n, { attachments }), revisionOf(), DUE);
  }
  const parsed = parseKeys(store.objects.get(KEYS_FILE)!.body);
  if ("wrong" in parsed) throw new Error(parsed.wrong);
  const files = Array.from({ length: LENGTH }, (_, at) => ({
    name: reportName(at + 1),
    bytes: store.objects.get(reportKey(CHAIN, at + 1))!.body,
  }));
  return {
    keys: parsed.keys,
    signer,
    files,
    attachment: async (sha256) => store.objects.get(attachmentKey(CHAIN, sha256))?.body,
  };
}

const six = await sixReports();
const read = async (file: ReportFile): Promise<ReadReport> => {
  const report = await verifyReport(file, six.keys);
  if (report.status === "refused") throw new Error(report.problems[0].message);
  return report;
};
const pins = await Promise.all(
  six.files.map(async (file, at) => ({ sequence: at + 1, payloadSha256: (await read(file)).payloadSha256 })),
);
const pinOf = (sequence: number) => pins[sequence - 1]!;
const firstStart = (await read(six.files[0]!)).report.run.startedOn;
const manifests = [...MANIFESTS].map(([path, text]) => ({ path, bytes: encodeUtf8(text) }));

/** The chain with one report's file in another form. */
const withFile = (sequence: number, bytes: Uint8Array): readonly ReportFile[] =>
  six.files.with(sequence - 1, { name: reportName(sequence), bytes });
const bytesOf = (sequence: number): Uint8Array => six.files[sequence - 1]!.bytes;
const without = (...sequences: readonly number[]): readonly ReportFile[] =>
  six.files.filter((_, at) => !sequences.includes(at + 1));

/** The statement of a report, changed, and signed again as its thief would. */
async function resigned(
  sequence: number,
  change: (statement: Statement) => void,
  signer: Signer = six.signer,
): Promise<Uint8Array> {
  const statement = Statement.parse(JSON.parse(new TextDecoder().decode(decodeEnvelope(bytesOf(sequence)).payload)));
  change(statement);
  return seal(encodeUtf8(canonical(statement)), [signer]);
}

const verdicts = async (files: readonly ReportFile[], options: VerifyOptions = {}, keys = six.keys) => {
  const { intact, complete, sourced, anchored, problems } = await verifyChain(files, keys, options);
  return {
    intact,
    complete,
    sourced,
    anchored,
    checks: [...new Set(problems.map(({ file, check }) => `${file.slice(6, 10)} ${check}`))],
  };
};

describe("a chain that is as it was written", () => {
  it("is intact and complete, and nothing that could not be looked at is called yes", async () => {
    const answer = await verifyChain(six.files, six.keys);
    expect(answer).toMatchObject({
      intact: "yes",
      complete: "yes",
      sourced: "not-checked",
      anchored: "not-checked",
      reports: 6,
      head: pinOf(6),
      problems: [],
    });
    expect(answer.limitations).toHaveLength(5);
  });

  it("answers all four where it is given what that takes", async () => {
    const answer = await verifyChain(six.files, six.keys, { head: pinOf(6), manifests, attachment: six.attachment });
    expect(answer).toMatchObject({ intact: "yes", complete: "yes", sourced: "yes", anchored: "yes", problems: [] });
    expect(answer.limitations).toHaveLength(3);
  });

  it("is read from a stream, one report at a time", async () => {
    const stream = (async function* () {
      yield* six.files;
    })();
    expect(await verifyChain(stream, six.keys)).toMatchObject({ intact: "yes", complete: "yes", reports: 6 });
  });

  it("is complete from a pinned start on, and never from one that nobody pinned", async () => {
    expect(await verdicts(six.files.slice(2), { start: pinOf(3) })).toMatchObject({ intact: "yes", complete: "yes" });
    expect(await verdicts(six.files.slice(2))).toMatchObject({ intact: "yes", complete: "no", checks: ["0003 start"] });
    expect(await verdicts(six.files.slice(2), { start: { ...pinOf(3), payloadSha256: "0".repeat(64) } })).toMatchObject(
      { complete: "no" },
    );
  });

  it("is anchored by an older pin, with a word about what came after", async () => {
    const answer = await verifyChain(six.files, six.keys, { head: pinOf(4) });
    expect(answer.anchored).toBe("yes");
    expect(answer.limitations.join()).toContain("Reports after 4 are newer than the pin");
  });
});

describe("threats (rows of the evidence format's table)", () => {
  const flip = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! ^ 1);
  const foreign = testSigner();
  const envelopeOf = (sequence: number) => decodeEnvelope(bytesOf(sequence));
  const text = (sequence: number) => new TextDecoder().decode(bytesOf(sequence));

  const rows: readonly {
    readonly row: string;
    readonly because: string;
    readonly files: () => Promise<readonly ReportFile[]> | readonly ReportFile[];
    readonly expected: Partial<Awaited<ReturnType<typeof verdicts>>>;
    readonly options?: VerifyOptions;
  }[] = [
    {
      row: "1: flips a byte of one payload",
      because: "the signature covers it",
      files: () => {
        const envelope = envelopeOf(4);
        return withFile(4, encodeEnvelope({ ...envelope, payload: flip(envelope.payload, 100) }));
      },
      expected: { intact: "no", checks: ["0004 signature", "0005 link"] },
    },
    {
      row: "2: removes report 5",
      because: "sequences have no gaps",
      files: () => without(5),
      expected: { intact: "yes", complete: "no", checks: ["0006 sequence"] },
    },
    {
      row: "2: removes the first",
      because: "a chain begins with report 1",
      files: () => without(1),
      expected: { intact: "yes", complete: "no", checks: ["0002 start"] },
    },
    {
      row: "3: swaps two files",
      because: "a report says its own number",
      files: () =>
        six.files
          .with(2, { name: reportName(3), bytes: bytesOf(4) })
          .with(3, { name: reportName(4), bytes: bytesOf(3) }),
      expected: {
        complete: "no",
        checks: expect.arrayContaining(["0003 sequence", "0004 sequence"]),
      },
    },
    {
      row: "3: gives the same file twice",
      because: "each comes once, in order",
      files: () => [...six.files.slice(0, 3), six.files[2]!, ...six.files.slice(3)],
      expected: { complete: "no", checks: ["0003 sequence"] },
    },
    {
      row: "4: a foreign key under our key id",
      because: "the pinned public key decides, not a name",
      files: async () => {
        const { payload, payloadType } = envelopeOf(4);
        const sig = await foreign.sign(pae(payloadType, payload));
        return withFile(4, encodeEnvelope({ payload, payloadType, signatures: [{ keyid: six.signer.keyid, sig }] }));
      },
      expected: { intact: "no", checks: ["0004 signature", "0005 link"] },
    },
    {
      row: "4: our signature under a foreign name",
      because: "names are not signed, so a wrong one is an alteration",
      files: () => {
        const envelope = envelopeOf(6);
        return withFile(
          6,
          encodeEnvelope({ ...envelope, signatures: [{ ...envelope.signatures[0]!, keyid: foreign.keyid }] }),
        );
      },
      expected: { intact: "no", complete: "no", checks: ["0006 key-id"] },
    },
    {
      row: "5: cuts the newest 3",
      because: "no chain shows this by itself",
      files: () => without(4, 5, 6),
      expected: { intact: "yes", complete: "yes", anchored: "not-checked", checks: [] },
    },
    {
      row: "5: cuts the newest 3, with a pin",
      because: "the pinned head is not there",
      files: () => without(4, 5, 6),
      options: { head: pinOf(6) },
      expected: { intact: "yes", complete: "yes", anchored: "no", checks: ["0003 head"] },
    },
    {
      row: "6: replays an old report under a newer name",
      because: "a report says its own number",
      files: () => withFile(6, bytesOf(2)),
      expected: { complete: "no", checks: ["0006 sequence", "0006 link"] },
    },
    {
      row: "8: steals the key and rewrites report 5",
      because: "report 6 was made after another one",
      files: async () => withFile(5, await resigned(5, ({ predicate }) => (predicate.result = "FAILED"))),
      expected: { intact: "yes", complete: "no", checks: ["0006 link"] },
    },
    {
      row: "8: steals the key and signs report 5 again as it is",
      because: "report 6 names the signatures there were",
      files: async () => withFile(5, await resigned(5, () => {})),
      expected: { intact: "no", complete: "yes", checks: ["0006 signature-list"] },
    },
    {
      row: "9: steals the key and rewrites the newest",
      because: "the pinned head is another one",
      files: async () => withFile(6, await resigned(6, ({ predicate }) => (predicate.result = "FAILED"))),
      options: { head: pinOf(6) },
      expected: { intact: "yes", complete: "yes", anchored: "no", checks: ["0006 head"] },
    },
    {
      row: "11: changes the payload type",
      because: "the type is compared, and signed",
      files: () => withFile(4, encodeEnvelope({ ...envelopeOf(4), payloadType: "application/json" })),
      expected: { intact: "no", checks: ["0004 payload-type", "0005 link"] },
    },
    {
      row: "12: garbage inside base64",
      because: "the decoder is strict",
      files: () => withFile(4, encodeUtf8(text(4).replace('"payload":"', '"payload":"*'))),
      expected: { intact: "no", checks: ["0004 base64", "0005 link"] },
    },
    {
      row: "13: a member twice in the envelope",
      because: "two parsers would see two envelopes",
      files: () => withFile(4, encodeUtf8(text(4).replace("{", '{"payloadType":"x",'))),
      expected: { intact: "no", checks: ["0004 canonical", "0005 link"] },
    },
    {
      row: "13: a member twice in the payload, signed",
      because: "two parsers would see two reports",
      files: async () => {
        const payload = new TextDecoder().decode(envelopeOf(6).payload).replace("{", '{"_type":"x",');
        return withFile(6, await seal(encodeUtf8(payload), [six.signer]));
      },
      expected: { intact: "no", checks: ["0006 canonical"] },
    },
    {
      row: "17: another chain's report",
      because: "the keys name the chain",
      files: async () =>
        withFile(
          6,
          await resigned(6, ({ predicate }) => (predicate.chain.id = "00000000-0000-4000-8000-0000000000ff")),
        ),
      expected: { complete: "no", checks: ["0006 chain-id"] },
    },
    {
      row: "20: sets the clock back",
      because: "a report finishes after the one before it",
      files: async () =>
        withFile(
          6,
          await resigned(
            6,
            ({ predicate }) => (
              (predicate.run.startedOn = firstStart),
              (predicate.run.finishedOn = predicate.run.startedOn),
              (predicate.chain.window.to = predicate.chain.window.from)
            ),
          ),
        ),
      expected: { intact: "yes", complete: "no", checks: ["0006 order"] },
    },
    {
      row: "gives no files at all",
      because: "nothing is never a yes",
      files: () => [],
      expected: { intact: "no", complete: "no", sourced: "not-checked", checks: [" no-reports"] },
    },
    {
      row: "puts in a file under another name",
      because: "every file there is must be a report",
      files: () => [...six.files, { name: "notes.txt", bytes: new Uint8Array() }],
      expected: {
        complete: "no",
        checks: expect.arrayContaining([expect.stringContaining("file-name")]),
      },
    },
  ];
  it.each(rows)("$row", async ({ files, options, expected, because }) => {
    expect({ because, ...(await verdicts(await files(), options)) }).toMatchObject({ because, ...expected });
  });

  it("10: one signature in both slots counts once", async () => {
    const other = testSigner();
    const both: Keys = {
      ...six.keys,
      keys: [...six.keys.keys, ...soleKey(CHAIN, other).keys],
      policy: [{ fromSequence: 1, threshold: 2, keyids: [six.signer.keyid, other.keyid] }],
    };
    const { payload, payloadType, signatures } = envelopeOf(1);
    const twice = {
      name: reportName(1),
      bytes: encodeEnvelope({ payload, payloadType, signatures: [...signatures, ...signatures] }),
    };
    expect(await verdicts([twice], {}, both)).toMatchObject({ intact: "no", checks: ["0001 signature"] });
    const second = { keyid: other.keyid, sig: await other.sign(pae(payloadType, payload)) };
    const signedByBoth = {
      name: reportName(1),
      bytes: encodeEnvelope({ payload, payloadType, signatures: [...signatures, second] }),
    };
    expect(await verdicts([signedByBoth], {}, both)).toMatchObject({ intact: "yes" });
  });

  it("a key signs no report outside its time", async () => {
    const [key] = six.keys.keys;
    const retired: Keys = { ...six.keys, keys: [{ ...key!, validToSequence: 4 }] };
    expect(await verdicts(six.files, {}, retired)).toMatchObject({
      intact: "no",
      complete: "no",
      checks: ["0005 signature", "0006 signature"],
    });
  });
});

describe("a report that does not add up", () => {
  const row = {
    change: "c",
    key: { target: { account: "111122223333", region: "eu-west-1" }, kind: "vault", name: "n" },
  };
  it.each<{ what: string; check: string; change: (statement: Statement) => void }>([
    {
      what: "asks for a signature it does not have",
      check: "required-keys",
      change: ({ predicate }) => void predicate.signing.required.push(digestOf("x")),
    },
    {
      what: "counts rows that are not there",
      check: "summary",
      change: ({ predicate }) => void (predicate.summary["held"] = 3),
    },
    {
      what: "leaves a list uncounted",
      check: "summary",
      change: ({ predicate }) => void delete predicate.summary["actions"],
    },
    {
      what: "names another commit than its source",
      check: "subject",
      change: ({ predicate }) => void (predicate.source!.commit = "b".repeat(40)),
    },
    {
      what: "names its manifests out of order",
      check: "subject",
      change: ({ subject }) => void subject.push(subject[1]!),
    },
    {
      what: "names a manifest by half its digests",
      check: "subject",
      change: ({ subject }) => void delete subject[1]!.digest["gitBlob"],
    },
    {
      what: "has a row of a file it does not name",
      check: "manifest",
      change: ({ predicate }) => {
        predicate.held.push({
          ...row,
          also: [],
          because: "b",
          release: "r",
          reason: "hazard",
          manifest: { path: "none.yaml", line: 1, column: 1 },
        } as never);
        predicate.summary["held"] = 1;
      },
    },
    {
      what: "carries what a later report began",
      check: "carried",
      change: ({ predicate }) => void (predicate.carried.declared = { counts: {}, since: 7 }),
    },
    {
      what: "finished before it started",
      check: "run-times",
      change: ({ predicate }) =>
        void (predicate.run.startedOn = predicate.run.finishedOn.replace("2027", "2028") as never),
    },
  ])("is not intact where it $what", async ({ check, change }) => {
    expect(await verdicts(withFile(6, await resigned(6, change)))).toMatchObject({
      intact: "no",
      checks: [`0006 ${check}`],
    });
  });

  it("is not a report where its form is another", async () => {
    const bytes = await seal(encodeUtf8(canonical({ _type: "https://in-toto.io/Statement/v1" })), [six.signer]);
    expect(await verdicts(withFile(6, bytes))).toMatchObject({ intact: "no", checks: ["0006 schema"] });
  });

  it("is not a report where it is not UTF-8", async () => {
    const bytes = await seal(new Uint8Array([0xff]), [six.signer]);
    expect(await verdicts(withFile(6, bytes))).toMatchObject({ intact: "no", checks: ["0006 utf8"] });
  });
});

describe("the manifests a report is about", () => {
  it.each([
    {
      what: "one byte differs",
      given: [manifests[0]!, { ...manifests[1]!, bytes: encodeUtf8("kind: BackupVault \n") }],
    },
    { what: "one is missing", given: [manifests[0]!] },
    { what: "there is one besides", given: [...manifests, { path: "more.yaml", bytes: new Uint8Array() }] },
    { what: "one lies elsewhere", given: [manifests[0]!, { ...manifests[1]!, path: "vaults/weekly.yaml" }] },
  ])("are not those given where $what", async ({ given }) => {
    expect(await verdicts(six.files, { manifests: given })).toMatchObject({
      intact: "yes",
      complete: "yes",
      sourced: "no",
    });
  });

  it("are looked for in the last report that had a source", async () => {
    const files = withFile(
      6,
      await resigned(6, (statement) => ((statement.predicate.source = null), (statement.subject = []))),
    );
    expect(await verdicts(files, { manifests })).toMatchObject({ sourced: "yes" });
    expect(await verdicts([], { manifests })).toMatchObject({ sourced: "not-checked" });
  });
});

describe("attachments", () => {
  it("that are gone make a chain incomplete", async () => {
    expect(await verdicts(six.files, { attachment: async () => undefined })).toMatchObject({
      intact: "yes",
      complete: "no",
      checks: ["0005 attachment-missing"],
    });
  });

  it("that hold a moved list hold as many rows as the summary counts", async () => {
    const store = new MemoryStore();
    const { evidence } = createEvidence({
      store,
      signers: [six.signer],
      clock: { now: () => new Date() },
      uuid: () => CHAIN,
    });
    const listing = (n: number) =>
      ({
        target: { account: "111122223333", region: "eu-west-1" },
        kind: `kind-${n}-${"x".repeat(90)}`,
        items: n,
        complete: true,
      }) as never;
    const { report, url } = await evidence.publish(
      bodyOf("run-1", 2, { listings: Array.from({ length: 8_000 }, (_, n) => listing(n)) }),
      revisionOf(),
      DUE,
    );
    expect(report).toMatchObject({
      listings: [],
      summary: { listings: 8_000 },
      attachments: [{ name: "listings.ndjson.gz" }],
    });
    const file = { name: reportName(1), bytes: store.objects.get(url.slice(store.url.length + 1))!.body };
    expect(file.bytes.length).toBeLessThan(20_000);
    const attachment = async (sha256: string) => store.objects.get(attachmentKey(CHAIN, sha256))?.body;
    expect(await verdicts([file], { attachment })).toMatchObject({ intact: "yes", complete: "yes", checks: [] });
    const statement = statementOf(
      { ...report, summary: { ...report.summary, listings: 7_999 } },
      revisionOf().files.map(({ path, sha256, gitBlob }) => ({ name: path, digest: { sha256, gitBlob } })),
    );
    const lying = { ...file, bytes: await seal(statementBytes(statement), [six.signer]) };
    expect(await verdicts([lying], { attachment })).toMatchObject({ intact: "no", checks: ["0001 summary"] });
  });
});

describe("for any bytes", () => {
  const rewritten = (text: string): string => {
    try {
      return encodeBase64(decodeBase64(text));
    } catch {
      return "refused";
    }
  };

  it("one changed byte of one report is seen", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: LENGTH }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (sequence, where, by) => {
          const bytes = bytesOf(sequence);
          const at = where % bytes.length;
          expect(await verdicts(withFile(sequence, bytes.with(at, bytes[at]! ^ by)))).toMatchObject({ intact: "no" });
        },
      ),
      { numRuns: 300 },
    ));

  it("one changed byte of one attachment is seen", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (where, by) => {
        const attachment = async (sha256: string) => {
          const bytes = (await six.attachment(sha256))!;
          return bytes.with(where % bytes.length, bytes[where % bytes.length]! ^ by);
        };
        expect(await verdicts(six.files, { attachment })).toMatchObject({ intact: "no" });
      }),
      { numRuns: 50 },
    ));

  it("base64 has one spelling: what decodes is what would be written", () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.uint8Array().map(encodeBase64)), (text) => {
        const strict = Buffer.from(text, "base64").toString("base64") === text;
        expect(rewritten(text)).toBe(strict ? text : "refused");
      }),
    ));

  it.each(["QQ", "QQ=", "QR==", "Q Q=", "QQ==\n", "_-==", "QQ==QQ=="])("base64 %j is refused", (text) => {
    expect(() => decodeBase64(text)).toThrow("strict");
  });

  it("an envelope comes back as it was put in", () =>
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array({ minLength: 1 }), (payload, sig) => {
        const envelope = { payloadType: STATEMENT_TYPE, payload, signatures: [{ keyid: "k", sig }] };
        expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope);
      }),
    ));

  it("the pre-authentication encoding is the one of the DSSE specification", () => {
    expect(new TextDecoder().decode(pae("http://example.com/HelloWorld", encodeUtf8("hello world")))).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
  });
});

describe("keys", () => {
  const [key] = six.keys.keys;
  it.each<{ what: string; keys: unknown }>([
    {
      what: "a key id that is not its key's",
      keys: {
        ...six.keys,
        keys: [{ ...key, keyid: digestOf("x") }],
        policy: [{ fromSequence: 1, threshold: 1, keyids: [digestOf("x")] }],
      },
    },
    {
      what: "a policy of strangers",
      keys: { ...six.keys, policy: [{ fromSequence: 1, threshold: 1, keyids: [digestOf("x")] }] },
    },
    {
      what: "a threshold above its keys",
      keys: { ...six.keys, policy: [{ fromSequence: 1, threshold: 2, keyids: [key!.keyid] }] },
    },
    {
      what: "one key twice toward a threshold",
      keys: { ...six.keys, policy: [{ fromSequence: 1, threshold: 2, keyids: [key!.keyid, key!.keyid] }] },
    },
    {
      what: "no policy for the first reports",
      keys: { ...six.keys, policy: [{ fromSequence: 2, threshold: 1, keyids: [key!.keyid] }] },
    },
    {
      what: "policies out of order",
      keys: {
        ...six.keys,
        policy: [1, 5, 5].map((fromSequence) => ({ fromSequence, threshold: 1, keyids: [key!.keyid] })),
      },
    },
    { what: "a key listed twice", keys: { ...six.keys, keys: [key, key] } },
    { what: "a member nobody knows", keys: { ...six.keys, extra: true } },
    { what: "no keys", keys: { ...six.keys, keys: [] } },
  ])("with $what are refused", ({ keys }) => {
    expect(parseKeys(encodeUtf8(JSON.stringify(keys)))).toHaveProperty("wrong");
  });
});
