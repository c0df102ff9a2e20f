import { createHash, createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { muOf } from "../../controller/attest/sealing/mu.ts";
import { isSignedBy } from "../../controller/attest/sealing/public-key.ts";
import { createKmsSigner, sign } from "../../controller/aws/kms-signer.ts";
import { HUB, REGION, world } from "./world.ts";

const long = new TextEncoder().encode("x".repeat(10_000));

describe("a key in KMS", () => {
  it("signs what is longer than KMS takes, so that anyone can verify it", async () => {
    const { simulator, time, controller } = world();
    const key = simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256", alias: "alias/holdfast" });
    const signer = await time.until(createKmsSigner("alias/holdfast", controller));
    expect(signer).toMatchObject({
      algorithm: "ECDSA_SHA_256",
      protection: "aws-kms",
      kmsKeyArn: key.arn,
      origin: "AWS_KMS",
    });
    const signature = await time.until(signer.sign(long));
    expect(isSignedBy(signer.spki, long, signature)).toBe(true);
    expect(isSignedBy(signer.spki, long.subarray(1), signature)).toBe(false);
    const sent = simulator.calls.all().at(-1)?.input;
    expect(sent, "the key itself and no alias, which may be moved").toMatchObject({
      KeyId: key.arn,
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    });
  });

  it("signs also for who may not ask where it was made, and reports say that nobody knows", async () => {
    const { simulator, time, controller } = world();
    const { arn } = simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256" });
    simulator.faults.add({ service: "kms", operation: "DescribeKey", effect: { kind: "deny" } });
    const signer = await time.until(createKmsSigner(arn, controller));
    expect(signer.origin).toBe("NOT_KNOWN");
    expect(isSignedBy(signer.spki, long, await time.until(signer.sign(long)))).toBe(true);
  });

  it("of ML-DSA-65 is sent mu, so that its signature verifies over the whole report with nothing but its public key", async () => {
    const { simulator, time, controller } = world();
    const key = simulator.addKey(HUB, REGION, { spec: "ML_DSA_65", alias: "alias/second", origin: "EXTERNAL" });
    const signer = await time.until(createKmsSigner("alias/second", controller, "ML_DSA_SHAKE_256"));
    expect(signer).toMatchObject({ algorithm: "ML_DSA_SHAKE_256", kmsKeyArn: key.arn, origin: "EXTERNAL" });
    const signature = await time.until(signer.sign(long));
    const publicKey = createPublicKey({ key: Buffer.from(signer.spki), format: "der", type: "spki" });
    expect(verify(null, long, publicKey, signature)).toBe(true);
    expect(verify(null, long.subarray(1), publicKey, signature)).toBe(false);
    expect(simulator.calls.all().at(-1)?.input).toMatchObject({
      KeyId: key.arn,
      MessageType: "EXTERNAL_MU",
      SigningAlgorithm: "ML_DSA_SHAKE_256",
    });
  });

  const digest = createHash("sha256").update(long).digest();
  it.each([
    ["its digest", () => digest],
    ["its mu", (spki: Uint8Array) => muOf(spki, long)],
  ])("of ML-DSA-65 that signed %s as RAW has not signed the report", async (_what, message) => {
    const { simulator, time, controller } = world();
    const { arn } = simulator.addKey(HUB, REGION, { spec: "ML_DSA_65" });
    const { spki } = await time.until(createKmsSigner(arn, controller, "ML_DSA_SHAKE_256"));
    const input = { KeyId: arn, Message: message(spki), SigningAlgorithm: "ML_DSA_SHAKE_256" } as const;
    const { Signature = new Uint8Array() } = await time.until(controller(sign, { ...input, MessageType: "RAW" }));
    expect(isSignedBy(spki, message(spki), Signature), "it is a signature over something").toBe(true);
    expect(isSignedBy(spki, long, Signature)).toBe(false);
  });

  it("is asked again where an answer was lost: a signature changes nothing", async () => {
    const { simulator, time, controller } = world();
    const { arn } = simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256" });
    const signer = await time.until(createKmsSigner(arn, controller));
    simulator.faults.add({ effect: { kind: "lose" }, operation: "Sign", times: 1 });
    expect(await time.until(signer.sign(long))).toBeInstanceOf(Uint8Array);
  });

  it("is refused where it cannot sign reports, with the reason", async () => {
    const { simulator, time, controller } = world();
    const tried = (key: string) => time.until(createKmsSigner(key, controller));
    const encrypting = simulator.addKey(HUB, REGION);
    await expect(tried(encrypting.arn)).rejects.toMatchObject({ code: "signer-unusable" });
    const disabled = simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256", state: "Disabled" });
    await expect(tried(disabled.arn)).rejects.toThrow(/disabled/);
    await expect(tried("alias/none")).rejects.toThrow(/alias\/none.*own account and Region/s);
  });

  it("of another kind than P-256 is refused by name", async () => {
    const rsa = { KeyId: "arn:key", KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY", PublicKey: new Uint8Array(1) };
    const call = (() => Promise.resolve(rsa)) as unknown as Parameters<typeof createKmsSigner>[1];
    await expect(createKmsSigner("alias/rsa", call)).rejects.toThrow(/RSA_2048.*ECC_NIST_P256/);
  });

  it("stands in one place only: P-256 first, ML-DSA-65 second", async () => {
    const { simulator, time, controller } = world();
    const first = simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256" });
    const second = simulator.addKey(HUB, REGION, { spec: "ML_DSA_65" });
    await expect(time.until(createKmsSigner(second.arn, controller))).rejects.toThrow(/ML_DSA_65.*ECC_NIST_P256/);
    await expect(time.until(createKmsSigner(first.arn, controller, "ML_DSA_SHAKE_256"))).rejects.toThrow(
      /ECC_NIST_P256.*Second signatures.*ML_DSA_65/,
    );
  });
});
