import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, member, refusal, region, smallSimulator } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";

const Bucket = "evidence";

function withBucket(options: { readonly versioning?: "Enabled" } = {}) {
  const simulator = smallSimulator();
  simulator.addBucket({ name: Bucket, account: hub, region, ...options });
  return { simulator, ...clientsOf(simulator) };
}

describe("conditional writes", () => {
  it("create only what is not there, and a delete marker counts as not there", async () => {
    const { s3 } = withBucket({ versioning: "Enabled" });
    const once = () => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1", IfNoneMatch: "*" }));
    await once();
    expect(await refusal(once())).toMatchObject({ name: "PreconditionFailed", status: 412 });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect((await once()).ETag).toBeDefined();
  });

  it("replace only what is as expected: 412 on another, 404 on none", async () => {
    const { s3 } = withBucket();
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
    const replace = (Key: string, IfMatch = ETag) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "2", IfMatch }));
    await replace("k");
    expect(await refusal(replace("k"))).toMatchObject({ name: "PreconditionFailed", status: 412 });
    expect(await refusal(replace("absent"))).toMatchObject({ name: "NoSuchKey", status: 404 });
  });

  it("know only * after If-None-Match", async () => {
    const { s3 } = withBucket();
    const put = new PutObjectCommand({ Bucket, Key: "k", Body: "1", IfNoneMatch: '"etag"' });
    expect(await refusal(s3.send(put))).toMatchObject({ name: "NotImplemented", status: 501 });
  });

  it("can be told that another writer raced them", async () => {
    const { s3, simulator } = withBucket();
    simulator.faults.add({
      service: "s3",
      operation: "PutObject",
      times: 1,
      effect: { kind: "error", type: "ConditionalRequestConflict", status: 409 },
    });
    const put = () => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1", IfNoneMatch: "*" }));
    expect(await refusal(put())).toMatchObject({ name: "ConditionalRequestConflict", status: 409 });
    expect((await put()).ETag).toBeDefined();
  });
});

describe("reads", () => {
  it("give back what was put: body, type, metadata, checksum", async () => {
    const { s3 } = withBucket();
    const Key = "reports/a b+c%2Fé \u{1F512}.json";
    await s3.send(
      new PutObjectCommand({ Bucket, Key, Body: "hello", ContentType: "application/json", Metadata: { run: "1" } }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got).toMatchObject({
      ContentType: "application/json",
      Metadata: { run: "1" },
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumCRC32: "NhCmhg==",
    });
  });

  it("take an upload whose checksum follows in a trailer", async () => {
    const { s3, simulator } = withBucket();
    await s3.send(
      new PutObjectCommand({ Bucket, Key: "k", Body: Readable.from([Buffer.from("hello")]), ContentLength: 5 }),
    );
    expect(simulator.bucket(Bucket).objects.get("k")?.at(-1)).toMatchObject({
      checksums: { ChecksumCRC32: "NhCmhg==" },
    });
  });

  it.each([
    ["ChecksumCRC32", "NhCmhg=="],
    ["ChecksumCRC32C", "mnG7TA=="],
    ["ChecksumCRC64NVME", "M3eFcAZSQlc="],
    ["ChecksumSHA256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="],
  ])("check a %s", async (member, right) => {
    const { s3 } = withBucket();
    const put = (checksum: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "hello", [member]: checksum }));
    await put(right);
    expect(await refusal(put(right.replace(/^./, "A")))).toMatchObject({ name: "BadDigest", status: 400 });
  });

  it("answer 304 and 412 to conditions", async () => {
    const { s3 } = withBucket();
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k", IfNoneMatch: ETag })))).toMatchObject({
      status: 304,
    });
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k", IfMatch: '"x"' })))).toMatchObject({
      status: 412,
    });
  });

  it("give one range of bytes", async () => {
    const { s3 } = withBucket();
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "0123456789" }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=-3" }));
    expect([await got.Body?.transformToString(), got.ContentRange, got.$metadata.httpStatusCode]).toEqual([
      "789",
      "bytes 7-9/10",
      206,
    ]);
  });

  it("tell a missing key only to those who may list the bucket", async () => {
    const { s3, simulator } = withBucket();
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "none" })))).toMatchObject({
      name: "NoSuchKey",
      status: 404,
    });
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "none" })))).toMatchObject({
      name: "NotFound",
      status: 404,
    });
    const credentials = simulator.iam.putUser(hub, "reader", [
      { Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } },
    ]);
    const blind = clientsOf(simulator, { credentials }).s3;
    expect(await refusal(blind.send(new GetObjectCommand({ Bucket, Key: "none" })))).toMatchObject({
      name: "AccessDenied",
      status: 403,
    });
  });
});

