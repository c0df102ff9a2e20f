import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeKeys, soleKey } from "../../controller/attest/sealing/keys.ts";
import { openKeyFile } from "../../controller/local/key-file.ts";
import { addVersion, currentObject } from "../simulator/s3/state.ts";
import { DESIRED_BUCKET, serve, type Served } from "../cli/command-line.ts";
import { IRELAND, SHOP } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { retentionOf, unlock } from "./people.ts";
import { brokenOff, mark, passages, writesSince } from "./telling.ts";

const HEAD = "desired/HEAD.json";
const TO = `s3://${DESIRED_BUCKET}`;
const FROM_S3 = { HOLDFAST_DESIRED_STATE: TO };

/** A pipeline with a sync key, and a controller that knows its public half. */
async function pipeline(s: Served) {
  const key = join(s.folder, "sync.pem");
  const trust = join(s.folder, "sync-keys.json");
  const signer = await openKeyFile(key);
  await writeFile(trust, encodeKeys(soleKey("0b6c1a52-6f0e-4d2a-9c53-5a0f6ad1b0a1", signer)));
  return {
    sync: () => s.run(["sync", "--to", TO, "--sync-signer", `file:${key}`]),
    syncUnsigned: () => s.run(["sync", "--to", TO]),
    reconcile: (...flags: readonly string[]) =>
      s.run(["reconcile", ...flags], { env: { ...FROM_S3, HOLDFAST_SYNC_TRUST: trust } }),
  };
}

const bucketOf = (s: Served) => s.universe.simulator.bucket(DESIRED_BUCKET);

/** Somebody with write access to the bucket, and without the sync key, puts an object back or in. */
function put(s: Served, key: string, change: (body: string) => string): void {
  const there = currentObject(bucketOf(s), key);
  if (!there) throw new RangeError(`there is no ${key}`);
  const body = Buffer.from(change(Buffer.from(there.body).toString("utf8")));
  addVersion(bucketOf(s), key, { ...there, body, checksums: {}, etag: `"${body.length}"`, id: "by-hand" });
}

describe("a desired state that is synced to S3 and signed", () => {
  it("is what the controller acts on, and what its report names", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { sync, reconcile } = await pipeline(s);
    expect(await sync()).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Published 4 files to .* as sequence 1/),
    });
    const run = await reconcile("-o", "json");
    expect(run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ report: { source: { sequence: 1, commit: null, fastForward: true } } });
    expect(s.universe.simulator.backup(SHOP, IRELAND).vaults.has("nightly")).toBe(true);
    expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("has this revision already") });
  });

  it("is refused unsigned where the controller knows who must sign: nothing changes", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { syncUnsigned, reconcile } = await pipeline(s);
    await syncUnsigned();
    const from = mark(s.universe);
    const run = await reconcile();
    expect(run.code).toBe(1);
    expect(writesSince(s.universe, from)).toEqual([]);
    expect(brokenOff(run.out)).toMatchInlineSnapshot(`
      "broken off: source-unverified: desired/HEAD.json cannot be trusted: it is not signed, and the sync keys in
          force say by whom it must be: sync again with --sync-signer"
    `);
  });

  it("is refused with a file that somebody changed in the bucket", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { sync, reconcile } = await pipeline(s);
    await sync();
    const plan = bucketOf(s).keys.find((key) => key.endsWith("plan.yaml")) ?? "";
    put(s, plan, (text) => text.replace("deleteAfterDays: 35", "deleteAfterDays: 1"));
    const run = await reconcile();
    expect(run.code).toBe(1);
    expect(s.universe.simulator.backup(SHOP, IRELAND).plans.size).toBe(0);
    expect(brokenOff(run.out.replaceAll(/[0-9a-f]{40}/g, "<tree>"))).toMatchInlineSnapshot(`
      "broken off: source-unverified: the desired state cannot be
          trusted: desired/<tree>/plan.yaml at s3://acme-desired-state is not the
          file that HEAD 1 names: somebody changed it"
    `);
  });

  it("is refused with a HEAD that somebody edited", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { sync, reconcile } = await pipeline(s);
    await sync();
    put(s, HEAD, (text) => text.replace(/"sig":"(.)/, (_all, first) => `"sig":"${first === "A" ? "B" : "A"}`));
    const run = await reconcile();
    expect(run.code).toBe(1);
    expect(writesSince(s.universe, 0)).toEqual([]);
    expect(run.out).toContain("source-unverified");
  });
});

describe("a HEAD that is rolled back", () => {
  it("is only looked at, in every run until a newer commit is synced: a rollback is a new commit", async () => {
    await using s = await serve({ files: edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 90") });
    const { sync, reconcile } = await pipeline(s);
    await sync();
    const old = currentObject(bucketOf(s), HEAD);
    expect((await reconcile()).code).toBe(0);
    await s.write(edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 120"));
    await sync();
    expect((await reconcile()).code).toBe(0);
    expect(retentionOf(s.universe)).toBe(120);

    addVersion(bucketOf(s), HEAD, { ...old!, id: "rolled-back" });
    unlock(s.universe);
    const from = mark(s.universe);
    const first = await reconcile();
    const second = await reconcile();
    expect([first.code, second.code]).toEqual([3, 3]);
    expect(writesSince(s.universe, from)).toEqual([]);
    expect(retentionOf(s.universe)).toBe(120);
    expect(passages(second.out, "create vault-lock nightly")).toMatchInlineSnapshot(`
      "!   create vault-lock nightly, held: stale-source                                               nightly.yaml:9
            strengthens · change n4vsoubayl7h
            because: HEAD has sequence 1, and a report acted on 2 already
            released by: sync the newest commit; a rollback is a new commit"
    `);
    expect(passages(second.out, "update plan nightly")).toMatchInlineSnapshot(`
      "!   update plan nightly, held: needs-approval                                                      plan.yaml:2
            weakens · change l6e35jkgu7ll
            rules[daily].lifecycle.deleteAfterDays: 120 → 90
            because: rules[daily].lifecycle.deleteAfterDays: the change weakens protection
            released by: a manifest that says what is live, or \`holdfast approve l6e35jkgu7ll\`, committed
            also held by: stale-source (approving the change does not release stale-source)"
    `);
  });
});
