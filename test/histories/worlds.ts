import fc from "fast-check";
import { addPlan, addRecoveryPoint, addSelection, addVault } from "../simulator/backup/build.ts";
import type { BackupState, RecoveryPoint, Vault } from "../simulator/backup/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { FRANKFURT, HUB, IRELAND, SHOP, universe, VAULTS, type Universe } from "../support/universe.ts";
import {
  ASKED_PLACES,
  ASKED_REGION,
  type Committed,
  type Copies,
  type Extent,
  filesOf,
  OWNER_TAG,
  regionsOf,
} from "./desired.ts";

/** An account of the organization that the fleet does not look after. */
export const LAB = "999900001111";

/** An organization with a past: plans that run, plans that are gone, and what they left behind. */
export interface World {
  readonly extent: Extent;
  readonly series: readonly Series[];
  /** Deleted before anybody looked. */
  readonly gone: readonly (keyof typeof RESOURCES)[];
  readonly seed: number;
  readonly pageSize: number;
  readonly accountInImageArns: boolean;
  /** Copies of what lies in `app` and `db`, in some vaults, of each of the series in turn. */
  readonly copies?: { readonly to: Copies["to"]; readonly each: readonly Copied[] };
  /** What bears the tag of an owner. */
  readonly owned?: readonly (keyof typeof RESOURCES)[];
}

/** How the points of one series have been copied. */
export type Copied = "once" | "twice" | "from nowhere" | "for less" | "not at all";

/** Points of one resource in one vault, taken one after the other. */
export interface Series {
  readonly vault: keyof typeof VAULT_PLACES;
  readonly of: keyof typeof RESOURCES;
  /** Taken so many days ago, the newest first: days between one and the next. */
  readonly every: number;
  readonly count: number;
  /** Days they are kept; 0: for ever. */
  readonly keepDays: 0 | 100 | 400;
  readonly by: "nightly" | "gone plan" | "lab plan" | "hand";
  /** How many of the oldest AWS Backup could not delete. */
  readonly expired: number;
  /** What the newest is like. */
  readonly newest: "good" | "flagged" | "other key";
  /** What the oldest is like. */
  readonly oldest: "usual" | "continuous" | "parent" | "child" | "after an event" | "cold";
}

export const VAULT_PLACES = {
  app: SHOP,
  db: SHOP,
  other: SHOP,
  central: VAULTS,
  sealed: VAULTS,
} as const;

/** What is backed up: all in the shop, in each Region. `id` follows the service's separator. */
export const RESOURCES = {
  volume: { type: "EBS", arn: (place: string) => `arn:aws:ec2:${place}:volume/vol-1` },
  disk: { type: "EBS", arn: (place: string) => `arn:aws:ec2:${place}:volume/vol-2` },
  server: { type: "EC2", arn: (place: string) => `arn:aws:ec2:${place}:instance/i-1` },
  orders: { type: "RDS", arn: (place: string) => `arn:aws:rds:${place}:db:orders` },
  ledger: { type: "Aurora", arn: (place: string) => `arn:aws:rds:${place}:cluster:ledger` },
  carts: { type: "DynamoDB", arn: (place: string) => `arn:aws:dynamodb:${place}:table/carts` },
  shared: {
    type: "EFS",
    arn: (place: string) => `arn:aws:elasticfilesystem:${place}:file-system/fs-1`,
  },
  pictures: { type: "S3", arn: (place: string) => `arn:aws:s3:::pictures-${place.split(":")[0]}` },
} as const;

/** Each as often as it says: what is usual is most, or there would be nothing to clean up. */
const often = <const T>(...all: readonly (readonly [times: number, one: T])[]): fc.Arbitrary<T> =>
  fc.oneof(...all.map(([weight, one]) => ({ weight, arbitrary: fc.constant(one) })));

const series: fc.Arbitrary<Series> = fc.record({
  vault: often([6, "app"], [4, "db"], [4, "central"], [1, "other"], [1, "sealed"]),
  of: fc.constantFrom(...(Object.keys(RESOURCES) as (keyof typeof RESOURCES)[])),
  every: fc.integer({ min: 1, max: 9 }),
  count: often([1, 1], [2, 2], [3, 3], [3, 4], [2, 5]),
  keepDays: often([7, 0], [1, 100], [1, 400]),
  by: often([5, "gone plan"], [5, "nightly"], [1, "lab plan"], [1, "hand"]),
  expired: often([4, 0], [2, 1], [2, 2], [1, 3]),
  newest: often([9, "good"], [1, "flagged"], [1, "other key"]),
  oldest: often([8, "usual"], [1, "continuous"], [1, "parent"], [1, "child"], [1, "after an event"], [1, "cold"]),
});

