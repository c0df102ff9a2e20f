import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { addVersion, currentObject } from "../simulator/s3/state.ts";
import { INSTALLED } from "../support/installation.ts";
import { BUCKETS, HUB, IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";

/** Installations as releases left them, one folder a release: the evidence bucket and the work bucket, byte for byte. */
export const KEPT = fileURLToPath(new URL("../golden/installations", import.meta.url));
export const releases = (): readonly string[] => readdirSync(KEPT).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

/**
 * The world that every kept installation looked after. Its key is the same each time, whatever the simulator's chance has come to: a chain
 * is gone on from by the key that began it, and a private key has no place in a repository.
 */
export function fleetOfUpgrades(): Universe {
  const u = universe({ files: PRODUCTION });
  const { keys, aliases } = u.simulator.kms(HUB, IRELAND);
  const id = aliases.get(INSTALLED.signingKey)?.keyId ?? "";
  const key = keys.get(id);
  if (key?.signing === undefined) throw new Error("the evidence key is there to be set");
  const privateKey = createHash("sha256").update("the key of kept installations").digest();
  keys.set(id, { ...key, signing: { ...key.signing, privateKey } });
  return u;
}

/** Somebody cuts what the plan keeps, which the next run is to put back. */
export function cutRetention({ simulator }: Universe): void {
  const [plan] = [...simulator.backup(SHOP, IRELAND).plans.values()];
  const document = plan?.versions.at(-1)?.document;
  if (plan === undefined || document === undefined) throw new Error("the plan is there to be cut");
  const Rules = (document.Rules ?? []).map((rule) => ({ ...rule, Lifecycle: { DeleteAfterDays: 1 } }));
  simulator.operator(SHOP, IRELAND)("backup", "UpdateBackupPlan", {
    BackupPlanId: plan.id,
    BackupPlan: { ...document, Rules },
  });
}

/** Writes both buckets below a folder that is not there yet. */
export function keep({ simulator }: Universe, folder: string): void {
  for (const [name, bucketName] of Object.entries(BUCKETS)) {
    const bucket = simulator.bucket(bucketName);
    for (const key of bucket.keys) {
      const path = join(folder, name, key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, currentObject(bucket, key)?.body ?? "", { flag: "wx" });
    }
  }
}

/** Puts what a release left in the place of all that is in the buckets, as written some minutes ago. */
export function restore({ simulator }: Universe, release: string): void {
  const modified = new Date(simulator.clock.now().getTime() - 10 * 60_000);
  for (const [name, bucketName] of Object.entries(BUCKETS)) {
    const bucket = simulator.bucket(bucketName);
    bucket.objects.clear();
    bucket.keys.length = 0;
    const folder = join(KEPT, release, name);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files) {
      const path = join(file.parentPath, file.name);
      const key = path.slice(folder.length + 1).replaceAll("\\", "/");
      const body = readFileSync(path);
      addVersion(bucket, key, {
        kind: "object",
        id: `kept-${key}`,
        modified,
        body,
        etag: `"${createHash("md5").update(body).digest("hex")}"`,
        headers: {},
        metadata: undefined,
        checksums: {},
        retention: undefined,
        legalHold: undefined,
      });
    }
  }
}
