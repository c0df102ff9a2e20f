import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, type ILayerVersion, LayerVersion } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Settings } from "../settings.ts";

/** Pinned keys, as functions get them: the layer, and the environment that says where in it they are. */
export interface PinnedKeys {
  readonly layers: ILayerVersion[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Pinned keys travel with the deployment, where no writer of a bucket can change them. Lambda unpacks layers below /opt. */
export function trustLayer(scope: Construct, id: string, trust: Settings["trust"]): PinnedKeys {
  if (trust === undefined) return { layers: [], environment: {} };
  const folder = mkdtempSync(join(tmpdir(), "holdfast-trust-"));
  copyFileSync(trust.reports, join(folder, "keys.json"));
  copyFileSync(trust.sync, join(folder, "sync-keys.json"));
  const layer = new LayerVersion(scope, id, {
    description: "Public keys that reports and desired state are verified by.",
    code: Code.fromAsset(folder),
  });
  return {
    layers: [layer],
    environment: { HOLDFAST_TRUST: "/opt/keys.json", HOLDFAST_SYNC_TRUST: "/opt/sync-keys.json" },
  };
}
