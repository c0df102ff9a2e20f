import { packKey, reportKey } from "../../attest/chain/names.ts";
import type { KeyRow } from "../../attest/sealing/keys.ts";
import type { ExportReport } from "../export-report.ts";
import { bundleName } from "../formats.ts";
import type { PackFacts } from "./facts.ts";

/** One way to check a pack with a tool that is not Holdfast's: what it shows, and the commands, run in the pack's folder. */
export interface Recipe {
  readonly title: string;
  readonly says: string;
  readonly script: string;
}

const SH = String.raw;

/** What `sha256sum` is for: that the files are the ones that were packed, and nothing more. */
const UNCHANGED: Recipe = {
  title: "The files are the ones that were packed",
  says: "No proof of anything else: whoever changes a file can change the sums.",
  script: "sha256sum --check --quiet SHA256SUMS && echo 'files as packed'",
};

const pins = ({ head, start }: PackFacts): string =>
  [...(head ? [' --head "$(cat HEAD.txt)"'] : []), ...(start ? [' --start "$(cat START.txt)"'] : [])].join("");

const node = (facts: PackFacts): Recipe => ({
  title: "Everything, with Node 20 or later",
  says: "`verify.mjs` is one file without dependencies. It answers four questions apart; exit code 0 is yes to what it was asked, 5 a no, 4 not checkable. Put the `keys.json` that you were given separately in place of the pack's.",
  script: `node verify.mjs . --keys keys.json${pins(facts)}`,
});

const shell = (facts: PackFacts): Recipe => ({
  title: "The chain, with bash, OpenSSL, jq and coreutils",
  says: "`verify.sh` is short enough to be read. It checks the ECDSA signatures, the sequence and the links, and says what it does not check.",
  script: `bash verify.sh . --keys keys.json${pins(facts)}`,
});

/** evidence §9, over one report. */
const openssl = (path: string, { keyid }: KeyRow): Recipe => ({
  title: "One report, with OpenSSL",
  says: "OpenSSL 3.0 and later. It prints `Verified OK`, the key's fingerprint (which is its `keyid`), and the payload's hash (which `HEAD.txt` has for the last report).",
  script: SH`REPORT=${path}
KEYID=${keyid}
WORK=$(mktemp -d)
jq -rj .payload "$REPORT" | base64 -d > "$WORK/body.json"
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(stat -c %s "$WORK/body.json")"; cat "$WORK/body.json"; } > "$WORK/pae.bin"
jq -rj --arg k "$KEYID" '.signatures[] | select(.keyid == $k) | .sig' "$REPORT" | base64 -d > "$WORK/signature.der"
jq -rj --arg k "$KEYID" '.keys[] | select(.keyid == $k) | .spki' keys.json | base64 -d | openssl pkey -pubin -inform DER -out "$WORK/key.pem"
openssl dgst -sha256 -verify "$WORK/key.pem" -signature "$WORK/signature.der" "$WORK/pae.bin"
echo "key     $(sed '/-----/d' "$WORK/key.pem" | base64 -d | sha256sum | cut -d' ' -f1)"
echo "payload $(sha256sum "$WORK/body.json" | cut -d' ' -f1)"`,
});

const opensslMlDsa = (path: string, { keyid }: KeyRow): Recipe => ({
  title: "The second signature (ML-DSA-65), with OpenSSL 3.5 or later",
  says: "Earlier releases cannot read the key; Node 24 and the browser page check it as well. It prints `Signature Verified Successfully`.",
  script: SH`REPORT=${path}
KEYID=${keyid}
WORK=$(mktemp -d)
jq -rj .payload "$REPORT" | base64 -d > "$WORK/body.json"
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(stat -c %s "$WORK/body.json")"; cat "$WORK/body.json"; } > "$WORK/pae.bin"
jq -rj --arg k "$KEYID" '.signatures[] | select(.keyid == $k) | .sig' "$REPORT" | base64 -d > "$WORK/signature.bin"
jq -rj --arg k "$KEYID" '.keys[] | select(.keyid == $k) | .spki' keys.json | base64 -d | openssl pkey -pubin -inform DER -out "$WORK/key.pem"
openssl pkeyutl -verify -pubin -inkey "$WORK/key.pem" -rawin -in "$WORK/pae.bin" -sigfile "$WORK/signature.bin"`,
});

