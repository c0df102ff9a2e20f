import { addRecoveryPoint, addVault } from "../../test/simulator/backup/build.ts";
import { addRoles } from "../../test/simulator/seed/roles.ts";
import { createSimulator, type Simulator } from "../../test/simulator/simulator.ts";

/** The accounts and Regions of desired-state/examples/production-fleet, as they are on the day Holdfast is let in. */
export const HUB = "111122223333";
export const PRODUCTION = "444455556666";
export const BACKUP = "777788889999";
export const IRELAND = "eu-west-1";
export const FRANKFURT = "eu-central-1";

export const BUCKETS = { desired: "acme-desired-state", evidence: "acme-evidence", work: "acme-work" } as const;
export const SIGNING_KEY = "alias/holdfast-evidence";

const HOME = { account: HUB, region: IRELAND };
const GIGABYTE = 1e9;

/** Three accounts in two Regions with data worth keeping, and no backup plan anywhere. Everything follows from the seed. */
export function buildCompany(): Simulator {
  const simulator = createSimulator({
    seed: 7,
    hubAccount: HUB,
    accounts: [
      { id: HUB, name: "hub", ou: "Infrastructure" },
      { id: PRODUCTION, name: "production", ou: "Workloads" },
      { id: BACKUP, name: "backup", ou: "Infrastructure" },
    ],
    regions: [IRELAND, FRANKFURT, "us-east-1"],
    start: new Date("2026-03-02T08:00:00Z"),
    pageSize: 20,
    // AWS shows a new selection late; here at once, so that the demo does not wait for it.
    backup: { lag: { selectionVisible: 0, selectionDeleted: 0, pointRemoved: 0 } },
  });
  addRoles(simulator);
  simulator.addBucket({ ...HOME, name: BUCKETS.desired, versioning: "Enabled" });
  simulator.addBucket({ ...HOME, name: BUCKETS.evidence, objectLock: true });
  simulator.addBucket({ ...HOME, name: BUCKETS.work, versioning: "Enabled" });
  simulator.addKey(HUB, IRELAND, { alias: SIGNING_KEY, spec: "ECC_NIST_P256" });
  addKeys(simulator);
  for (const account of [HUB, PRODUCTION])
    for (const region of [IRELAND, FRANKFURT]) addData(simulator, account, region);
  addLegacyPoints(simulator);
  return simulator;
}

/** One key an account and Region, shared within the company so that copies can be read where they go. */
function addKeys(simulator: Simulator): void {
  const everyone = [HUB, PRODUCTION, BACKUP].map((account) => `arn:aws:iam::${account}:root`);
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow" as const, Principal: { AWS: everyone }, Action: "kms:*", Resource: "*" }],
  };
  for (const account of [HUB, PRODUCTION, BACKUP])
    for (const region of [IRELAND, FRANKFURT]) simulator.addKey(account, region, { alias: "alias/backup", policy });
}

function addData(simulator: Simulator, account: string, region: string): void {
  const own = `${region}:${account}`;
  const add = (type: string, resource: string, tier: string, gigabytes: number) =>
    simulator.addResource(account, region, {
      arn: `arn:aws:${resource}`,
      type,
      tags: { "backup-tier": tier },
      sizeBytes: gigabytes * GIGABYTE,
    });
  add("RDS", `rds:${own}:db:orders`, "gold", 200);
  add("DynamoDB", `dynamodb:${own}:table/customers`, "silver", 12);
  add("EBS", `ec2:${own}:volume/vol-0a1b2c3d4e5f60001`, "silver", 120);
  add("EFS", `elasticfilesystem:${own}:file-system/fs-0123456789abcdef0`, "bronze", 60);
}

/** What a script of long ago left behind: points that go after a week, in a vault that nobody declared. */
function addLegacyPoints(simulator: Simulator): void {
  const state = simulator.backup(PRODUCTION, IRELAND);
  addVault(state, { name: "legacy-2019" });
  for (const days of [1, 2, 3])
    addRecoveryPoint(state, {
      vault: "legacy-2019",
      resourceArn: `arn:aws:dynamodb:${IRELAND}:${PRODUCTION}:table/invoices`,
      resourceType: "DynamoDB",
      creationDate: new Date(simulator.clock.now().getTime() - days * 86_400_000),
      lifecycle: { DeleteAfterDays: 90 },
    });
}
