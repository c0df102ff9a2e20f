import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { browserPrimitives } from "../../controller/verifier/browser.ts";
import { fromHex, hex } from "../../controller/verifier/bytes.ts";
import { Refused } from "../../controller/verifier/checks.ts";
import { algorithmOf, derToRaw } from "../../controller/verifier/der.ts";
import { pae as verifierPae } from "../../controller/verifier/envelope.ts";
import { filesBelow, objectId, readCommit, readPack, treeOf } from "../../controller/verifier/git-objects.ts";
import { inflate } from "../../controller/verifier/inflate.ts";
import { canonical } from "../../controller/verifier/json.ts";
import { readKeys } from "../../controller/verifier/keys.ts";
import { membershipFindings } from "../../controller/verifier/membership.ts";
import { append, EMPTY, inclusionProof, isIncluded, rootOf } from "../../controller/verifier/merkle.ts";
import { nodePrimitives } from "../../controller/verifier/node.ts";
import { verifyReport, type ReadReport } from "../../controller/verifier/report.ts";
import { bytesOf, chainOf, ecKey, fileName, keysBytes, keysOf, merkleRoot, mlKey, openTest, sha256 } from "./chain.ts";

const [ec, ml] = [ecKey(), mlKey()];

describe("DER", () => {
  const message = bytesOf("message");
  const short = (to: number) => Array.from({ length: to }, () => 1);

  it("takes every signature that Node makes, to the same r and s", () => {
    for (let n = 0; n < 300; n++) {
      const der = ec.sign(message);
      const [r, s] = [der.subarray(4, 4 + der[3]!), der.subarray(6 + der[3]!)];
      const raw = Buffer.concat([r, s].map((one) => Buffer.concat([Buffer.alloc(32), one]).subarray(-32)));
      expect(hex(derToRaw(der))).toBe(raw.toString("hex"));
    }
  });

  it.each([
    { what: "nothing", der: [] },
    { what: "another tag", der: [0x31, 6, 2, 1, 1, 2, 1, 1] },
    { what: "a length in long form", der: [0x30, 0x81, 6, 2, 1, 1, 2, 1, 1] },
    { what: "an integer's length in long form", der: [0x30, 7, 2, 0x81, 1, 1, 2, 1, 1] },
    { what: "a negative integer", der: [0x30, 6, 2, 1, 0x80, 2, 1, 1] },
    { what: "a padded integer", der: [0x30, 7, 2, 2, 0, 1, 2, 1, 1] },
    { what: "zero", der: [0x30, 6, 2, 1, 0, 2, 1, 1] },
    { what: "an empty integer", der: [0x30, 5, 2, 0, 2, 1, 1] },
    { what: "an integer of 33 bytes", der: [0x30, 38, 2, 33, ...short(33), 2, 1, 1] },
    { what: "bytes after it", der: [0x30, 6, 2, 1, 1, 2, 1, 1, 0] },
    { what: "bytes after its integers", der: [0x30, 7, 2, 1, 1, 2, 1, 1, 0] },
    { what: "one integer", der: [0x30, 3, 2, 1, 1] },
    { what: "a cut", der: [0x30, 6, 2, 1, 1, 2, 1] },
  ])("refuses $what", ({ der }) => {
    expect(() => derToRaw(Uint8Array.from(der))).toThrow("strict DER");
  });

  it("has one spelling: what is taken is what would be written", () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(79), fc.nat(255), fc.boolean(), (noise, at, by, isNoise) => {
        const der = isNoise ? noise : ec.sign(message).map((byte, index) => (index === at ? by : byte));
        let raw: Uint8Array;
        try {
          raw = derToRaw(der);
        } catch {
          return;
        }
        const integer = (bytes: Uint8Array) => {
          const bare = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
          const body = bare[0]! >= 0x80 ? [0, ...bare] : [...bare];
          return [2, body.length, ...body];
        };
        const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))];
        expect([...der]).toEqual([0x30, body.length, ...body]);
      }),
    ));
});

describe("one spelling of JSON", () => {
  it("is RFC 8785's, as another writer has it", () =>
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false }).filter((value) => !/\d[.e]/.test(JSON.stringify(value))),
        (value) => {
          const whole: unknown = JSON.parse(JSON.stringify(value));
          let spelled: string;
          try {
            spelled = canonical(whole);
          } catch {
            return; // numbers and texts that statements do not hold
          }
          expect(spelled).toBe(canonicalize(whole));
        },
      ),
    ));

  it("is refused for what is nested without end", () => {
    expect(() => canonical(JSON.parse("[".repeat(5_000) + "]".repeat(5_000)))).toThrow("deeper");
  });
});

