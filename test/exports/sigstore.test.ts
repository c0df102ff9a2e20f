import { createPublicKey } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, Verifier } from "@sigstore/verify";
import { describe, expect, it } from "vitest";
import { sigstoreBundle } from "../../controller/exports/sigstore.ts";
import { soleKey } from "../../controller/attest/sealing/keys.ts";
import { testSigner } from "../attest/fixture.ts";
import { CHAIN, keys, reportOf, signer } from "./fixture.ts";

/** sigstore-js with our key and nothing of the public good instance: no log, no timestamp, no certificate. */
const verifier = (hints: ReadonlyMap<string, Uint8Array>) =>
  new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: (hint) => {
        const spki = hints.get(hint);
        if (!spki) throw new Error(`no key ${hint}`);
        return {
          publicKey: createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" }),
          validFor: () => true,
        };
      },
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );

const ours = verifier(new Map([[signer.keyid, signer.spki]]));

describe("a Sigstore bundle", () => {
  it("is read and verified by sigstore-js", async () => {
    const bundle = bundleFromJSON(sigstoreBundle(await reportOf(1), keys));
    expect(bundle.mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
    expect(() => ours.verify(toSignedEntity(bundle))).not.toThrow();
  });

  it("is refused by it with another payload or another key", async () => {
    const [one, other] = [sigstoreBundle(await reportOf(1), keys), sigstoreBundle(await reportOf(2), keys)];
    const mixed: unknown = JSON.parse(JSON.stringify(one).replace(payloadIn(one), payloadIn(other)));
    expect(() => ours.verify(toSignedEntity(bundleFromJSON(mixed)))).toThrow(/signature verification failed/);
    const stranger = verifier(new Map([[signer.keyid, testSigner().spki]]));
    expect(() => stranger.verify(toSignedEntity(bundleFromJSON(one)))).toThrow(/signature verification failed/);
  });

  it("carries the payload's bytes, one signature without keyid, and no log entry", async () => {
    const report = await reportOf(1);
    expect(sigstoreBundle(report, keys)).toMatchObject({
      verificationMaterial: { publicKey: { hint: signer.keyid }, tlogEntries: [] },
      dsseEnvelope: {
        payload: Buffer.from(report.envelope.payload).toString("base64"),
        signatures: [{ sig: expect.any(String) }],
      },
    });
    expect(JSON.stringify(sigstoreBundle(report, keys))).not.toContain("keyid");
  });

  it("is none where no key of the policy signed", async () => {
    expect(sigstoreBundle(await reportOf(1), soleKey(CHAIN, testSigner()))).toBeUndefined();
  });
});

const payloadIn = (bundle: object | undefined): string => /"payload":"([^"]+)"/.exec(JSON.stringify(bundle))?.[1] ?? "";
