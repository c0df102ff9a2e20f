import { addRecoveryPoint } from "../simulator/backup/build.ts";
import type { BackupState, RecoveryPoint, Vault } from "../simulator/backup/state.ts";
import { ApiError } from "../simulator/service.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { SHOP, VAULTS } from "../support/universe.ts";
import type { Person } from "./acts.ts";
import { DAY_MS, LAB, OLD_ROLE, putOldRole, RESOURCES } from "./worlds.ts";

/** Where people are: the accounts with backups, in the Regions of the world. */
export interface Land {
  readonly simulator: Simulator;
  readonly regions: readonly string[];
  /** ARNs of points that stand announced: what people look at first. */
  readonly announced: () => ReadonlySet<string>;
  /** Images that people have registered. */
  readonly images: { readonly account: string; readonly region: string; readonly id: string }[];
}

const ACCOUNTS = [SHOP, VAULTS];

export const statesOf = ({ simulator, regions }: Land): readonly BackupState[] =>
  ACCOUNTS.flatMap((account) => regions.map((region) => simulator.backup(account, region)));

export const vaultsOf = (land: Land): readonly Vault[] => statesOf(land).flatMap(({ vaults }) => [...vaults.values()]);

export const pointsOf = (land: Land): readonly RecoveryPoint[] => vaultsOf(land).flatMap(({ points }) => [...points]);

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];

