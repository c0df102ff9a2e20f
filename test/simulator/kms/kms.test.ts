import { createHash, createPublicKey, verify } from "node:crypto";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  GetPublicKeyCommand,
  ListAliasesCommand,
  SignCommand,
  VerifyCommand,
  type SignCommandInput,
  type SigningAlgorithmSpec,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, keyFrom, member, refusal, region, smallSimulator } from "../fixture.ts";
import { rootPolicy } from "./state.ts";

const SigningAlgorithm = "ECDSA_SHA_256";
const alias = "alias/holdfast-evidence";

function withKeys() {
  const simulator = smallSimulator();
  const signing = simulator.addKey(hub, region, { spec: "ECC_NIST_P256", alias });
  const vault = simulator.addKey(hub, region, { alias: "alias/backup" });
  return { simulator, signing, vault, ...clientsOf(simulator) };
}

describe("signing", () => {
  it("makes signatures that others can verify with the public key, of a message or of its digest", async () => {
    const { kms, signing } = withKeys();
    const Message = Buffer.from("statement");
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Message));
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: alias }));
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
    const raw = await kms.send(new SignCommand({ KeyId: alias, Message, SigningAlgorithm }));
    const pre = await kms.send(
      new SignCommand({ KeyId: signing.id, Message: digest, MessageType: "DIGEST", SigningAlgorithm }),
    );
    expect(raw.KeyId).toBe(signing.arn);
    expect(verify("sha256", Message, key, raw.Signature ?? new Uint8Array())).toBe(true);
    expect(verify("sha256", Message, key, pre.Signature ?? new Uint8Array())).toBe(true);
  });

  it("throws on a bad signature instead of returning false", async () => {
    const { kms } = withKeys();
    const Message = Buffer.from("statement");
    const { Signature } = await kms.send(new SignCommand({ KeyId: alias, Message, SigningAlgorithm }));
    await kms.send(new VerifyCommand({ KeyId: alias, Message, Signature, SigningAlgorithm }));
    const other = { KeyId: alias, Message: Buffer.from("another"), SigningAlgorithm } as const;
    expect(await refusal(kms.send(new VerifyCommand({ ...other, Signature })))).toMatchObject({
      name: "KMSInvalidSignatureException",
      status: 400,
    });
    const noise = new VerifyCommand({ ...other, Signature: Buffer.from("not DER") });
    expect(await refusal(kms.send(noise))).toMatchObject({ name: "KMSInvalidSignatureException" });
  });

  interface Refused {
    readonly KeyId?: string;
    readonly Message?: Uint8Array;
    readonly MessageType?: "DIGEST";
    readonly SigningAlgorithm?: SigningAlgorithmSpec;
  }
  const refusals: readonly (readonly [string, Refused, string])[] = [
    ["more than 4096 bytes as RAW", { Message: Buffer.alloc(4097) }, "ValidationException"],
    ["a digest of another length", { MessageType: "DIGEST", Message: Buffer.alloc(20) }, "ValidationException"],
    ["an algorithm of another key", { SigningAlgorithm: "RSASSA_PSS_SHA_256" }, "InvalidKeyUsageException"],
    ["a key that encrypts", { KeyId: "alias/backup" }, "InvalidKeyUsageException"],
    ["a key that is not there", { KeyId: "alias/none" }, "NotFoundException"],
    ["an empty message", { Message: new Uint8Array() }, "ValidationException"],
  ];
  it.each(refusals)("refuses %s", async (_what, over, name) => {
    const { kms } = withKeys();
    const sign = new SignCommand({ KeyId: alias, Message: Buffer.from("x"), SigningAlgorithm, ...over });
    expect(await refusal(kms.send(sign))).toMatchObject({ name, status: 400 });
  });

  it("refuses a key that is disabled or about to be deleted", async () => {
    const { kms, signing } = withKeys();
    const sign = () => kms.send(new SignCommand({ KeyId: alias, Message: Buffer.from("x"), SigningAlgorithm }));
    signing.state = "Disabled";
    expect(await refusal(sign())).toMatchObject({ name: "DisabledException" });
    signing.state = "PendingDeletion";
    expect(await refusal(sign())).toMatchObject({ name: "KMSInvalidStateException" });
  });
});

