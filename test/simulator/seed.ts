/**
 * A small company on AWS, seeded: an organization whose backups were set up well some weeks ago and have drifted since.
 * Its history is lived, not written: the plans really ran, every night, in virtual time.
 */
import { addRecoveryPoint, addVault } from "./backup/build.ts";
import type { PolicyDocument } from "./iam/policy.ts";
import type { MeddlingName } from "./meddling.ts";
import { addCentralVault, addNightlyPlan, addNightlyVault, addResources, type Place } from "./seed/estate.ts";
import { addRoles, type RoleOptions } from "./seed/roles.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";

export const accounts = {
  management: "999988887777",
  hub: "111122223333",
  backup: "222233334444",
  shop: "444455556666",
  data: "555566667777",
  sandbox: "777788889999",
} as const;

export const regions = ["eu-west-1", "eu-central-1", "us-east-1"] as const;

/** Where backups are kept: two production accounts in two Regions. */
export const productionPlaces: readonly Place[] = [accounts.shop, accounts.data].flatMap((account) =>
  ["eu-west-1", "eu-central-1"].map((region) => ({ account, region })),
);

export const central = { account: accounts.backup, region: "eu-central-1", vault: "central" } as const;

export const buckets = {
  desiredState: "holdfast-desired-state-111122223333",
  evidence: "holdfast-evidence-111122223333",
  work: "holdfast-work-111122223333",
} as const;

export const signingKeyAlias = "alias/holdfast-evidence";

type SeedOptions = Pick<SimulatorOptions, "seed" | "strict" | "pageSize" | "objectPageSize" | "backup"> &
  RoleOptions & {
    /** The present, when the simulator is handed over. Default 2026-01-15T06:00Z. */
    readonly now?: Date;
    /** How long the plans have been running by then. Default 45 days. */
    readonly historyDays?: number;
    /** Whether people have meddled since. Default true. */
    readonly drifted?: boolean;
  };

/** The whole company, ready to be looked at. */
export function seededSimulator(options: SeedOptions = {}): Simulator {
  const now = options.now ?? new Date("2026-01-15T06:00:00Z");
  const start = new Date(now.getTime() - (options.historyDays ?? 45) * 86_400_000);
  const simulator = createSimulator({ ...organizationOptions(), ...definedOptions(options), start });
  seedOrganization(simulator, options);
  simulator.clock.advanceTo(now);
  if (options.drifted ?? true) letThingsDrift(simulator);
  return simulator;
}

function definedOptions({ seed, strict, pageSize, objectPageSize, backup }: SeedOptions): Partial<SimulatorOptions> {
  return Object.fromEntries(
    Object.entries({ seed, strict, pageSize, objectPageSize, backup }).filter(([, value]) => value !== undefined),
  );
}

/** Accounts, units and Regions, with nothing in them yet. */
export function organizationOptions(): SimulatorOptions {
  return {
    hubAccount: accounts.hub,
    managementAccount: accounts.management,
    regions,
    accounts: [
      { id: accounts.management, name: "management" },
      { id: accounts.hub, name: "backup-hub", ou: "Infrastructure" },
      { id: accounts.backup, name: "backup-vaults", ou: "Infrastructure" },
      { id: accounts.shop, name: "production-shop", ou: "Workloads/Production", tags: { env: "production" } },
      { id: accounts.data, name: "production-data", ou: "Workloads/Production", tags: { env: "production" } },
      { id: accounts.sandbox, name: "sandbox", ou: "Sandbox", tags: { env: "sandbox" } },
    ],
  };
}

/** Sets the company up as it was on its first day: roles, keys, buckets, vaults, plans. */
export function seedOrganization(simulator: Simulator, options: RoleOptions = {}): void {
  simulator.organization.delegated.set(accounts.hub, new Set(["backup.amazonaws.com"]));
  addRoles(simulator, options);
  addKeys(simulator);
  const home = { account: accounts.hub, region: "eu-west-1" };
  simulator.addBucket({ ...home, name: buckets.desiredState, versioning: "Enabled" });
  simulator.addBucket({ ...home, name: buckets.evidence, objectLock: true });
  simulator.addBucket({ ...home, name: buckets.work, versioning: "Enabled" });
  addCentralVault(simulator, central);
  for (const place of productionPlaces) {
    addResources(simulator, place);
    addNightlyVault(simulator, place);
    addNightlyPlan(simulator, place, place.region === central.region ? central : undefined);
  }
  addVault(simulator.backup(accounts.sandbox, "eu-west-1"), { name: "Default" });
}

/** `alias/backup` everywhere, shared within the company so that copies can be read; the signing key in the hub. */
function addKeys(simulator: Simulator): void {
  const { organization } = simulator;
  const everyone = [...organization.accounts.keys()].map((account) => `arn:aws:iam::${account}:root`);
  const policy: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: everyone }, Action: "kms:*", Resource: "*" }],
  };
  for (const account of organization.accounts.keys()) {
    for (const region of simulator.regions) simulator.addKey(account, region, { alias: "alias/backup", policy });
  }
  simulator.addKey(accounts.hub, "eu-west-1", { alias: signingKeyAlias, spec: "ECC_NIST_P256" });
}

/** Who did what, where, since the setup. */
const drift: readonly (readonly [MeddlingName, string, string])[] = [
  ["weaken-retention", accounts.shop, "eu-west-1"],
  ["delete-vault-policy", accounts.shop, "eu-west-1"],
  ["remove-lock", accounts.shop, "eu-central-1"],
  ["delete-selection", accounts.data, "eu-central-1"],
  ["mute-notifications", accounts.data, "eu-west-1"],
  ["add-foreign-plan", accounts.data, "eu-west-1"],
  ["retag-vault", accounts.data, "eu-west-1"],
  ["add-foreign-vault", accounts.shop, "eu-west-1"],
];

function letThingsDrift(simulator: Simulator): void {
  for (const [name, account, region] of drift) {
    if (simulator.meddle(name, { account, region }) === undefined) {
      throw new Error(`the seed has nothing to ${name} in ${account} ${region}`);
    }
  }
  addLeftovers(simulator);
}

/** Points nobody looks after any more: one that AWS Backup failed to delete, one kept for ever, one taken by hand in the sandbox. */
function addLeftovers(simulator: Simulator): void {
  const daysAgo = (days: number) => new Date(simulator.clock.now().getTime() - days * 86_400_000);
  const shop = simulator.backup(accounts.shop, "eu-west-1");
  const volume = `arn:aws:ec2:eu-west-1:${accounts.shop}:volume/`;
  addRecoveryPoint(shop, {
    vault: "nightly",
    resourceArn: `${volume}vol-0a1b2c3d4e5f60001`,
    resourceType: "EBS",
    creationDate: daysAgo(60),
    lifecycle: { DeleteAfterDays: 35 },
    status: "EXPIRED",
    statusMessage: "AWS Backup could not delete the recovery point: its role is gone",
  });
  addRecoveryPoint(shop, {
    vault: "nightly",
    resourceArn: `${volume}vol-0a1b2c3d4e5f69999`,
    resourceType: "EBS",
    creationDate: daysAgo(400),
  });
  addRecoveryPoint(simulator.backup(accounts.sandbox, "eu-west-1"), {
    vault: "Default",
    resourceArn: `arn:aws:dynamodb:eu-west-1:${accounts.sandbox}:table/experiment`,
    resourceType: "DynamoDB",
    creationDate: daysAgo(90),
  });
}
