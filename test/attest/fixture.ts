import { generateKeyPairSync, sign } from "node:crypto";
import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import { gitBlob, gitTree } from "../../controller/attest/git/git-objects.ts";
import { keyIdOf } from "../../controller/attest/sealing/keys.ts";
import type { Signer } from "../../controller/attest/sealing/signer.ts";
import { sourceSection } from "../../controller/attest/report/source-section.ts";
import { notSurveyed } from "../../controller/attest/report/surveyed.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import type { Revision } from "../../controller/domain/desired.ts";
import { Instant, ResourceKey } from "../../controller/domain/identity.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import { NO_COMMIT } from "../support/no-commit.ts";

/** A fresh P-256 key in memory. */
export function testSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  return {
    keyid: keyIdOf(spki),
    algorithm: "ECDSA_SHA_256",
    spki,
    protection: "local-file",
    origin: "local",
    sign: async (pae) => new Uint8Array(sign("sha256", pae, { key: privateKey, dsaEncoding: "der" })),
  };
}

/** A fresh ML-DSA-65 key in memory. */
export function secondTestSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ml-dsa-65");
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  return {
    keyid: keyIdOf(spki),
    algorithm: "ML_DSA_SHAKE_256",
    spki,
    protection: "local-file",
    origin: "local",
    sign: async (pae) => new Uint8Array(sign(null, pae, privateKey)),
  };
}

export const at = (minute: number): Instant =>
  Instant.parse(new Date(Date.parse("2027-01-01T00:00:00.000Z") + minute * 60_000).toISOString());

/** When the next report is due, long after all that fixtures tell of. */
export const DUE = at(60 * 24 * 400);

export const resourceKey = (name: string): ResourceKey =>
  ResourceKey.parse({ target: { account: "111122223333", region: "eu-west-1" }, kind: "vault", name });

export const MANIFESTS = new Map([
  ["fleet.yaml", "kind: Fleet\n"],
  ["vaults/nightly.yaml", "kind: BackupVault\n"],
]);

export function revisionOf(manifests: ReadonlyMap<string, string> = MANIFESTS): Revision {
  const files = [...manifests].map(([path, text]) => ({
    path,
    sha256: digestOf(text),
    gitBlob: gitBlob(Buffer.from(text)),
  }));
  return {
    digest: digestOf("revision"),
    commit: "a".repeat(40),
    tree: gitTree(files),
    dirty: false,
    sequence: null,
    fastForward: null,
    previousCommit: null,
    ...NO_COMMIT,
    uri: "git+https://example.org/platform/backups.git",
    files,
  };
}

/** A report about nothing much, told by a run that took a minute. */
export function bodyOf(run: string, minute: number, change: Partial<ReportBody> = {}): ReportBody {
  return {
    schema: "1.0",
    reporter: {
      id: "holdfast/test",
      version: "0.0.0",
      imageDigest: null,
      configSha256: digestOf("settings"),
      principalArn: null,
      accountId: null,
      region: null,
    },
    source: sourceSection(revisionOf()),
    scope: { fleet: "test", accounts: [], regions: [], resourceTypes: [], partial: false, exclusions: [] },
    run: {
      id: run,
      trigger: "schedule",
      mode: "apply",
      startedOn: at(minute),
      finishedOn: at(minute + 1),
      attempts: 1,
      clock: { source: "system", maxErrorMs: null },
    },
    result: "CONVERGED",
    targets: [],
    summary: {},
    resources: [],
    held: [],
    changes: [],
    actions: [],
    recovered: [],
    standDowns: [],
    ...notSurveyed(new Date(at(minute)), new Date(at(minute + 1))),
    exceptions: [],
    listings: [],
    governed: [],
    carried: NOTHING_CARRIED,
    attachments: [],
    limitations: [],
    ...change,
  };
}