describe("signing with ML-DSA-65", () => {
  const algorithm = { SigningAlgorithm: "ML_DSA_SHAKE_256" } as const;
  const Message = Buffer.from("statement");

  async function withKey() {
    const { simulator, kms } = withKeys();
    const { arn } = simulator.addKey(hub, region, { spec: "ML_DSA_65", alias: "alias/second", origin: "EXTERNAL" });
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: arn }));
    const spki = Buffer.from(PublicKey);
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    const signed = async (input: Pick<SignCommandInput, "Message" | "MessageType">) =>
      (await kms.send(new SignCommand({ KeyId: arn, ...algorithm, ...input }))).Signature ?? new Uint8Array();
    return { kms, arn, spki, key, signed };
  }

  /** FIPS 204 §6.2, in the words of OpenSSL's own hash. */
  const mu = (spki: Buffer, message: Buffer) => {
    const shake = (...parts: readonly Buffer[]) =>
      createHash("shake256", { outputLength: 64 }).update(Buffer.concat(parts)).digest();
    return shake(shake(spki.subarray(22)), Buffer.from([0, 0]), message);
  };

  it("answers a message and its mu alike, with what others can verify over the message", async () => {
    const { spki, key, signed } = await withKey();
    expect(spki).toHaveLength(1974);
    const raw = await signed({ Message });
    expect(raw).toHaveLength(3309);
    expect(verify(null, Message, key, raw)).toBe(true);
    const long = Buffer.alloc(100_000, "x");
    expect(verify(null, long, key, await signed({ Message: mu(spki, long), MessageType: "EXTERNAL_MU" }))).toBe(true);
  });

  it("takes what is sent as RAW for the message itself: neither a digest nor mu sent so verifies over the message", async () => {
    const { spki, key, signed } = await withKey();
    const digest = createHash("sha256").update(Message).digest();
    for (const mistaken of [digest, mu(spki, Message)]) {
      const signature = await signed({ Message: mistaken });
      expect(verify(null, Message, key, signature)).toBe(false);
      expect(verify(null, mistaken, key, signature)).toBe(true);
    }
  });

  it("tells its spec and where its material was made", async () => {
    const { kms, arn } = await withKey();
    expect((await kms.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata).toMatchObject({
      KeySpec: "ML_DSA_65",
      KeyUsage: "SIGN_VERIFY",
      Origin: "EXTERNAL",
      SigningAlgorithms: ["ML_DSA_SHAKE_256"],
    });
    const made = await kms.send(new CreateKeyCommand({ KeySpec: "ML_DSA_65", KeyUsage: "SIGN_VERIFY" }));
    expect(made.KeyMetadata).toMatchObject({ KeySpec: "ML_DSA_65", Origin: "AWS_KMS" });
  });

  it("throws on a bad signature", async () => {
    const { kms, arn, spki, signed } = await withKey();
    const given = { KeyId: arn, ...algorithm, Message: mu(spki, Message), MessageType: "EXTERNAL_MU" } as const;
    const Signature = await signed({ Message });
    await kms.send(new VerifyCommand({ ...given, Signature }));
    for (const wrong of [Signature.map((byte, at) => (at === 9 ? byte ^ 1 : byte)), Buffer.from("short")])
      expect(await refusal(kms.send(new VerifyCommand({ ...given, Signature: wrong })))).toMatchObject({
        name: "KMSInvalidSignatureException",
      });
  });

  const refusals: readonly (readonly [string, Partial<SignCommandInput>, string])[] = [
    ["more than 4096 bytes as RAW", { Message: Buffer.alloc(4097) }, "ValidationException"],
    ["mu of another length", { MessageType: "EXTERNAL_MU", Message: Buffer.alloc(32) }, "ValidationException"],
    ["a digest", { MessageType: "DIGEST", Message: Buffer.alloc(32) }, "ValidationException"],
    ["an algorithm of another key", { SigningAlgorithm: "ECDSA_SHA_256" }, "InvalidKeyUsageException"],
    [
      "mu for a key that has none",
      { KeyId: alias, SigningAlgorithm, MessageType: "EXTERNAL_MU", Message: Buffer.alloc(64) },
      "ValidationException",
    ],
  ];
  it.each(refusals)("refuses %s", async (_what, over, name) => {
    const { kms, arn } = await withKey();
    const sign = new SignCommand({ KeyId: arn, Message, ...algorithm, ...over });
    expect(await refusal(kms.send(sign))).toMatchObject({ name, status: 400 });
  });
});

