import { describe, expect, it } from "vitest";
import { decodeEnvelope, encodeEnvelope } from "../../controller/attest/sealing/envelope.ts";
import { createEvidence } from "../../controller/attest/evidence.ts";
import { encodeKeys, firstKeys, type Keys, parseKeys, soleKey } from "../../controller/attest/sealing/keys.ts";
import { KEYS_FILE, reportKey } from "../../controller/attest/chain/names.ts";
import { seal } from "../../controller/attest/sealing/sign.ts";
import type { Signer, Signers } from "../../controller/attest/sealing/signer.ts";
import { verifyReport } from "../../controller/attest/chain/verify-report.ts";
import { MemoryStore } from "../local/memory-store.ts";
import { VirtualTime } from "../local/virtual-time.ts";
import { at, bodyOf, revisionOf, secondTestSigner, testSigner } from "./fixture.ts";

const CHAIN = "00000000-0000-4000-8000-00000000beef";
const [first, second] = [testSigner(), secondTestSigner()];

function given(trust?: Keys) {
  const clock = new VirtualTime();
  const store = new MemoryStore(clock.now);
  const by = (...signers: Signers) =>
    createEvidence({ store, signers, clock, uuid: () => CHAIN, ...(trust ? { trust } : {}) });
  const publish = async (id: string, minute: number, signers: Signers = [first, second]) => {
    const { history, evidence } = by(...signers);
    await history.read();
    return evidence.publish(bodyOf(id, minute), revisionOf(), at(minute + 60));
  };
  const fileOf = (sequence: number) => store.objects.get(reportKey(CHAIN, sequence))!.body;
  return { store, by, publish, fileOf };
}

const keys = firstKeys(CHAIN, [first, second]);
const verified = (bytes: Uint8Array, trust = keys) => verifyReport({ name: "0000000001.dsse.json", bytes }, trust);

describe("a chain of two keys", () => {
  it("takes both signatures on every report, or the second would protect nothing", async () => {
    const { store, publish, fileOf } = given();
    const { report } = await publish("run-1", 0);
    expect(report.signing).toEqual({
      required: [first.keyid, second.keyid],
      keys: [
        { keyid: first.keyid, algorithm: "ECDSA_SHA_256", protection: "local-file", origin: "local" },
        { keyid: second.keyid, algorithm: "ML_DSA_SHAKE_256", protection: "local-file", origin: "local" },
      ],
    });
    expect(parseKeys(store.objects.get(KEYS_FILE)!.body)).toEqual({ keys });
    expect(keys.policy).toEqual([{ fromSequence: 1, threshold: 2, keyids: [first.keyid, second.keyid] }]);
    const signatures = decodeEnvelope(fileOf(1)).signatures.map(({ keyid, sig }) => ({ keyid, size: sig.length }));
    expect(signatures[1]).toEqual({ keyid: second.keyid, size: 3309 });
    expect(signatures[0]!.size).toBeLessThanOrEqual(72);
    expect(await verified(fileOf(1))).toMatchObject({ status: "read", problems: [] });
    expect((await publish("run-2", 2)).sequence).toBe(2);
  });

  const altered: readonly (readonly [string, (file: Uint8Array) => Uint8Array])[] = [
    ["the second was stripped", (file) => without(file, second)],
    ["the first was stripped", (file) => without(file, first)],
    ["the first was put in the place of the second", (file) => doubled(file)],
  ];
  it.each(altered)("refuses a report where %s", async (_what, alter) => {
    const { publish, fileOf, store } = given();
    await publish("run-1", 0);
    const bytes = alter(fileOf(1));
    expect(await verified(bytes)).toMatchObject({ status: "refused", problems: [{ check: "signature" }] });
    const key = reportKey(CHAIN, 1);
    store.objects.set(key, { ...store.objects.get(key)!, body: bytes });
    await expect(publish("run-2", 2)).rejects.toMatchObject({ code: "chain-broken" });
  });

  it("refuses a single signer before its first write, and says which key is missing", async () => {
    const { publish, by } = given();
    await publish("run-1", 0);
    await expect(by(first).evidence.open("run-2", at(2))).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringMatching(new RegExp(`takes 2 signatures.*${second.keyid}.*--second-signer`)),
    });
  });

  it("counts keys and not signers: one that is given twice signs once", async () => {
    const { publish, by } = given();
    await publish("run-1", 0);
    await expect(by(first, first).evidence.open("run-2", at(2))).rejects.toMatchObject({ code: "signer-unusable" });
  });

  it.each([
    ["the first", [{ ...first, sign: (pae: Uint8Array) => testSigner().sign(pae) }, second] as const],
    ["the second", [first, { ...second, sign: (pae: Uint8Array) => secondTestSigner().sign(pae) }] as const],
  ])("publishes nothing where %s signature is another's", async (_which, signers) => {
    const { publish, store } = given();
    await publish("run-1", 0);
    await expect(publish("run-2", 2, signers)).rejects.toMatchObject({ code: "signer-unusable" });
    expect(store.objects.has(reportKey(CHAIN, 2))).toBe(false);
  });
});

describe("a chain of one key", () => {
  it("refuses a second signer that its keys do not name: nobody would count that signature", async () => {
    const { publish, by } = given();
    await publish("run-1", 0, [first]);
    await expect(by(first, second).evidence.open("run-2", at(2))).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringMatching(new RegExp(`${second.keyid}.*rotate-keys`)),
    });
  });

  it("may be one of ML-DSA-65 to a verifier: the key says what it signs by", async () => {
    const payload = new TextEncoder().encode("{}");
    const sealed = await seal(payload, [second]);
    expect(await verified(sealed, soleKey(CHAIN, second)), "signed, and no statement").toMatchObject({
      problems: [{ check: "schema" }],
    });
    expect(await verified(sealed, soleKey(CHAIN, secondTestSigner()))).toMatchObject({
      problems: [{ check: "signature" }],
    });
  });
});

describe("keys.json", () => {
  it("is refused where it names a key by another algorithm than the key's", () => {
    const [one] = soleKey(CHAIN, first).keys;
    const lying = { ...soleKey(CHAIN, first), keys: [{ ...one!, algorithm: "ML_DSA_SHAKE_256" as const }] };
    expect(parseKeys(encodeKeys(lying))).toEqual({
      wrong: expect.stringContaining("algorithm is not what spki signs by"),
    });
  });

  it("of before origin and status were written down is read as ever", () => {
    const [{ origin: _, status: __, ...row }] = soleKey(CHAIN, first).keys as [Keys["keys"][number]];
    const old = { ...soleKey(CHAIN, first), keys: [row] };
    expect(parseKeys(encodeKeys(old))).toEqual({ keys: old });
  });
});

function without(file: Uint8Array, { keyid }: Signer): Uint8Array {
  const envelope = decodeEnvelope(file);
  return encodeEnvelope({ ...envelope, signatures: envelope.signatures.filter((one) => one.keyid !== keyid) });
}

function doubled(file: Uint8Array): Uint8Array {
  const envelope = decodeEnvelope(file);
  const { sig } = envelope.signatures[0]!;
  return encodeEnvelope({ ...envelope, signatures: [first, first].map(({ keyid }) => ({ keyid, sig })) });
}
