import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodeEnvelope, pae } from "../../controller/attest/sealing/envelope.ts";
import { keyIdOf, soleKey } from "../../controller/attest/sealing/keys.ts";
import { seal } from "../../controller/attest/sealing/sign.ts";
import type { Signer } from "../../controller/attest/sealing/signer.ts";
import { desiredDigest } from "../../controller/domain/desired.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import { instant } from "../../controller/domain/identity.ts";
import { encodeHead, Head, HEAD_TYPE, headDigest, readHead, revisionOf } from "../../controller/load/head.ts";

const CHAIN = "0b6c1a52-6f0e-4d2a-9c53-5a0f6ad1b0a1";

function newSigner(): Signer {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = new Uint8Array(createPublicKey(privateKey).export({ type: "spki", format: "der" }));
  return {
    keyid: keyIdOf(spki),
    algorithm: "ECDSA_SHA_256",
    spki,
    protection: "local-file",
    origin: "local",
    sign: (bytes) => Promise.resolve(new Uint8Array(sign("sha256", bytes, { key: privateKey, dsaEncoding: "der" }))),
  };
}

const head: Head = Head.parse({
  version: 1,
  sequence: 7,
  previous: "a".repeat(64),
  commit: "b".repeat(40),
  tree: "c".repeat(40),
  previousCommit: "d".repeat(40),
  fastForward: true,
  dirty: false,
  uri: "https://git.example/backups.git",
  files: [{ path: "fleet.yaml", sha256: digestOf("x"), gitBlob: "e".repeat(40), size: 1 }],
});

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code: unknown }).code;
  }
};

describe("HEAD", () => {
  it("is read back as it was written, unsigned where nobody asks for a signature", () => {
    expect(readHead(encodeHead(head))).toEqual({ head, signature: { is: "absent" } });
  });

  it("is read back when a trusted key signed it, and says which", async () => {
    const signer = newSigner();
    const file = await seal(encodeHead(head), [signer], HEAD_TYPE);
    const keyids = [signer.keyid];
    expect(readHead(file, soleKey(CHAIN, signer))).toEqual({ head, signature: { is: "verified", keyids } });
    expect(readHead(file), "signed, and nobody said by whom").toEqual({
      head,
      signature: { is: "unchecked", keyids },
    });
  });

  it("is not believed without a signature, once there are keys to believe", () => {
    expect(codeOf(() => readHead(encodeHead(head), soleKey(CHAIN, newSigner())))).toBe("source-unverified");
  });

  it("is not believed under a stranger's signature", async () => {
    const file = await seal(encodeHead(head), [newSigner()], HEAD_TYPE);
    expect(codeOf(() => readHead(file, soleKey(CHAIN, newSigner())))).toBe("source-unverified");
  });

  it("is not believed when changed after it was signed", async () => {
    const signer = newSigner();
    const sig = await signer.sign(pae(HEAD_TYPE, encodeHead(head)));
    const payload = encodeHead({ ...head, sequence: 8 });
    const file = encodeEnvelope({ payloadType: HEAD_TYPE, payload, signatures: [{ keyid: signer.keyid, sig }] });
    expect(codeOf(() => readHead(file, soleKey(CHAIN, signer)))).toBe("source-unverified");
  });

  it("is not believed when the key signed it as something else", async () => {
    const signer = newSigner();
    const file = await seal(encodeHead(head), [signer], "application/vnd.in-toto+json");
    expect(codeOf(() => readHead(file, soleKey(CHAIN, signer)))).toBe("source-unverified");
  });

  it.each([
    ["text", text("HEAD")],
    ["no JSON", new TextEncoder().encode("ref: refs/heads/main")],
    ["a member too many", text({ ...head, extra: 1 })],
    ["a member too few", text({ ...head, tree: undefined })],
    ["no files", text({ ...head, files: [] })],
    ["a file twice", text({ ...head, files: [head.files[0], head.files[0]] })],
    ["another spelling of itself", text(head)],
    ["an envelope that is none", text({ payloadType: HEAD_TYPE })],
  ])("is not %s", (_, file) => {
    expect(codeOf(() => readHead(file))).toBe("source-unreadable");
  });

  it.each(["/etc/passwd", "../x.yaml", "a/../x.yaml", "a//x.yaml", "./x.yaml", "a\\x.yaml", "a\nx.yaml", ""])(
    "names no file %j",
    (path) => {
      expect(Head.safeParse({ ...head, files: [{ ...head.files[0], path }] }).success).toBe(false);
    },
  );

  it.each(["x.yaml", "a/b/c.yaml", ".holdfast/x.yaml", "a b/ü.yaml", "..a/b..yaml"])("may name %j", (path) => {
    expect(Head.safeParse({ ...head, files: [{ ...head.files[0], path }] }).success).toBe(true);
  });

  it("becomes the revision a report names; what an earlier Holdfast did not publish is not made up", () => {
    const { size: _, ...file } = head.files[0]!;
    expect(revisionOf(head)).toEqual({
      digest: desiredDigest(head.files),
      commit: head.commit,
      tree: head.tree,
      dirty: false,
      sequence: 7,
      fastForward: true,
      previousCommit: head.previousCommit,
      brokenLines: [],
      uri: head.uri,
      ref: null,
      committedOn: null,
      manifestRoot: "",
      commitSignature: { format: "unknown", status: "not-checked", signer: null },
      pack: null,
      unpacked: expect.stringContaining("sync again"),
      files: [file],
    });
  });

  it("says where its commit comes from, and which pack holds it", () => {
    const origin = {
      ref: "refs/heads/main",
      committedOn: instant(new Date(0)),
      manifestRoot: "teams/é",
      commitSignature: { format: "ssh", status: "not-checked", signer: null },
      pack: { sha256: digestOf("pack"), size: 4 },
      unpacked: null,
    } as const;
    const told = Head.parse({ ...head, ...origin });
    expect(revisionOf(readHead(encodeHead(told)).head)).toMatchObject(origin);
    expect(Head.safeParse({ ...told, manifestRoot: "../other" }).success).toBe(false);
  });

  it("has a digest of its content, which no signature changes", () => {
    expect(headDigest(head)).toBe(digestOf(encodeHead(head)));
  });

  it("has a desired state whose digest is of names and contents, in any order", () => {
    const files = [
      { path: "a", sha256: digestOf("1") },
      { path: "b", sha256: digestOf("2") },
    ];
    expect(desiredDigest(files)).toBe(desiredDigest(files.toReversed()));
    expect(desiredDigest(files)).not.toBe(desiredDigest([{ path: "a", sha256: digestOf("2") }, files[1]!]));
    expect(desiredDigest(files)).not.toBe(desiredDigest(files.slice(1)));
  });
});