describe("listings", () => {
  async function keysOf(simulator: Simulator, Prefix?: string, Delimiter?: string): Promise<string[]> {
    const { s3 } = clientsOf(simulator);
    const keys: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter, ContinuationToken }));
      keys.push(
        ...(page.CommonPrefixes ?? []).map(({ Prefix: one }) => one ?? ""),
        ...(page.Contents ?? []).map(({ Key }) => Key ?? ""),
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return keys;
  }

  it("come in UTF-8 order, over short pages, without what is deleted", async () => {
    const { s3, simulator } = withBucket({ versioning: "Enabled" });
    const keys = [
      "b",
      "a",
      "Z",
      "\u{1F512}",
      "\uFFFD",
      "é",
      ...Array.from({ length: 12 }, (_, i) => `n/${String(i).padStart(2, "0")}`),
      "gone",
    ];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "1" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    const expected = keys
      .filter((key) => key !== "gone")
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await keysOf(simulator)).toEqual(expected);
    expect(await keysOf(simulator, "n/0")).toHaveLength(10);
  });

  it("roll keys up at a delimiter, once each even across pages", async () => {
    const { s3, simulator } = withBucket();
    for (const day of Array.from({ length: 25 }, (_, i) => i))
      await s3.send(new PutObjectCommand({ Bucket, Key: `r/${day % 13}/${day}`, Body: "1" }));
    expect((await keysOf(simulator, "r/", "/")).toSorted()).toEqual(
      Array.from({ length: 13 }, (_, i) => `r/${i}/`).toSorted(),
    );
  });

  it("show every version and delete marker, newest first", async () => {
    const { s3 } = withBucket({ versioning: "Enabled" });
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "22" }));
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map(({ Size, IsLatest }) => [Size, IsLatest])).toEqual([
      [2, false],
      [1, false],
    ]);
    expect(listed.DeleteMarkers).toMatchObject([{ Key: "k", IsLatest: true, VersionId: marker.VersionId }]);
  });
});

describe("buckets", () => {
  it("have global names and one owner", async () => {
    const { s3, simulator } = withBucket();
    expect(await refusal(s3.send(new CreateBucketCommand({ Bucket })))).toMatchObject({
      name: "BucketAlreadyOwnedByYou",
      status: 409,
    });
    const credentials = simulator.iam.putUser(member, "alice");
    const other = clientsOf(simulator, { credentials }).s3;
    expect(await refusal(other.send(new CreateBucketCommand({ Bucket })))).toMatchObject({
      name: "BucketAlreadyExists",
      status: 409,
    });
    expect(await refusal(other.send(new ListObjectsV2Command({ Bucket })))).toMatchObject({
      name: "AccessDenied",
      status: 403,
    });
    expect(await s3.send(new GetBucketLocationCommand({ Bucket }))).toMatchObject({ LocationConstraint: region });
  });

  it("open to another account only by their policy, and close to everybody by a Deny", async () => {
    const { simulator, s3 } = withBucket();
    const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
    simulator.bucket(Bucket).policy = {
      Statement: [
        { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${member}:root` }, Action: "s3:*", Resource },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource,
          Condition: { Null: { "s3:if-none-match": "true" } },
        },
      ],
    };
    const credentials = simulator.iam.putUser(member, "alice");
    const other = clientsOf(simulator, { credentials }).s3;
    await other.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1", IfNoneMatch: "*" }));
    expect(await refusal(s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" })))).toMatchObject({
      name: "AccessDenied",
    });
    const owned = new PutObjectCommand({ Bucket, Key: "l", Body: "1", IfNoneMatch: "*", ExpectedBucketOwner: member });
    expect(await refusal(s3.send(owned))).toMatchObject({ name: "AccessDenied" });
  });
});