export const world: fc.Arbitrary<World> = fc.record({
  extent: fc.record({ regions: fc.constantFrom(1, 1, 2) }),
  series: fc.array(series, { minLength: 3, maxLength: 7, size: "max" }),
  gone: fc.subarray(Object.keys(RESOURCES) as (keyof typeof RESOURCES)[], { minLength: 1, maxLength: 4 }),
  seed: fc.nat(1_000),
  pageSize: fc.constantFrom(2, 3, 5, 50),
  accountInImageArns: fc.boolean(),
});

export const DAY_MS = 86_400_000;
const ROLE = (account: string): string => `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`;
/** The role of jobs, which people may take away without harm to the plans that run. */
export const OLD_ROLE = (account: string): string => `arn:aws:iam::${account}:role/OldBackupRole`;
const goneId = (account: string): string => `00000000-0000-4000-8000-${account}`;

/** The organization as it is when the first controller comes. */
export function build(given: World, committed: Committed): Universe {
  const u = universe({
    files: filesOf(committed, given.extent),
    accounts: [HUB, SHOP, VAULTS, LAB],
    regions: [IRELAND, FRANKFURT],
    seed: given.seed,
    pageSize: given.pageSize,
    accountInImageArns: given.accountInImageArns,
  });
  const { simulator } = u;
  for (const account of [SHOP, VAULTS, LAB]) putOldRole(simulator, account);
  for (const region of regionsOf(given.extent)) furnish(simulator, region, given.owned);
  for (const [index, one] of given.series.entries()) {
    const regions = regionsOf(given.extent);
    const points = placeSeries(simulator, regions[index % regions.length]!, one);
    if (["app", "db"].includes(one.vault))
      for (const point of points) placeCopies(simulator, point, given.copies, index);
  }
  for (const region of regionsOf(given.extent))
    for (const name of given.gone) simulator.removeResource(SHOP, region, RESOURCES[name].arn(`${region}:${SHOP}`));
  return u;
}

export const putOldRole = (simulator: Simulator, account: string): void =>
  void simulator.iam.putRole(account, {
    name: "OldBackupRole",
    trust: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  });

