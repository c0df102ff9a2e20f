import { describe, expect, it } from "vitest";
import { createS3Store, placeOf, type ObjectLock } from "../../controller/aws/s3-store.ts";
import type { Fault } from "../simulator/faults.ts";
import { currentObject } from "../simulator/s3/state.ts";
import { HUB, REGION, world } from "./world.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined) => (body === undefined ? undefined : new TextDecoder().decode(body));
const first = { condition: { ifAbsent: true }, contentType: "application/json" } as const;
const over = (etag: string) => ({ condition: { ifMatch: etag }, contentType: "application/json" }) as const;

function evidence({ lock, objectLock = false }: { lock?: ObjectLock; objectLock?: boolean } = {}) {
  const { simulator, time, controller } = world();
  const bucket = simulator.addBucket({ name: "evidence", account: HUB, region: REGION, objectLock });
  const store = createS3Store({
    url: "s3://evidence/fleet/",
    call: controller,
    clock: time.clock,
    ...(lock === undefined ? {} : { lock }),
  });
  return { simulator, time, bucket, store };
}
const fault = (effect: Fault["effect"], operation: string, times?: number): Fault => ({
  effect,
  operation,
  ...(times === undefined ? {} : { times }),
});

describe("a bucket as a store", () => {
  it("gives back what was put, with the store's own times", async () => {
    const { store, time } = evidence();
    const put = await time.until(store.put("a/b.json", bytes("one"), first));
    time.pass(5000);
    const got = await time.until(store.get("a/b.json"));
    expect(put).toEqual({ etag: got?.etag, at: new Date("2026-01-01T00:00:00Z") });
    expect(text(got?.body)).toBe("one");
    expect(got).toMatchObject({
      lastModified: new Date("2026-01-01T00:00:00Z"),
      at: new Date("2026-01-01T00:00:05Z"),
    });
  });

  it("says undefined of what is not there, and of nothing else", async () => {
    const { store, time } = evidence();
    expect(await time.until(store.get("none"))).toBeUndefined();
  });

  it.each<[string, Fault["effect"]]>([
    ["denials", { kind: "deny" }],
    ["a page with a 404", { kind: "html", status: 404 }],
    ["a 404 of another name", { kind: "error", type: "NoSuchThing", status: 404 }],
    ["server faults", { kind: "unavailable" }],
  ])("rejects where it could not look: %s", async (_, effect) => {
    const { store, time, simulator } = evidence();
    simulator.faults.add(fault(effect, "GetObject"));
    await expect(time.until(store.get("a"))).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it("names the object, the call and what to do", async () => {
    const { time, controller } = world();
    const missing = createS3Store({ url: "s3://no-such-bucket/x", call: controller, clock: time.clock });
    await expect(time.until(missing.get("a"))).rejects.toThrow(/s3:\/\/no-such-bucket\/x\/a: s3:GetObject.*hub stack/s);
    const { store, time: later, simulator } = evidence();
    simulator.faults.add(fault({ kind: "deny" }, "PutObject"));
    await expect(later.until(store.put("a", bytes(""), first))).rejects.toThrow(/s3:PutObject and s3:GetObject/);
  });

  it("reads a body that broke off anew, and never takes a part for the whole", async () => {
    const { time } = evidence();
    let left = 2;
    const broken = {
      ETag: '"1"',
      LastModified: new Date(0),
      Body: {
        transformToByteArray: () => {
          left -= 1;
          return left < 0 ? Promise.resolve(bytes("whole")) : Promise.reject(new Error("Checksum mismatch"));
        },
      },
    };
    const call = (() => Promise.resolve(broken)) as unknown as Parameters<typeof createS3Store>[0]["call"];
    const store = createS3Store({ url: "s3://evidence", call, clock: time.clock });
    expect(text((await time.until(store.get("a")))?.body)).toBe("whole");
    left = 100;
    await expect(time.until(store.get("a"))).rejects.toThrow(/checksum/);
  });

  it("lists whole, over pages, without its own prefix", async () => {
    const { store, time, bucket } = evidence();
    const names = Array.from({ length: 23 }, (_, index) => `r/${String(index).padStart(2, "0")}`);
    for (const name of names) await time.until(store.put(name, bytes(name), first));
    await time.until(store.put("s/other", bytes(""), first));
    expect(bucket.keys).toContain("fleet/r/00");
    expect(await time.until(store.list("r/"))).toEqual(names);
    expect(await time.until(store.list("none/"))).toEqual([]);
  });

  it("rejects a listing cut short", async () => {
    const { store, time, simulator } = evidence();
    for (let index = 0; index < 12; index += 1) await time.until(store.put(`r/${index}`, bytes(""), first));
    simulator.faults.add({ ...fault({ kind: "deny" }, "ListObjectsV2"), page: 2 });
    await expect(time.until(store.list("r/"))).rejects.toMatchObject({ code: "store-unreachable" });
  });
});

describe("who comes first", () => {
  it("puts what is absent once", async () => {
    const { store, time } = evidence();
    await time.until(store.put("a", bytes("one"), first));
    expect(await time.until(store.put("a", bytes("two"), first))).toBe("conflict");
    expect(text((await time.until(store.get("a")))?.body)).toBe("one");
  });

  it("replaces only what it read", async () => {
    const { store, time } = evidence();
    const one = await time.until(store.put("a", bytes("one"), first));
    if (one === "conflict") throw new Error("the first put met another");
    const two = await time.until(store.put("a", bytes("two"), over(one.etag)));
    expect(two).not.toBe("conflict");
    expect(await time.until(store.put("a", bytes("three"), over(one.etag)))).toBe("conflict");
    expect(await time.until(store.put("gone", bytes("four"), over(one.etag))), "S3 answers 404").toBe("conflict");
  });

  it("asks again where S3 could not tell", async () => {
    const { store, time, simulator } = evidence();
    const conflict = { kind: "error", type: "ConditionalRequestConflict", status: 409 } as const;
    simulator.faults.add(fault(conflict, "PutObject", 2));
    expect(await time.until(store.put("a", bytes("one"), first))).toHaveProperty("etag");
    simulator.faults.add(fault(conflict, "PutObject"));
    await expect(time.until(store.put("b", bytes("one"), first))).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it("knows its own work where the answer was lost", async () => {
    const { store, time, simulator, bucket } = evidence();
    simulator.faults.add(fault({ kind: "lose" }, "PutObject", 1));
    const put = await time.until(store.put("a", bytes("mine"), first));
    expect(put).toEqual({ etag: currentObject(bucket, "fleet/a")?.etag, at: expect.any(Date) as Date });

    if (put === "conflict") throw new Error("took its own work for another's");
    simulator.faults.add(fault({ kind: "lose" }, "PutObject", 1));
    expect(await time.until(store.put("a", bytes("mine, later"), over(put.etag)))).toHaveProperty("etag");
  });

  it("takes another's work for another's, lost answer or not", async () => {
    const { store, time, simulator } = evidence();
    await time.until(store.put("a", bytes("theirs"), first));
    simulator.faults.add(fault({ kind: "unavailable" }, "PutObject", 1));
    expect(await time.until(store.put("a", bytes("mine"), first))).toBe("conflict");
  });

  it("does not call a clean refusal its own work, though the content be the same", async () => {
    const { store, time } = evidence();
    await time.until(store.put("a", bytes("same"), first));
    expect(await time.until(store.put("a", bytes("same"), first))).toBe("conflict");
  });
});

describe("Object Lock", () => {
  it("keeps every version that is put, for the days asked", async () => {
    const { store, time, bucket } = evidence({ objectLock: true, lock: { mode: "COMPLIANCE", days: 30 } });
    await time.until(store.put("a", bytes("one"), first));
    expect(currentObject(bucket, "fleet/a")).toMatchObject({
      retention: { mode: "COMPLIANCE", until: new Date("2026-01-31T00:00:00Z") },
      checksums: { ChecksumSHA256: "dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=" },
    });
  });
});

describe("a store's address", () => {
  it.each([
    ["s3://bucket", "bucket", ""],
    ["s3://bucket/", "bucket", ""],
    ["s3://bucket/a/b", "bucket", "a/b/"],
    ["s3://bucket/a/b/", "bucket", "a/b/"],
  ])("%s", (url, bucket, prefix) => {
    expect(placeOf(url)).toEqual({ bucket, prefix });
  });

  it.each(["bucket/a", "s3://", "s3://UPPER/a", "https://bucket.s3.amazonaws.com"])("is not %s", (url) => {
    expect(() => placeOf(url)).toThrow(/is not s3:\/\/bucket/);
  });
});
