import { describe, expect, it } from "vitest";
import { lookAtVersions } from "../../controller/attest/chain/versions.ts";
import { createS3Store } from "../../controller/aws/s3-store.ts";
import { addVersion, currentObject, type Versioning } from "../simulator/s3/state.ts";
import { HUB, REGION, world } from "./world.ts";

const CHAIN = "0b6c1a52-6f0e-4d2a-9c53-5a0f6ad1b0a1";
const once = { condition: { ifAbsent: true }, contentType: "text/plain" } as const;
const name = (at: number) => `v1/${CHAIN}/reports/${String(at).padStart(10, "0")}.dsse.json`;

/** Twenty-five objects, in a bucket whose listings have ten keys a page. */
async function bucketful(versioning: Versioning = "Enabled") {
  const { simulator, time, controller } = world();
  const bucket = simulator.addBucket({ name: "evidence", account: HUB, region: REGION, versioning });
  const store = createS3Store({ url: "s3://evidence/fleet", call: controller, clock: time.clock });
  for (let at = 1; at <= 25; at += 1) await time.until(store.put(name(at), Buffer.from(`report ${at}`), once));
  const over = (key: string) => addVersion(bucket, key, { ...currentObject(bucket, key)!, id: `over-${key.length}` });
  const mark = (key: string) => addVersion(bucket, key, { kind: "delete-marker", id: "marker", modified: new Date(0) });
  const audit = (prefix: string) => time.until(store.audit!(prefix));
  return { simulator, time, bucket, store, over, mark, audit };
}

describe("the audit of a bucket's versions", () => {
  it("finds nothing where every object was written once, page after page", async () => {
    const { audit, simulator } = await bucketful();
    expect(await audit("v1/")).toEqual({ findings: [], unversioned: 0 });
    expect(simulator.calls.all().filter(({ operation }) => operation === "ListObjectVersions")).toHaveLength(3);
  });

  it("finds what was written over, what was deleted, and what was written after a deletion", async () => {
    const { audit, over, mark, store, time, bucket } = await bucketful();
    over(`fleet/${name(3)}`);
    mark(`fleet/${name(10)}`);
    mark(`fleet/${name(25)}`);
    // The trap: on a key whose current version is a delete marker, a put on condition that there is none succeeds.
    expect(await time.until(store.put(name(25), Buffer.from("another"), once))).not.toBe("conflict");
    const { findings } = await audit("v1/");
    expect(
      findings.map(({ key, versions }) => [key, versions.map(({ deleted }) => (deleted ? "-" : "+")).join("")]),
    ).toEqual([
      [name(3), "++"],
      [name(10), "+-"],
      [name(25), "++-"],
    ]);
    expect(findings[2]!.versions.map(({ id }) => id).toSorted()).toEqual(
      bucket.objects
        .get(`fleet/${name(25)}`)!
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  it("looks below its prefix alone", async () => {
    const { audit, over, bucket } = await bucketful();
    addVersion(bucket, "other/x", { ...currentObject(bucket, `fleet/${name(1)}`)!, id: "1" });
    over("other/x");
    expect((await audit("")).findings).toEqual([]);
  });

  it("says how many objects were written while the bucket kept no versions", async () => {
    const { audit } = await bucketful("never");
    expect(await audit("v1/")).toEqual({ findings: [], unversioned: 25 });
  });

  it("is denied loudly, and says which right it takes", async () => {
    const { audit, simulator } = await bucketful();
    simulator.faults.add({ effect: { kind: "deny" }, operation: "ListObjectVersions" });
    await expect(audit("v1/")).rejects.toMatchObject({
      code: "store-unreachable",
      message: expect.stringContaining("s3:ListBucketVersions"),
    });
  });

  it("does not take a page for the whole that says there is more and names no new page", async () => {
    const { time } = await bucketful();
    const page = {
      IsTruncated: true,
      NextKeyMarker: "a",
      Versions: [{ Key: "a", VersionId: "1", LastModified: new Date(0) }],
    };
    const store = createS3Store({
      url: "s3://evidence",
      call: () => Promise.resolve(page as never),
      clock: time.clock,
    });
    await expect(store.audit!("")).rejects.toThrow(/does not end/);
  });

  it("joins a key's versions across pages", async () => {
    const { time } = await bucketful();
    const row = (VersionId: string) => ({ Key: "a", VersionId, LastModified: new Date(0) });
    const pages = [
      { IsTruncated: true, NextKeyMarker: "a", NextVersionIdMarker: "2", Versions: [row("2")] },
      { IsTruncated: false, Versions: [row("1"), { ...row("3"), Key: "b" }] },
    ];
    const store = createS3Store({
      url: "s3://evidence",
      call: () => Promise.resolve(pages.shift() as never),
      clock: time.clock,
    });
    expect((await store.audit!("")).findings.map(({ key, versions }) => [key, versions.length])).toEqual([["a", 2]]);
  });

  it("leaves out what is made anew by who wants it", async () => {
    const { store, over, time, bucket } = await bucketful();
    const view = `fleet/v1/${CHAIN}/views/0000000001.html`;
    addVersion(bucket, view, { ...currentObject(bucket, `fleet/${name(1)}`)!, id: "1" });
    over(view);
    expect(await time.until(lookAtVersions(store, CHAIN))).toEqual({ audit: { findings: [], unversioned: 0 } });
  });
});
