import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, refusal, region, smallSimulator } from "../fixture.ts";

const Bucket = "evidence";

function withBucket(options: { readonly objectLock?: boolean } = {}) {
  const simulator = smallSimulator();
  simulator.addBucket({ name: Bucket, account: hub, region, ...options });
  return { simulator, ...clientsOf(simulator) };
}

describe("Object Lock", () => {
  const later = new Date("2026-06-01T00:00:00Z");
  const locked = (over: Partial<PutObjectCommandInput> = {}) =>
    new PutObjectCommand({
      Bucket,
      Key: "k",
      Body: "1",
      ObjectLockMode: "COMPLIANCE",
      ObjectLockRetainUntilDate: later,
      ...over,
    });

  it("keeps a version from everybody until its date, but not the key from a new version or a marker", async () => {
    const { s3, simulator } = withBucket({ objectLock: true });
    const { VersionId } = await s3.send(locked());
    const remove = () =>
      s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId, BypassGovernanceRetention: true }));
    expect(await refusal(remove())).toMatchObject({ name: "AccessDenied", status: 403 });
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "on top" }));
    expect(await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }))).toMatchObject({ DeleteMarker: true });
    simulator.clock.advanceTo(later);
    await remove();
    expect(simulator.bucket(Bucket).objects.get("k")).toHaveLength(2);
  });

  it("lets GOVERNANCE be bypassed with leave, and tells each object's refusal apart", async () => {
    const { s3 } = withBucket({ objectLock: true });
    const { VersionId } = await s3.send(locked({ ObjectLockMode: "GOVERNANCE" }));
    const Delete = { Objects: [{ Key: "k", VersionId }, { Key: "other" }] };
    const refused = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect([refused.Errors?.map(({ Code }) => Code), refused.Deleted?.map(({ Key }) => Key)]).toEqual([
      ["AccessDenied"],
      ["other"],
    ]);
    const done = await s3.send(new DeleteObjectsCommand({ Bucket, Delete, BypassGovernanceRetention: true }));
    expect(done.Errors).toBeUndefined();
  });

  it("never lets a COMPLIANCE date move inwards", async () => {
    const { s3 } = withBucket({ objectLock: true });
    await s3.send(locked());
    const retain = (RetainUntilDate: Date) =>
      s3.send(new PutObjectRetentionCommand({ Bucket, Key: "k", Retention: { Mode: "COMPLIANCE", RetainUntilDate } }));
    await retain(new Date("2027-01-01T00:00:00Z"));
    expect(await refusal(retain(later))).toMatchObject({ name: "AccessDenied" });
  });

  it.each([
    ["a date in the past", { ObjectLockRetainUntilDate: new Date("2025-01-01T00:00:00Z") }, "InvalidArgument"],
    ["a mode without a date", { ObjectLockRetainUntilDate: undefined }, "InvalidArgument"],
  ])("refuses %s", async (_what, over, name) => {
    const { s3 } = withBucket({ objectLock: true });
    expect(await refusal(s3.send(locked(over)))).toMatchObject({ name, status: 400 });
  });

  it("is refused by a bucket without it, and turned on only where versioning is", async () => {
    const { s3 } = withBucket();
    expect(await refusal(s3.send(locked()))).toMatchObject({ name: "InvalidRequest" });
    expect(await refusal(s3.send(new GetObjectLockConfigurationCommand({ Bucket })))).toMatchObject({
      name: "ObjectLockConfigurationNotFoundError",
      status: 404,
    });
    const turnOn = () =>
      s3.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: {
            ObjectLockEnabled: "Enabled",
            Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } },
          },
        }),
      );
    expect(await refusal(turnOn())).toMatchObject({ name: "InvalidBucketState", status: 409 });
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    await turnOn();
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).toMatchObject({
      ObjectLockMode: "GOVERNANCE",
      ObjectLockRetainUntilDate: new Date("2026-01-02T00:00:00Z"),
    });
  });
});