describe("the log", () => {
  const payloads = Array.from({ length: 40 }, (_, n) => sha256(`${n}`));

  it("grows to the root of RFC 6962 leaf by leaf", async () => {
    let log = EMPTY;
    for (let size = 0; size <= payloads.length; size++) {
      expect(hex(await rootOf(log, nodePrimitives))).toBe(merkleRoot(payloads.slice(0, size)).toString("hex"));
      if (size < payloads.length) log = await append(log, fromHex(payloads[size]!), nodePrimitives);
    }
  });

  it("proves each of its leaves, in its own place and in no other", async () => {
    for (const size of [1, 2, 3, 7, 8, 9, 40]) {
      const leaves = payloads.slice(0, size).map(fromHex);
      const root = merkleRoot(payloads.slice(0, size));
      for (let index = 0; index < size; index++) {
        const hashes = await inclusionProof(index, leaves, nodePrimitives);
        const proven = (leaf: Uint8Array, at: number, of = hashes) =>
          isIncluded(leaf, { index: at, size, hashes: of }, root, nodePrimitives);
        expect(await proven(leaves[index]!, index)).toBe(true);
        expect(await proven(fromHex(sha256("x")), index)).toBe(false);
        expect(await proven(leaves[index]!, (index + 1) % (size + 1))).toBe(false);
        expect(await proven(leaves[index]!, index, [...hashes, root])).toBe(false);
        expect(await proven(leaves[index]!, index, hashes.slice(1))).toBe(hashes.length === 0);
      }
    }
  });

  it("shows that a sampled report is of the chain of a later one", async () => {
    const chain = chainOf(6, [ec]);
    const keys = await readKeys(keysBytes(keysOf([ec])), nodePrimitives);
    const reports = await Promise.all(
      chain.map(async (bytes, index) => {
        const report = await verifyReport({ name: fileName(index + 1), bytes }, keys, nodePrimitives);
        return report as ReadReport;
      }),
    );
    const leaves = chain.slice(0, 5).map((file) => fromHex(sha256(openTest(file).payload)));
    const hashes = (await inclusionProof(2, leaves, nodePrimitives)).map(hex);
    const proof = { sequence: 3, laterSequence: 6, hashes };
    expect(await membershipFindings(reports[2]!, reports[5]!, proof, nodePrimitives)).toEqual([]);
    const [wrong] = await membershipFindings(
      reports[2]!,
      reports[5]!,
      { ...proof, hashes: [hashes[0]!.replace(/^./, (one) => (one === "0" ? "1" : "0")), ...hashes.slice(1)] },
      nodePrimitives,
    );
    expect(wrong).toMatchObject({ check: "log" });
    expect(await membershipFindings(reports[3]!, reports[5]!, proof, nodePrimitives)).toHaveLength(1);
  });
});

describe("zlib streams", () => {
  it.each([0, 1, 6, 9])("come out as Node put them in, at level %i, and end where they end", (level) =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 3_000 }),
          fc.string({ maxLength: 50 }).map((text) => bytesOf(text.repeat(90))),
        ),
        (bytes) => {
          const packed = Buffer.concat([Buffer.from("ab"), deflateSync(bytes, { level }), Buffer.from("rest")]);
          const { bytes: out, end } = inflate(packed, 2, bytes.length);
          expect(Buffer.compare(out, bytes)).toBe(0);
          expect(packed.subarray(end).toString()).toBe("rest");
        },
      ),
      { numRuns: 60 },
    ),
  );

  it("are refused or come out right, whatever is changed in them", () => {
    const bytes = bytesOf("a rule for each vault\n".repeat(60));
    const packed = new Uint8Array(deflateSync(bytes));
    const outcome = (stream: Uint8Array): string => {
      try {
        return hex(inflate(stream, 0, bytes.length).bytes);
      } catch (error) {
        return error instanceof Refused ? error.check : String(error);
      }
    };
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        // A bit of the header, or of the padding before the checksum, says nothing.
        expect(["pack", hex(bytes)]).toContain(outcome(packed.with(at, packed[at]! ^ by)));
      }),
    );
  });
});

