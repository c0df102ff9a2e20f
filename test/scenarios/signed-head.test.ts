import { describe, expect, it } from "vitest";
import { addVersion, currentObject } from "../simulator/s3/state.ts";
import { serve } from "../cli/command-line.ts";
import { IRELAND, SHOP } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { retentionOf, unlock } from "./people.ts";
import { bucketOf, HEAD, pipeline, put } from "./pipeline.ts";
import { brokenOff, mark, passages, writesSince } from "./telling.ts";

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

describe("a sync that is under way, or was broken off", () => {
  it("is not seen by a run that starts meanwhile: it acts on the revision before, whole", async () => {
    await using s = await serve({ files: edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 90") });
    const { sync, reconcile } = await pipeline(s);
    await sync();
    await s.write(edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 120"));
    const finished = s.universe.simulator.faults.add({
      effect: { kind: "deny" },
      operation: "PutObject",
      when: ({ input }) => input["Key"] === HEAD,
    });
    expect((await sync()).code).toBe(1);
    expect(bucketOf(s).keys.filter((key) => key.endsWith("plan.yaml"))).toHaveLength(2);
    expect((await reconcile()).code).toBe(0);
    expect(retentionOf(s.universe)).toBe(90);
    finished();
    await sync();
    expect((await reconcile()).code).toBe(0);
    expect(retentionOf(s.universe)).toBe(120);
  });

  it("is refused where HEAD names a file that is not there: nothing changes", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { sync, reconcile } = await pipeline(s);
    await sync();
    const plan = bucketOf(s).keys.find((key) => key.endsWith("plan.yaml")) ?? "";
    bucketOf(s).objects.delete(plan);
    const from = mark(s.universe);
    const run = await reconcile();
    expect(run.code).toBe(1);
    expect(writesSince(s.universe, from)).toEqual([]);
    expect(brokenOff(run.out.replaceAll(/[0-9a-f]{40}/g, "<tree>"))).toMatchInlineSnapshot(`
      "broken off: source-unreadable: the desired state cannot be read: s3://acme-desired-state has no
          desired/<tree>/plan.yaml, which HEAD 1 names"
    `);
  });
});

describe("a sync key that was replaced", () => {
  it("signs nothing any more from the sequence on at which another came: what it signs is refused", async () => {
    await using s = await serve({ files: edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 90") });
    const { sync, reconcile, replaceKey } = await pipeline(s);
    await sync();
    const replacement = await replaceKey({ from: 2 });
    expect((await reconcile()).code, "what it signed before holds").toBe(0);
    await s.write(edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 120"));
    await sync();
    const from = mark(s.universe);
    const run = await reconcile();
    expect(run.code).toBe(1);
    expect(writesSince(s.universe, from)).toEqual([]);
    expect(run.out).toContain("source-unverified");
    await replacement.sync();
    expect((await reconcile()).code).toBe(0);
    expect(retentionOf(s.universe)).toBe(120);
  });
});
