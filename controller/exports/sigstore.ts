import { encodeBase64 } from "../attest/sealing/envelope.ts";
import { keysAt, type Keys } from "../attest/sealing/keys.ts";
import type { ExportReport } from "./export-report.ts";

/** The media type that cosign 2.4 and later, and sigstore-js, read. */
export const BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/**
 * A report as a Sigstore bundle: the same payload and the same signature, for tools that read no DSSE file. Anybody can derive it offline,
 * since DSSE signs the payload and not the list of signatures. A bundle takes one signature: the ECDSA one, which is what cosign
 * knows. Its `keyid` is dropped, for go-securesystemslib skips signatures whose keyid is not its own fingerprint; the hint says
 * which key it is. No transparency log: the verifier is told so (`--insecure-ignore-tlog`).
 *
 * Undefined where no ECDSA key of the report's policy signed it.
 */
export function sigstoreBundle({ sequence, envelope }: ExportReport, keys: Keys): object | undefined {
  const usable = new Set<string>(
    keysAt(keys, sequence).flatMap(({ keyid, algorithm }) => (algorithm === "ECDSA_SHA_256" ? [keyid] : [])),
  );
  const signature = envelope.signatures.find(({ keyid }) => usable.has(keyid));
  if (!signature) return undefined;
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: signature.keyid }, tlogEntries: [] },
    dsseEnvelope: {
      payload: encodeBase64(envelope.payload),
      payloadType: envelope.payloadType,
      signatures: [{ sig: encodeBase64(signature.sig) }],
    },
  };
}
