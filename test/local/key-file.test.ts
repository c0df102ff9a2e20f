import { createPrivateKey, verify } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyIdOf } from "../../controller/attest/sealing/keys.ts";
import { publicKeyOf } from "../../controller/attest/sealing/public-key.ts";
import { openKeyFile } from "../../controller/local/key-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-key-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, "deep", "signing-key.pem");
const posix = process.platform !== "win32";

describe("a signing key in a file", () => {
  it("is made at first use, and is the same ever after", async () => {
    const first = await openKeyFile(file());
    const again = await openKeyFile(file());
    expect(again.keyid).toBe(first.keyid);
    expect(first).toMatchObject({ protection: "local-file", algorithm: "ECDSA_SHA_256", keyid: keyIdOf(first.spki) });
    expect(createPrivateKey(await readFile(file(), "utf8")).asymmetricKeyDetails).toMatchObject({
      namedCurve: "prime256v1",
    });
  });

  it.runIf(posix).each(["ECDSA_SHA_256", "ML_DSA_SHAKE_256"] as const)(
    "of %s is its owner's alone",
    async (algorithm) => {
      await openKeyFile(file(), algorithm);
      expect((await stat(file())).mode & 0o777).toBe(0o600);
    },
  );

  it("signs what its public key verifies", async () => {
    const signer = await openKeyFile(file());
    const said = new TextEncoder().encode("DSSEv1 1 a 1 b");
    const signature = await signer.sign(said);
    expect(verify("sha256", said, { key: publicKeyOf(signer.spki), dsaEncoding: "der" }, signature)).toBe(true);
  });

  it("of ML-DSA-65 is made and kept in the same way", async () => {
    const [first, again] = [
      await openKeyFile(file(), "ML_DSA_SHAKE_256"),
      await openKeyFile(file(), "ML_DSA_SHAKE_256"),
    ];
    expect(again.keyid).toBe(first.keyid);
    expect(first).toMatchObject({ algorithm: "ML_DSA_SHAKE_256", origin: "local", keyid: keyIdOf(first.spki) });
    expect(await readFile(file(), "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    const said = new TextEncoder().encode("DSSEv1 1 a 1 b");
    expect(verify(null, said, publicKeyOf(first.spki), await first.sign(said))).toBe(true);
  });

  it("is refused in the place of the other: the first signature is P-256's, the second ML-DSA's", async () => {
    const [first, second] = [join(folder, "first.pem"), join(folder, "second.pem")];
    await openKeyFile(first);
    await openKeyFile(second, "ML_DSA_SHAKE_256");
    await expect(openKeyFile(second)).rejects.toThrow(/not on P-256/);
    await expect(openKeyFile(first, "ML_DSA_SHAKE_256")).rejects.toThrow(/not of ML-DSA-65/);
  });

  it("is one key where several use it first at once", async () => {
    const signers = await Promise.all(Array.from({ length: 8 }, () => openKeyFile(file())));
    expect(new Set(signers.map(({ keyid }) => keyid)).size).toBe(1);
  });

  it.runIf(posix).each([0o640, 0o604, 0o666])("is refused where others have access (mode %o)", async (mode) => {
    await openKeyFile(file());
    await chmod(file(), mode);
    await expect(openKeyFile(file())).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringContaining(`mode ${mode.toString(8)}`),
    });
  });

  it.each([
    { what: "no key at all", pem: () => "words" },
    {
      what: "a key on another curve",
      pem: () =>
        generateKeyPairSync("ec", { namedCurve: "P-384" })
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
    },
    {
      what: "a public key",
      pem: () =>
        generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }).toString(),
    },
  ])("is refused where the file holds $what", async ({ pem }) => {
    const path = join(folder, "key.pem");
    await writeFile(path, pem(), { mode: 0o600 });
    await expect(openKeyFile(path)).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringContaining("move it away"),
    });
  });

  it("says so where it cannot be made", async () => {
    await writeFile(join(folder, "deep"), "a file");
    await expect(openKeyFile(file())).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringContaining("cannot be read or made"),
    });
  });
});