describe("a pack that git itself wrote", () => {
  it("gives the commit, its folder's tree and the bytes of every file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pack-"));
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=Ops", "-c", "user.email=ops@example.org", ...args], {
        maxBuffer: 2 ** 26,
      });
    try {
      git("init", "-q");
      const files = new Map([
        ["backup/plän b.yaml", "kind: BackupPlan\n".repeat(500)],
        ["backup/vaults/nightly.yaml", "kind: BackupVault\n"],
        ["other.txt", randomBytes(4_000).toString("hex")],
      ]);
      execFileSync("mkdir", ["-p", join(folder, "backup/vaults")]);
      for (const [path, text] of files) writeFileSync(join(folder, path), text);
      git("add", ".");
      git("commit", "-q", "-m", "Back up");
      const commit = git("rev-parse", "HEAD").toString().trim();
      const ids = git("rev-list", "--objects", "--no-walk", commit, "--", "backup");
      const pack = execFileSync("git", ["-C", folder, "pack-objects", "--stdout", "-q", "--window=0", "--depth=0"], {
        input: ids,
      });
      const objects = await readPack(new Uint8Array(pack), nodePrimitives);
      const root = treeOf("backup", readCommit(objects.get(commit)!.content).tree, objects);
      expect(root).toBe(git("rev-parse", `${commit}:backup`).toString().trim());
      const found = [...filesBelow(root, objects)].map(([path, id]) => [
        `backup/${path}`,
        new TextDecoder().decode(objects.get(id)!.content),
      ]);
      expect(new Map(found as [string, string][])).toEqual(
        new Map([...files].filter(([path]) => path !== "other.txt")),
      );
      const blob = { type: "blob", content: bytesOf(files.get("other.txt")!) } as const;
      expect(await objectId(blob, nodePrimitives)).toBe(git("rev-parse", `${commit}:other.txt`).toString().trim());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("what Node and a browser say of the same bytes", () => {
  const message = randomBytes(500);
  const browser = browserPrimitives();

  it.each([
    { key: ec, other: ecKey() },
    { key: ml, other: mlKey() },
  ])("is the same for $key.algorithm", async ({ key, other }) => {
    const signature = key.sign(message);
    for (const primitives of [nodePrimitives, browser]) {
      const said = (spki: Uint8Array, bytes: Uint8Array) =>
        primitives.verifySignature(key.algorithm, spki, bytes, signature);
      expect(algorithmOf(key.spki)).toBe(key.algorithm);
      expect(await said(key.spki, message)).toBe("valid");
      expect(await said(key.spki, message.subarray(1))).toBe("invalid");
      expect(await said(other.spki, message)).toBe("invalid");
    }
  });

  it("is the same for digests, and for what is gzip and what is too much of it", async () => {
    const packed = new Uint8Array(gzipSync(Buffer.alloc(5_000)));
    for (const { sha256: digest, sha1, gunzip } of [nodePrimitives, browser]) {
      expect(hex(await digest(message))).toBe(sha256(message));
      expect(hex(await sha1(message))).toBe(createHash("sha1").update(message).digest("hex"));
      expect(await gunzip(packed, 5_000)).toHaveLength(5_000);
      await expect(gunzip(packed, 4_999)).rejects.toBeInstanceOf(Error);
      await expect(gunzip(message, 5_000)).rejects.toBeInstanceOf(Error);
    }
  });
});

describe("the trust root", () => {
  const good = keysOf([ec]);
  it.each([
    { what: "a member twice", text: JSON.stringify(good).replace("{", '{"version":1,') },
    {
      what: "a key that is not its name",
      text: JSON.stringify({ ...good, keys: [{ ...good.keys[0], keyid: sha256("x") }] }),
    },
    {
      what: "a key of another algorithm than it says",
      text: JSON.stringify({ ...good, keys: [{ ...good.keys[0], algorithm: "ML_DSA_SHAKE_256" }] }),
    },
    {
      what: "a policy of strangers",
      text: JSON.stringify({ ...good, policy: [{ fromSequence: 1, threshold: 1, keyids: [sha256("x")] }] }),
    },
    {
      what: "one key twice toward a threshold",
      text: JSON.stringify({ ...good, policy: [{ fromSequence: 1, threshold: 2, keyids: [ec.keyid, ec.keyid] }] }),
    },
    {
      what: "a threshold above its keys",
      text: JSON.stringify({ ...good, policy: [{ ...good.policy[0], threshold: 2 }] }),
    },
    {
      what: "no policy for the first report",
      text: JSON.stringify({ ...good, policy: [{ ...good.policy[0], fromSequence: 2 }] }),
    },
    { what: "another version", text: JSON.stringify({ ...good, version: 2 }) },
    { what: "nothing in it", text: "" },
  ])("with $what is refused", async ({ text }) => {
    await expect(readKeys(bytesOf(text), nodePrimitives)).rejects.toMatchObject({ check: "keys" });
  });
});

it("what is signed is as the DSSE specification's own example has it", () => {
  expect(new TextDecoder().decode(verifierPae("http://example.com/HelloWorld", bytesOf("hello world")))).toBe(
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
});
