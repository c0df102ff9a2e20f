import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, member, refusal, region, smallSimulator } from "../fixture.ts";
import { everyPage } from "./fixture.ts";

const arnOf = (name: string) => `arn:aws:s3:::${name}`;

describe("buckets that are there to be backed up", () => {
  it("are listed with all others of their account and no other's", async () => {
    const simulator = smallSimulator();
    simulator.addBucket({ name: "b-evidence", account: hub, region });
    simulator.addResource(hub, region, { arn: arnOf("a-documents"), type: "S3" });
    simulator.addResource(hub, "eu-central-1", { arn: arnOf("c-logs"), type: "S3" });
    simulator.addResource(member, region, { arn: arnOf("theirs"), type: "S3" });
    const { Buckets } = await clientsOf(simulator).s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion])).toEqual([
      ["a-documents", region],
      ["b-evidence", region],
      ["c-logs", "eu-central-1"],
    ]);
  });

  it("come in pages where pages are asked for", async () => {
    const simulator = smallSimulator({ objectPageSize: 3 });
    for (let n = 0; n < 7; n += 1) simulator.addResource(hub, region, { arn: arnOf(`b${n}`), type: "S3" });
    const { s3 } = clientsOf(simulator);
    const { items, pages } = await everyPage(
      (ContinuationToken) => s3.send(new ListBucketsCommand({ MaxBuckets: 100, ContinuationToken })),
      (page) => page.Buckets,
      (page) => page.ContinuationToken,
    );
    expect([items.length, pages]).toEqual([7, 3]);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(7);
  });

  it("are located by their owner alone, until they are deleted", async () => {
    const simulator = smallSimulator();
    simulator.addResource(hub, region, { arn: arnOf("documents"), type: "S3" });
    simulator.addResource(member, region, { arn: arnOf("theirs"), type: "S3" });
    const { s3 } = clientsOf(simulator);
    const locate = (Bucket: string) => s3.send(new GetBucketLocationCommand({ Bucket }));
    expect((await locate("documents")).LocationConstraint).toBe(region);
    expect((await s3.send(new HeadBucketCommand({ Bucket: "documents" }))).BucketRegion).toBe(region);
    expect(await refusal(locate("theirs"))).toMatchObject({ name: "AccessDenied", status: 403 });
    simulator.removeResource(hub, region, arnOf("documents"));
    expect(await refusal(locate("documents"))).toMatchObject({ name: "NoSuchBucket", status: 404 });
  });

  it("share one space of names with all buckets", async () => {
    const simulator = smallSimulator();
    simulator.addResource(member, region, { arn: arnOf("theirs"), type: "S3" });
    const { s3 } = clientsOf(simulator);
    expect((await refusal(s3.send(new CreateBucketCommand({ Bucket: "theirs" })))).name).toBe("BucketAlreadyExists");
    simulator.addBucket({ name: "documents", account: hub, region });
    simulator.addResource(hub, region, { arn: arnOf("documents"), type: "S3" });
    await s3.send(new DeleteBucketCommand({ Bucket: "documents" }));
    expect(simulator.resources(hub, region).size).toBe(0);
  });
});
