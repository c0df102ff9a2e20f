import { describe, expect, it } from "vitest";
import { isSignedBy } from "../../controller/attest/signature.ts";
import { createKmsSigner } from "../../controller/aws/kms-signer.ts";
import { HUB, REGION, world } from "./world.ts";

const long = new TextEncoder().encode("x".repeat(10_000));

describe("a key in KMS", () => {
  it("signs what is longer than KMS takes, so that anyone can verify it", async () => {
    const { simulator, time, controller } = world();
    const key = simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256", alias: "alias/holdfast" });
    const signer = await time.until(createKmsSigner("alias/holdfast", controller));
    expect(signer).toMatchObject({ algorithm: "ECDSA_SHA_256", protection: "aws-kms", kmsKeyArn: key.arn });
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
});