describe("keys", () => {
  it.each(["alias", "id", "arn", "alias ARN"] as const)("are found by %s", async (by) => {
    const { kms, vault } = withKeys();
    const names = {
      alias: "alias/backup",
      id: vault.id,
      arn: vault.arn,
      "alias ARN": `arn:aws:kms:${region}:${hub}:alias/backup`,
    };
    expect(await kms.send(new DescribeKeyCommand({ KeyId: names[by] }))).toMatchObject({
      KeyMetadata: { Arn: vault.arn, KeyState: "Enabled" },
    });
  });

  it("of another account need an ARN and that account's leave", async () => {
    const { simulator, kms } = withKeys();
    const closed = simulator.addKey(member, region, { alias: "alias/theirs" });
    expect(await refusal(kms.send(new DescribeKeyCommand({ KeyId: "alias/theirs" })))).toMatchObject({
      name: "NotFoundException",
    });
    expect(await refusal(kms.send(new DescribeKeyCommand({ KeyId: closed.arn })))).toMatchObject({
      name: "AccessDeniedException",
    });
    const Principal = { AWS: [`arn:aws:iam::${member}:root`, `arn:aws:iam::${hub}:root`] };
    closed.policy = { Statement: { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" } };
    expect(await kms.send(new DescribeKeyCommand({ KeyId: closed.arn }))).toMatchObject({
      KeyMetadata: { AWSAccountId: member },
    });
  });

  it("obey their own policy before the account's: administrators cannot sign where only the controller may", async () => {
    const { simulator, signing, kms } = withKeys();
    const role = simulator.iam.putRole(hub, { name: "controller", trust: rootPolicy(hub) });
    signing.policy = {
      Statement: { Effect: "Allow", Principal: { AWS: role.arn }, Action: "kms:Sign", Resource: "*" },
    };
    const sign = new SignCommand({ KeyId: signing.arn, Message: Buffer.from("x"), SigningAlgorithm });
    expect(await refusal(kms.send(sign))).toMatchObject({ name: "AccessDeniedException" });
    const session = simulator.iam.issueSession({
      role,
      name: "run",
      sourceIdentity: undefined,
      expires: new Date("2027-01-01"),
    });
    const credentials = keyFrom({
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: "x",
      SessionToken: session.sessionToken,
    });
    expect((await clientsOf(simulator, { credentials }).kms.send(sign)).KeyId).toBe(signing.arn);
  });

  it("are listed by alias over short pages, and an alias is given once", async () => {
    const { simulator, kms, vault } = withKeys();
    for (const name of ["c", "d", "e"])
      await kms.send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: vault.id }));
    const again = new CreateAliasCommand({ AliasName: "alias/c", TargetKeyId: vault.id });
    expect(await refusal(kms.send(again))).toMatchObject({ name: "AlreadyExistsException" });
    const first = await kms.send(new ListAliasesCommand({}));
    const second = await kms.send(new ListAliasesCommand({ Marker: first.NextMarker }));
    expect([first.Aliases?.length, first.Truncated, second.Aliases?.length, second.Truncated]).toEqual([
      3,
      true,
      2,
      false,
    ]);
    expect(simulator.kms(hub, region).aliases.size).toBe(5);
  });
});
