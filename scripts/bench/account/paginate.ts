/** A process of its own: what anybody writes with the SDK to read the listings that grow with resources, and does nothing with them. */
import {
  BackupClient,
  paginateListProtectedResources,
  paginateListRecoveryPointsByBackupVault,
} from "@aws-sdk/client-backup";
import { DynamoDBClient, paginateListTables } from "@aws-sdk/client-dynamodb";
import { EC2Client, paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { EFSClient, paginateDescribeFileSystems } from "@aws-sdk/client-efs";
import { paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { TAGGING_FILTERS } from "../../../controller/kinds/protectable.ts";
import { measured } from "../measured.ts";
import type { Order } from "../order.ts";

const { endpoint, region, vault, now } = JSON.parse(process.argv[2]!) as Order;
const config = {
  endpoint,
  region,
  credentials: { accessKeyId: "AKIAADMINISTRATOR", secretAccessKey: "unverified" },
};

const backup = new BackupClient(config);
const DAY_MS = 86_400_000;
/** As far back as a policy of 24 hours has to look: a copy may take a day more. */
const young = { ByCreatedAfter: new Date(now - 2 * DAY_MS) };

/** What there is of resources, each with its pages as long as AWS lets them be. */
const listings = [
  paginateGetResources(
    { client: new ResourceGroupsTaggingAPIClient(config), pageSize: 100 },
    { ResourceTypeFilters: [...TAGGING_FILTERS] },
  ),
  paginateListProtectedResources({ client: backup, pageSize: 1_000 }, {}),
  paginateDescribeVolumes({ client: new EC2Client(config), pageSize: 500 }, {}),
  paginateListTables({ client: new DynamoDBClient(config), pageSize: 100 }, {}),
  paginateDescribeDBInstances({ client: new RDSClient(config), pageSize: 100 }, {}),
  paginateDescribeFileSystems({ client: new EFSClient(config), pageSize: 100 }, {}),
];

await measured(async () => {
  for (const pages of listings) for await (const page of pages) void page;
  let rows = 0;
  for await (const page of paginateListRecoveryPointsByBackupVault(
    { client: backup, pageSize: 1_000 },
    { BackupVaultName: vault, ...young },
  ))
    rows += page.RecoveryPoints?.length ?? 0;
  return { rows };
});