/** Does what a person would, and says so; undefined where there was nothing to do, or AWS refused. */
export function behave(land: Land, person: Person, at: number): string | undefined {
  try {
    return DEEDS[person](land, at);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

type Deed = (land: Land, at: number) => string | undefined;

const stateOf = ({ simulator }: Land, { account, region }: Pick<Vault, "account" | "region">): BackupState =>
  simulator.backup(account, region);
const act = ({ simulator }: Land, { account, region }: Pick<Vault, "account" | "region">) =>
  simulator.operator(account, region);
const region = ({ regions }: Land, at: number): string => pick(regions, at)!;
const livingIn = (land: Land, at: number) => land.simulator.resources(SHOP, region(land, at));

/** Deeds on a picked one of some things. */
const onVault =
  (fits: (vault: Vault) => boolean, deed: (land: Land, vault: Vault) => string): Deed =>
  (land, at) => {
    const vault = pick(vaultsOf(land).filter(fits), at);
    return vault && deed(land, vault);
  };
const onPoint =
  (fits: (point: RecoveryPoint, land: Land) => boolean, deed: (land: Land, point: RecoveryPoint) => string): Deed =>
  (land, at) => {
    const fitting = pointsOf(land).filter((one) => fits(one, land));
    const announced = land.announced();
    const minded = fitting.filter(({ arn }) => announced.has(arn));
    const point = pick(minded.length > 0 ? minded : fitting, at);
    return point && deed(land, point);
  };

/** Deeds on a copy, of something that stands announced where there is one. */
const onCopy =
  (deed: (land: Land, copy: RecoveryPoint) => string | undefined): Deed =>
  (land, at) => {
    const announced = land.announced();
    const all = pointsOf(land);
    const copies = all.filter(({ sourceBackupVaultArn }) => sourceBackupVaultArn !== undefined);
    const doomed = all.filter(({ arn }) => announced.has(arn));
    const minded = copies.filter((copy) =>
      doomed.some(
        ({ resourceArn, creationDate }) =>
          resourceArn === copy.resourceArn && creationDate.getTime() === copy.creationDate.getTime(),
      ),
    );
    const copy = pick(minded.length > 0 ? minded : copies, at);
    return copy && deed(land, copy);
  };

const KEEP = "holdfast:keep";
const short = (arn: string): string => arn.split(/[:/]/).slice(-2).join("/");

/** By the API of the service that the point is of; AWS Backup's own by its. */
function mark(land: Land, { arn, vault }: RecoveryPoint, set: boolean): void {
  const [run, Tags] = [act(land, vault), [{ Key: KEEP, Value: "yes" }]];
  switch (arn.split(":")[2]) {
    case "backup":
      if (set) run("backup", "TagResource", { ResourceArn: arn, Tags: { [KEEP]: "yes" } });
      else run("backup", "UntagResource", { ResourceArn: arn, TagKeyList: [KEEP] });
      return;
    case "ec2":
      if (set) run("ec2", "CreateTags", { Resources: [arn.slice(arn.lastIndexOf("/") + 1)], Tags });
      return;
    case "rds":
      if (set) run("rds", "AddTagsToResource", { ResourceName: arn, Tags });
      return;
    default:
  }
}

const isTaggable = ({ arn }: RecoveryPoint): boolean => /^arn:aws:(backup|ec2|rds):/.test(arn);
const isFree = ({ lock, points, type }: Vault): boolean =>
  lock === undefined && points.size > 0 && type === "BACKUP_VAULT";

const newestOf = (land: Land, at: number): RecoveryPoint | undefined => {
  const byResource = Map.groupBy(
    pointsOf(land).filter(({ vault }) => vault.type === "BACKUP_VAULT"),
    ({ vault, resourceArn }) => `${vault.arn} ${resourceArn}`,
  );
  const several = [...byResource.values()].filter(({ length }) => length > 1);
  return pick(several, at)?.toSorted((a, b) => b.creationDate.getTime() - a.creationDate.getTime())[0];
};

const rename = (land: Land, at: number, arn: string, to: string): boolean => {
  if (!livingIn(land, at).has(arn)) return false;
  land.simulator.renameResource(SHOP, region(land, at), arn, to);
  return true;
};

const ordersIn = (land: Land, at: number): string => RESOURCES.orders.arn(`${region(land, at)}:${SHOP}`);

const DEEDS: Readonly<Record<Person, Deed>> = {
  "delete plan": (land, at) => land.simulator.meddle("delete-plan", { account: SHOP, region: region(land, at) })?.did,
  "delete resource": (land, at) => {
    const arn = pick([...livingIn(land, at).keys()], at);
    if (arn === undefined) return undefined;
    land.simulator.removeResource(SHOP, region(land, at), arn);
    return `deleted ${arn}`;
  },
  "make resource anew": (land, at) => {
    const place = region(land, at);
    const all = Object.values(RESOURCES).map(({ type, arn }) => ({ type, arn: arn(`${place}:${SHOP}`) }));
    const gone = pick(
      all.filter(({ arn }) => !livingIn(land, at).has(arn)),
      at,
    );
    if (!gone) return undefined;
    land.simulator.addResource(SHOP, place, gone);
    return `made ${gone.arn} anew`;
  },
  "rename database": (land, at) => {
    const place = `${region(land, at)}:${SHOP}`;
    const [name, arn] =
      at % 2 === 0 ? (["orders", ordersIn(land, at)] as const) : (["ledger", RESOURCES.ledger.arn(place)] as const);
    return rename(land, at, arn, `${name}-renamed`) ? `renamed ${arn}` : undefined;
  },
  "switch blue and green": (land, at) => {
    const arn = ordersIn(land, at);
    if (!rename(land, at, arn, "orders-old1")) return undefined;
    land.simulator.addResource(SHOP, region(land, at), { arn, type: "RDS" });
    return `switched ${arn} from blue to green`;
  },
  "delete blue": (land, at) => {
    const arn = ordersIn(land, at).replace(/orders$/, "orders-old1");
    if (!livingIn(land, at).has(arn)) return undefined;
    land.simulator.removeResource(SHOP, region(land, at), arn);
    return `deleted ${arn}`;
  },
  "keep point": onPoint(
    (point) => isTaggable(point) && !(KEEP in point.tags),
    (land, point) => {
      mark(land, point, true);
      return `marked ${short(point.arn)} to be kept`;
    },
  ),
  "unkeep point": onPoint(
    ({ arn, tags }) => KEEP in tags && arn.startsWith("arn:aws:backup:"),
    (land, point) => {
      mark(land, point, false);
      return `took the keep mark off ${short(point.arn)}`;
    },
  ),
  "hold vault": onVault(
    ({ points }) => points.size > 0,
    (land, vault) => {
      const ToDate = land.simulator.clock.now();
      act(land, vault)("backup", "CreateLegalHold", {
        Title: `matter-${stateOf(land, vault).legalHolds.size}`,
        Description: "Counsel asked for it",
        RecoveryPointSelection: {
          VaultNames: [vault.name],
          DateRange: { FromDate: new Date(ToDate.getTime() - 300 * DAY_MS), ToDate },
        },
      });
      return `put a legal hold on what is in ${vault.name}`;
    },
  ),
  "cancel holds": (land) => {
    const active = statesOf(land).flatMap((state) =>
      [...state.legalHolds.values()].filter(({ status }) => status === "ACTIVE").map((hold) => ({ state, hold })),
    );
    for (const { state, hold } of active)
      act(land, state)("backup", "CancelLegalHold", { LegalHoldId: hold.id, CancelDescription: "it is over" });
    return active.length > 0 ? `cancelled ${active.length} legal holds` : undefined;
  },
  "lock vault": onVault(isFree, (land, vault) => {
    act(land, vault)("backup", "PutBackupVaultLockConfiguration", { BackupVaultName: vault.name, MinRetentionDays: 1 });
    return `locked ${vault.name}`;
  }),
  "unlock vault": onVault(
    ({ lock, type }) => lock !== undefined && type === "BACKUP_VAULT",
    (land, vault) => {
      act(land, vault)("backup", "DeleteBackupVaultLockConfiguration", { BackupVaultName: vault.name });
      return `unlocked ${vault.name}`;
    },
  ),
  "suspend vault": onVault(isFree, (land, vault) => {
    const until = new Date(land.simulator.clock.now().getTime() + 60 * 3_600_000).toISOString();
    act(land, vault)("backup", "TagResource", { ResourceArn: vault.arn, Tags: { "holdfast:suspend-until": until } });
    return `asked for no writes in ${vault.name} until ${until}`;
  }),
  "disable key": (land, at) => {
    const inUse = new Set(pointsOf(land).map(({ encryptionKeyArn }) => encryptionKeyArn));
    const keys = statesOf(land).flatMap(({ account, region: place }) =>
      [...land.simulator.kms(account, place).keys.values()].filter(
        ({ state, arn }) => state === "Enabled" && inUse.has(arn),
      ),
    );
    const key = pick(keys, at);
    if (key) key.state = "Disabled";
    return key && `disabled ${key.arn}`;
  },
  "enable keys": (land) => {
    const keys = statesOf(land).flatMap(({ account, region: place }) => [
      ...land.simulator.kms(account, place).keys.values(),
    ]);
    for (const key of keys) key.state = "Enabled";
    return "enabled every key";
  },
  "delete service-linked role": ({ simulator }, at) => {
    const account = ACCOUNTS[at % 2]!;
    simulator.withoutServiceRole.add(account);
    return `deleted the service-linked role of ${account}`;
  },
  "delete old role": ({ simulator }, at) => {
    const arn = OLD_ROLE(ACCOUNTS[at % 2]!);
    simulator.iam.deleteRole(arn);
    return `deleted ${arn}`;
  },
  "restore roles": ({ simulator }) => {
    simulator.withoutServiceRole.clear();
    for (const account of [...ACCOUNTS, LAB]) putOldRole(simulator, account);
    return "made every role anew";
  },
  "use snapshot": onPoint(
    ({ arn }) => arn.includes(":snapshot/snap-"),
    (land, { arn, vault }) => {
      const { id } = land.simulator.useSnapshot(vault.account, vault.region, arn.slice(arn.lastIndexOf("/") + 1));
      land.images.push({ account: vault.account, region: vault.region, id });
      return `registered an image of ${short(arn)}`;
    },
  ),
  "remove images": ({ simulator, images }) => {
    const left = images.splice(0);
    for (const { account, region: place, id } of left) simulator.removeImage(account, place, id);
    return left.length > 0 ? `deregistered ${left.length} images` : undefined;
  },
  "lock snapshot": onPoint(
    ({ undeletable }) => undeletable === undefined,
    (_land, point) => {
      point.undeletable = "The snapshot is locked.";
      return `locked ${short(point.arn)} at its own service`;
    },
  ),
  "free snapshots": (land) => {
    const locked = pointsOf(land).filter(({ undeletable }) => undeletable !== undefined);
    for (const point of locked) point.undeletable = undefined;
    return locked.length > 0 ? `freed ${locked.length} points at their own services` : undefined;
  },
  "delete newest point": (land, at) => {
    const point = newestOf(land, at);
    if (!point) return undefined;
    act(land, point.vault)("backup", "DeleteRecoveryPoint", {
      BackupVaultName: point.vault.name,
      RecoveryPointArn: point.arn,
    });
    return `deleted ${short(point.arn)}, the newest of its resource, by hand`;
  },
  "forget lifecycle": onPoint(
    ({ status, continuous, lifecycle }) =>
      status === "COMPLETED" && !continuous && lifecycle.DeleteAfterDays !== undefined,
    (land, { arn, vault }) => {
      act(land, vault)("backup", "UpdateRecoveryPointLifecycle", {
        BackupVaultName: vault.name,
        RecoveryPointArn: arn,
        Lifecycle: {},
      });
      return `made ${short(arn)} never expire`;
    },
  ),
  "delete copy": onCopy((land, { arn, vault }) => {
    const named = { BackupVaultName: vault.name, RecoveryPointArn: arn };
    act(land, vault)("backup", "DeleteRecoveryPoint", named);
    return `deleted ${short(arn)}, a copy`;
  }),
  "copy once more": onCopy((land, copy) => {
    const { vault, resourceArn, resourceType, creationDate, lifecycle, sourceBackupVaultArn, encryptionKeyArn } = copy;
    const given = { vault, resourceArn, resourceType, creationDate, lifecycle, sourceBackupVaultArn, encryptionKeyArn };
    return `copied ${short(copy.arn)} once more: ${short(addRecoveryPoint(stateOf(land, vault), given).arn)}`;
  }),
  "flag copy": onCopy((_land, copy) => {
    copy.flagged = true;
    return `a scan flagged ${short(copy.arn)}, a copy`;
  }),
  "disable key of copies": onCopy(({ simulator }, { vault: { account, region: place }, encryptionKeyArn: arn }) => {
    const key = [...simulator.kms(account, place).keys.values()].find((one) => one.arn === arn);
    if (key) key.state = "Disabled";
    return key && `disabled ${key.arn}`;
  }),
  "shorten copy": onCopy((land, { arn, vault }) => {
    const named = { BackupVaultName: vault.name, RecoveryPointArn: arn };
    act(land, vault)("backup", "UpdateRecoveryPointLifecycle", { ...named, Lifecycle: { DeleteAfterDays: 100 } });
    return `gave ${short(arn)}, a copy, a hundred days`;
  }),
  "flag newest point": (land, at) => {
    const point = newestOf(land, at);
    if (point) point.flagged = true;
    return point && `a scan flagged ${short(point.arn)}`;
  },
};