const PYTHON: Recipe = {
  title: "Signatures and links of every report, with Python",
  says: "Python 3 with `cryptography` 38 or later. ECDSA only, as older releases have no ML-DSA.",
  script: SH`python3 - <<'PY'
import base64, glob, hashlib, json
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

keys = [k for k in json.load(open("keys.json"))["keys"] if k["algorithm"] == "ECDSA_SHA_256"]
before = None
for name in sorted(glob.glob("v1/*/reports/*.dsse.json")):
    envelope = json.load(open(name))
    body = base64.b64decode(envelope["payload"], validate=True)
    kind = envelope["payloadType"].encode()
    assert kind == b"application/vnd.in-toto+json", f"{name}: payload type {kind}"
    pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)
    sequence = int(name[-20:-10])
    good = set()
    for key in keys:
        if not key["validFromSequence"] <= sequence <= key.get("validToSequence", sequence):
            continue
        spki = base64.b64decode(key["spki"], validate=True)
        assert hashlib.sha256(spki).hexdigest() == key["keyid"], "keys.json: a keyid is not its key's"
        public = serialization.load_der_public_key(spki)
        for signature in envelope["signatures"]:
            try:
                public.verify(base64.b64decode(signature["sig"], validate=True), pae, ec.ECDSA(hashes.SHA256()))
                good.add(key["keyid"])
            except Exception:
                pass
    assert good, f"{name}: no signature by a key of keys.json"
    chain = json.loads(body)["predicate"]["chain"]
    assert chain["sequence"] == sequence, f"{name}: is report {chain['sequence']}"
    if before:
        link = chain["previous"]
        assert (link["sequence"], link["payloadSha256"]) == before, f"{name}: does not follow report {before[0]}"
    before = (sequence, hashlib.sha256(body).hexdigest())
    print(f"{sequence} {before[1]} signed by {', '.join(sorted(good))}")
assert before, "no reports"
assert open("HEAD.txt").read().strip() == f"{before[0]}:{before[1]}", "the last report is not the one in HEAD.txt"
print("signatures and links verified")
PY`,
};

/** `manifest`: how to come by a file that the report names. */
const cosign = (bundle: string, { spki }: KeyRow, predicateType: string, manifest: string): Recipe => ({
  title: "Is this manifest one that the report names? With cosign 3",
  says: "Without the network. Another key, another file or another type is refused.",
  script: SH`WORK=$(mktemp -d)
{ echo '-----BEGIN PUBLIC KEY-----'; echo ${spki} | fold -w 64; echo '-----END PUBLIC KEY-----'; } > "$WORK/key.pem"
${manifest}
cosign verify-blob-attestation --key "$WORK/key.pem" --insecure-ignore-tlog=true --type ${predicateType} --bundle ${bundle} "$WORK/manifest"`,
});

/** A manifest out of the git pack where there is one; else the reader's own. */
const manifestScript = (pack: string | undefined, gitBlob: string | undefined): string =>
  pack === undefined || gitBlob === undefined
    ? SH`cp path/to/a/manifest.yaml "$WORK/manifest"`
    : SH`git init --quiet "$WORK/git" && git -C "$WORK/git" index-pack --stdin --fsck-objects < ${pack}
git -C "$WORK/git" cat-file blob ${gitBlob} > "$WORK/manifest"`;

const git = (pack: string, commit: string): Recipe => ({
  title: "What was in git, with git",
  says: "An empty repository takes the pack, refuses it where an object is not what its id says, and lists the manifests of the commit. Their blob ids are `digest.gitBlob` of the report's subjects.",
  script: SH`WORK=$(mktemp -d)
git init --quiet "$WORK"
git -C "$WORK" index-pack --stdin --fsck-objects < ${pack}
git -C "$WORK" ls-tree -r ${commit}`,
});

/** The recipes that this pack's files allow, in the order in which they prove more. `has` says whether a path is in the pack. */
export function recipesOf(facts: PackFacts, has: (path: string) => boolean): readonly Recipe[] {
  const { keys, report, commit } = facts;
  const path = report && reportKey(keys.chainId, report.sequence);
  const by = report ? signersOf(report, keys.keys) : [];
  const ecdsa = by.find(({ algorithm }) => algorithm === "ECDSA_SHA_256");
  const mlDsa = by.find(({ algorithm }) => algorithm !== "ECDSA_SHA_256");
  const bundle = report && `sigstore/${bundleName(report.sequence)}`;
  const pack = commit === undefined ? undefined : packKey(keys.chainId, commit);
  const packed = pack !== undefined && has(pack) ? pack : undefined;
  return [
    UNCHANGED,
    ...(has("verify.mjs") ? [node(facts)] : []),
    ...(has("verify.sh") ? [shell(facts)] : []),
    ...(path && ecdsa ? [openssl(path, ecdsa), PYTHON] : []),
    ...(path && mlDsa ? [opensslMlDsa(path, mlDsa)] : []),
    ...(packed && commit ? [git(packed, commit)] : []),
    ...(report && bundle && ecdsa && has(bundle)
      ? [cosign(bundle, ecdsa, report.predicateType, manifestScript(packed, report.gitBlob))]
      : []),
  ];
}

const signersOf = ({ envelope }: ExportReport, keys: readonly KeyRow[]): readonly KeyRow[] =>
  keys.filter(({ keyid }) => envelope.signatures.some((signature) => signature.keyid === keyid));
