import { expect, it } from "vitest";
import { RESOURCES, streamResources } from "../../../controller/kinds/protected-resource/population/stream.ts";
import type { ResourceRow } from "../../../controller/kinds/protected-resource/row.ts";
import { answering, refuse, target } from "../answers.ts";

/** Whom a target's sources show, where they disagree or break off. */

const arnOf = (resource: string, region: string = target.region): string =>
  `arn:aws:rds:${region}:${target.account}:${resource}`;
const [INSTANCE, CLUSTER] = [arnOf("db:orders-1"), arnOf("cluster:orders")];

interface Shown {
  readonly tagged?: readonly string[];
  readonly backedUp?: readonly string[];
  readonly instances?: readonly object[] | "denied";
  readonly clusters?: readonly object[];
}

/** By ARN, what the rows of a target say, where policies are about some types. */
async function shown(types: readonly string[], { tagged = [], backedUp = [], instances = [], clusters = [] }: Shown) {
  const { call } = answering({
    "tag:GetResources": () => ({ ResourceTagMappingList: tagged.map((ResourceARN) => ({ ResourceARN, Tags: [] })) }),
    ListProtectedResources: () => ({ Results: backedUp.map((ResourceArn) => ({ ResourceArn, ResourceType: "RDS" })) }),
    "rds:DescribeDBInstances": () =>
      instances === "denied" ? refuse("denied", "rds:DescribeDBInstances") : { DBInstances: instances },
    "rds:DescribeDBClusters": () => ({ DBClusters: clusters }),
  });
  const rows: (Pick<ResourceRow, "existence" | "type"> | "unread")[] = [];
  const partition = { name: RESOURCES, facts: { types } };
  for await (const page of streamResources(call, target, partition, { from: new Date(0), to: new Date() }))
    if ("unread" in page) rows.push("unread");
    else for (const { existence, type } of page.rows) rows.push({ existence, type });
  return rows;
}

it("leaves to another target what lives there and is only copied here", async () => {
  const elsewhere = arnOf("db:reports", "eu-central-1");
  expect(await shown(["RDS"], { backedUp: [elsewhere, arnOf("db:legacy")], instances: "denied" })).toEqual([
    { existence: "unknown", type: "RDS" },
    "unread",
  ]);
});

it("finds clusters of every engine, whichever of them policies are about", async () => {
  const clusters = [{ DBClusterArn: CLUSTER, Engine: "docdb" }];
  expect(await shown(["DocumentDB"], { clusters })).toEqual([{ existence: "live", type: "DocumentDB" }]);
});

it("never takes a cluster's database for one that must be protected itself", async () => {
  const instances = [{ DBInstanceArn: INSTANCE, DBClusterIdentifier: "orders" }];
  expect(await shown(["RDS"], { tagged: [INSTANCE], instances })).toEqual([]);
  // What it is nobody says now: there may be nothing to protect.
  expect(await shown(["RDS"], { tagged: [INSTANCE], instances: "denied" })).toEqual([
    { existence: "unknown", type: "RDS" },
    "unread",
  ]);
});