function furnish(simulator: Simulator, region: string, owned: World["owned"] = []): void {
  const place = `${region}:${SHOP}`;
  for (const [name, { type, arn }] of Object.entries(RESOURCES)) {
    const tags = { backup: "nightly", ...(owned.some((one) => one === name) && { [OWNER_TAG]: "shop" }) };
    simulator.addResource(SHOP, region, { arn: arn(place), type, tags });
  }
  const key = (account: string, alias: string) => simulator.addKey(account, region, { alias }).arn;
  for (const [name, account] of Object.entries(VAULT_PLACES))
    addVault(simulator.backup(account, region), {
      name,
      ...(name === "sealed"
        ? { type: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" as const, lock: { minRetentionDays: 7, maxRetentionDays: 3650 } }
        : { encryptionKeyArn: key(account, `alias/${name}`) }),
    });
  addVault(simulator.backup(SHOP, region), { name: "aws/efs/automatic-backup-vault" });
  for (const account of [SHOP, VAULTS, LAB]) simulator.addKey(account, region, { alias: "alias/other" });
  addNightly(simulator.backup(SHOP, region), region);
}

/** Three resources every night, for ever or for a month, and one of them copied. */
function addNightly(state: BackupState, region: string): void {
  const rule = {
    RuleName: "daily",
    TargetBackupVaultName: "app",
    ScheduleExpression: "cron(0 3 ? * SUN *)",
    CopyActions: [{ DestinationBackupVaultArn: `arn:aws:backup:${region}:${VAULTS}:backup-vault:central` }],
  };
  const plan = addPlan(state, { document: { BackupPlanName: "nightly", Rules: [rule] } });
  const place = `${region}:${SHOP}`;
  addSelection(state, plan, {
    content: {
      SelectionName: "some",
      IamRoleArn: ROLE(SHOP),
      Resources: [RESOURCES.volume.arn(place), RESOURCES.orders.arn(place)],
    },
  });
}

function creatorOf(simulator: Simulator, region: string, by: Series["by"]) {
  if (by === "hand") return undefined;
  const account = by === "lab plan" ? LAB : SHOP;
  const live = [...simulator.backup(SHOP, region).plans.values()][0];
  const id = by === "nightly" && live ? live.id : goneId(account);
  return {
    BackupPlanId: id,
    BackupPlanArn: `arn:aws:backup:${region}:${account}:backup-plan:${id}`,
    BackupPlanVersion: live?.versions[0]?.id ?? "1",
    BackupRuleId: "11111111-1111-4111-8111-111111111111",
    BackupRuleName: "daily",
  };
}

function placeSeries(simulator: Simulator, region: string, given: Series): readonly RecoveryPoint[] {
  const account = VAULT_PLACES[given.vault];
  const state = simulator.backup(account, region);
  const vault = state.vaults.get(given.vault)!;
  const { type, arn } = RESOURCES[given.of];
  const resource = simulator.resources(SHOP, region).get(arn(`${region}:${SHOP}`))!;
  const createdBy = creatorOf(simulator, region, given.by);
  return Array.from({ length: given.count }, (_none, at) => {
    const [isNewest, isOldest] = [at === 0, at === given.count - 1];
    const special = isOldest && at > 0 ? given.oldest : "usual";
    const age = 40 + at * given.every;
    const creationDate = new Date(simulator.clock.now().getTime() - age * DAY_MS);
    const wasExpired = special === "usual" && given.count - at <= given.expired;
    return addRecoveryPoint(state, {
      vault,
      resourceArn: resource.arn,
      resourceType: type,
      ...(resource.resourceId === undefined ? {} : { sourceResourceId: resource.resourceId }),
      creationDate,
      status: wasExpired ? "EXPIRED" : special === "continuous" ? "AVAILABLE" : "COMPLETED",
      sizeBytes: 1_000_000 + at,
      iamRoleArn: OLD_ROLE(account),
      ...(createdBy && { createdBy }),
      ...(account === VAULTS && { sourceBackupVaultArn: `arn:aws:backup:${region}:${SHOP}:backup-vault:app` }),
      ...lifecycleOf(given, special, wasExpired),
      ...specially(special, simulator, account, region),
      ...(isNewest && given.newest === "flagged" && { flagged: true }),
      encryptionKeyArn: keyFor(vault, isNewest && given.newest === "other key", state),
    });
  });
}

/** What older jobs have left of a point in the vaults that are asked for copies. */
function placeCopies(simulator: Simulator, point: RecoveryPoint, copies: World["copies"], index: number): void {
  const how = copies?.each[index % copies.each.length];
  if (!copies || how === undefined || how === "not at all" || point.continuous) return;
  for (const name of copies.to) {
    const state = simulator.backup(ASKED_PLACES[name], ASKED_REGION);
    const vault = state.vaults.get(name)!;
    for (let times = how === "twice" ? 2 : 1; times > 0; times -= 1)
      addRecoveryPoint(state, {
        vault,
        resourceArn: point.resourceArn,
        resourceType: point.resourceType,
        creationDate: point.creationDate,
        sizeBytes: point.sizeBytes,
        iamRoleArn: OLD_ROLE(state.account),
        encryptionKeyArn: vault.encryptionKeyArn,
        lifecycle: how === "for less" ? { DeleteAfterDays: 90 } : { ...point.lifecycle },
        ...(how !== "from nowhere" && { sourceBackupVaultArn: point.vault.arn }),
      });
  }
}

const keyFor = (vault: Vault, other: boolean, state: BackupState): string | undefined =>
  other ? state.world.key(state.account, state.region, "alias/other")?.arn : vault.encryptionKeyArn;

function lifecycleOf({ keepDays }: Series, special: Series["oldest"], expired: boolean) {
  if (special === "cold") return { lifecycle: { MoveToColdStorageAfterDays: 10, DeleteAfterDays: 400 } };
  if (special === "continuous") return { lifecycle: { DeleteAfterDays: 35 }, continuous: true };
  if (special === "after an event")
    return { lifecycle: { DeleteAfterDays: 400, DeleteAfterEvent: "DELETE_AFTER_COPY" as const } };
  if (expired) return { lifecycle: { DeleteAfterDays: 35 } };
  // Young enough to be there at the start.
  return keepDays === 0 ? {} : { lifecycle: { DeleteAfterDays: keepDays } };
}

function specially(special: Series["oldest"], simulator: Simulator, account: string, region: string) {
  if (special === "parent") return { isParent: true };
  if (special !== "child") return {};
  return { parentArn: `arn:aws:backup:${region}:${account}:recovery-point:${simulator.random.uuid()}` };
}
