import { describe, expect, it } from "vitest";
import { createEvidence } from "../../controller/attest/evidence.ts";
import { attachmentKey, reportName } from "../../controller/attest/chain/names.ts";
import { verifyChain } from "../../controller/attest/chain/verify.ts";
import { soleKey } from "../../controller/attest/sealing/keys.ts";
import { seal } from "../../controller/attest/sealing/sign.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import { MemoryStore } from "../local/memory-store.ts";
import { bodyOf, DUE, revisionOf, testSigner } from "./fixture.ts";

const CHAIN = "00000000-0000-4000-8000-000000000001";
const manifestsOf = (count: number): ReadonlyMap<string, string> =>
  new Map(
    Array.from({ length: count }, (_, n) => [
      `vaults/${String(n).padStart(4, "0")}.yaml`,
      `kind: BackupVault # ${n}\n`,
    ]),
  );

/** One report about so many manifests, as it is stored, and what the verifier says of it. */
async function reportAbout(count: number) {
  const [store, signer, manifests] = [new MemoryStore(), testSigner(), manifestsOf(count)];
  const { evidence } = createEvidence({
    store,
    signers: [signer],
    clock: { now: () => new Date() },
    uuid: () => CHAIN,
  });
  const { url } = await evidence.publish(bodyOf("run-1", 0), revisionOf(manifests), DUE);
  const bytes = store.objects.get(url.slice(store.url.length + 1))!.body;
  const envelope = JSON.parse(Buffer.from(bytes).toString("utf8")) as { readonly payload: string };
  const statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString("utf8")) as {
    readonly subject: readonly { readonly name?: string; readonly digest: Readonly<Record<string, string>> }[];
    readonly predicate: {
      readonly attachments: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
    };
  };
  const given = [...manifests].map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
  const verify = (files = [{ name: reportName(1), bytes }], manifests = given) =>
    verifyChain(files, soleKey(CHAIN, signer), {
      manifests,
      attachment: async (sha256) => store.objects.get(attachmentKey(CHAIN, sha256))?.body,
    });
  return { store, signer, statement, verify, given };
}

describe("a report about very many manifests", () => {
  it("names a thousand of them one by one", async () => {
    const { statement, verify } = await reportAbout(1_000);
    expect(statement.subject).toHaveLength(1_001);
    expect(await verify()).toMatchObject({ intact: "yes", sourced: "yes", problems: [] });
  });

  it("names the list of them, where cosign's verifier would take no more, and the list is as sha256sum checks it", async () => {
    const { statement, verify, store, given } = await reportAbout(1_001);
    const { subject, predicate } = statement;
    expect(subject.map(({ name }) => name ?? "the commit")).toEqual(["the commit", "SHA256SUMS"]);
    const sums = predicate.attachments.find(({ name }) => name === "SHA256SUMS");
    expect(subject[1]?.digest["sha256"]).toBe(sums?.digest.sha256);
    const text = Buffer.from(store.objects.get(attachmentKey(CHAIN, sums!.digest.sha256))!.body).toString("utf8");
    expect(text).toBe(given.map(({ path, bytes }) => `${digestOf(bytes)}  ${path}\n`).join(""));
    expect(await verify()).toMatchObject({ intact: "yes", complete: "yes", sourced: "yes", problems: [] });
  });

  it("is not about a file that was changed, added or left out", async () => {
    const { verify, given } = await reportAbout(1_001);
    const [first, ...rest] = given;
    const other = { ...first!, bytes: new TextEncoder().encode("kind: BackupVault # another\n") };
    for (const files of [rest, [other, ...rest], [...given, { ...other, path: "more.yaml" }]])
      expect(await verify(undefined, files)).toMatchObject({ intact: "yes", sourced: "no" });
  });

  it("does not verify with another list than the one it names", async () => {
    const { verify, statement, signer } = await reportAbout(1_001);
    const subject = statement.subject.map((one) =>
      one.name === "SHA256SUMS" ? { ...one, digest: { sha256: digestOf("") } } : one,
    );
    const payload = new TextEncoder().encode(JSON.stringify({ ...statement, subject }));
    const lying = [{ name: reportName(1), bytes: await seal(payload, [signer]) }];
    expect(await verify(lying)).toMatchObject({ intact: "no" });
  });
});
