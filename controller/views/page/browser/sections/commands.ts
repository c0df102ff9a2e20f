import { h, type Child } from "../dom.ts";
import type { Context, Section } from "../section.ts";

/** The same answers from other people's tools. */
export const commands: Section = { id: "commands", title: "Check it another way", make };

function make({ evidence, shown }: Context): readonly Child[] {
  const file = `${String(shown.sequence).padStart(10, "0")}.dsse.json`;
  const { signatures } = shown;
  const head = evidence.verification.head ?? { sequence: shown.sequence, payloadSha256: shown.payloadSha256 };
  return [
    h(
      "p",
      {},
      "Each block stands alone and needs no network. Files lie as in the evidence store or the evidence pack: ",
      h("code", {}, "keys.json"),
      ", ",
      h("code", {}, `reports/${file}`),
      ".",
    ),
    step("With holdfast: the whole chain, against keys and a head that you got separately", [
      `holdfast report verify --evidence EVIDENCE --keys keys.json --head ${head.sequence}:${head.payloadSha256}`,
    ]),
    step("With Node alone: the dependency-free verifier of the evidence pack", [
      `node verify.mjs . --keys keys.json --head ${head.sequence}:${head.payloadSha256}`,
    ]),
    step("With OpenSSL 3.0 or later, jq and coreutils: one report's signed bytes", [
      `jq -rj .payload reports/${file} | base64 -d > body.json`,
      "sha256sum body.json   # " + shown.payloadSha256,
      "{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' \"$(stat -c %s body.json)\"; cat body.json; } > pae.bin",
      ...signatures.flatMap(({ keyid }, at) => signatureCommands(evidence.algorithmOf(keyid), keyid, at, file)),
    ]),
    step("With cosign: is this manifest one that the report is about?", [
      `cosign verify-blob-attestation --key ${ecdsaPem(evidence, signatures)} --insecure-ignore-tlog=true \\`,
      `  --type ${shown.predicateType} --signature reports/${file} MANIFEST.yaml`,
    ]),
  ];
}

const step = (title: string, lines: readonly string[]): HTMLElement =>
  h(
    "div",
    { class: "command" },
    h("h3", {}, title),
    h("pre", { tabindex: 0, role: "region", "aria-label": title }, h("code", {}, lines.join("\n"))),
  );

function signatureCommands(algorithm: string | undefined, keyid: string, at: number, file: string): readonly string[] {
  const name = keyid.slice(0, 8);
  const pem = `key-${name}.pem`;
  const key = [
    `{ echo '-----BEGIN PUBLIC KEY-----'; jq -r '.keys[] | select(.keyid == "${keyid}").spki' keys.json | fold -w 64; echo '-----END PUBLIC KEY-----'; } > ${pem}`,
    `openssl pkey -pubin -in ${pem} -outform der | sha256sum   # ${keyid}`,
    `jq -rj '.signatures[${at}].sig' reports/${file} | base64 -d > sig-${name}.bin`,
  ];
  if (algorithm === "ECDSA_SHA_256")
    return [...key, `openssl dgst -sha256 -verify ${pem} -signature sig-${name}.bin pae.bin`];
  if (algorithm === "ML_DSA_SHAKE_256")
    return [
      ...key,
      `openssl pkeyutl -verify -pubin -inkey ${pem} -rawin -in pae.bin -sigfile sig-${name}.bin   # OpenSSL 3.5 or later`,
    ];
  return [`# signature ${at} goes by the name of a key that keys.json does not list`];
}

function ecdsaPem(evidence: Context["evidence"], signatures: readonly { readonly keyid: string }[]): string {
  const found = signatures.find(({ keyid }) => evidence.algorithmOf(keyid) === "ECDSA_SHA_256");
  return found ? `key-${found.keyid.slice(0, 8)}.pem` : "PUBLIC-KEY.pem";
}
