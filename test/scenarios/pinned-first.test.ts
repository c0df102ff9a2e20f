import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { currentObject } from "../simulator/s3/state.ts";
import { serve, type Served } from "../cli/command-line.ts";
import { INSTALLED } from "../support/installation.ts";
import { BUCKETS } from "../support/universe.ts";
import { FROM_S3, TO } from "./pipeline.ts";
import { PRODUCTION } from "./manifests.ts";

/** The keys.json of a key, in a file as it would be committed. */
async function pin(s: Served, name: string, signer: string): Promise<string> {
  const said = await s.run(["keys", "--signer", signer]);
  expect(said).toMatchObject({ code: 0, err: "" });
  const path = join(s.folder, name);
  await writeFile(path, said.out);
  return path;
}

it("keys are pinned before anything is signed: the first run begins the chain that they name, of a HEAD that they verify", async () => {
  await using s = await serve({ files: PRODUCTION });
  const reports = await pin(s, "reports.json", `kms:${INSTALLED.signingKey}`);
  const sync = await pin(s, "sync.json", `file:${join(s.folder, "sync.pem")}`);
  expect(currentObject(s.universe.simulator.bucket(BUCKETS.evidence), "keys.json")).toBeUndefined();

  expect((await s.run(["sync", "--to", TO, "--sync-signer", `file:${join(s.folder, "sync.pem")}`])).code).toBe(0);
  const env = { ...FROM_S3, HOLDFAST_TRUST: reports, HOLDFAST_SYNC_TRUST: sync };
  expect((await s.run(["reconcile"], { env })).code).toBe(0);
  const verified = await s.run(["report", "verify", "--keys", reports, "-o", "json"]);
  expect(JSON.parse(verified.out)).toMatchObject({ intact: "yes", complete: "yes" });

  const another = await pin(s, "another.json", `kms:${INSTALLED.signingKey}`);
  const refused = await s.run(["reconcile"], { env: { ...env, HOLDFAST_TRUST: another } });
  expect(refused.code, "another chain's keys.json, though of the same key").toBe(1);
});
