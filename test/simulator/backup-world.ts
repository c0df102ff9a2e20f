/** What AWS Backup asks of the rest of the cloud, answered from the simulated world. */
import { newGlobalSettings, type BackupOptions, type BackupWorld, type EncryptionKey } from "./backup/world.ts";
import { evaluate } from "./iam/evaluate.ts";
import { many } from "./iam/policy.ts";
import type { Role } from "./iam/registry.ts";
import { userOf } from "./owners/compute.ts";
import { addKey, findKey, type KmsKey } from "./kms/state.ts";
import type { World } from "./world.ts";

interface BackupWorldInput {
  readonly options: BackupOptions;
  readonly crossAccountBackup: boolean;
  readonly states: BackupWorld["states"];
  /** Accounts without AWSServiceRoleForBackup. */
  readonly withoutServiceRole: ReadonlySet<string>;
}

/** `world` is read when asked, never while it is being made. */
export function createBackupWorld(world: () => World, input: BackupWorldInput): BackupWorld {
  const globalSettings = newGlobalSettings(input.crossAccountBackup);
  return {
    get managementAccount() {
      return world().organization.managementAccount;
    },
    get pageSize() {
      return world().options.pageSize;
    },
    globalSettings,
    options: input.options,
    states: input.states,
    state: (account, region) => world().backup(account, region),
    organizationOf: (account) => (isMember(world(), account) ? world().organization.id : undefined),
    accountExists: (account) => world().organization.accounts.has(account),
    roleExists: (arn) => trustsBackup(world().iam.role(arn)),
    roleAllows: (arn, action) => roleAllows(world().iam.role(arn), action),
    serviceLinkedRoleExists: (account) =>
      world().organization.accounts.has(account) && !input.withoutServiceRole.has(account),
    principalExists: (arn) => principalExists(world(), arn),
    userOf: (account, region, pointArn) => {
      const compute = world().compute(account, region);
      return compute && userOf(compute, world().resources(account, region).values(), pointArn);
    },
    key: (account, region, name) => encryptionKey(world(), account, region, name),
    protectedResources: (account, region) => world().resources(account, region).values(),
    placeRestored: (account, region, restored) => {
      world()
        .resources(account, region)
        .set(restored.arn, {
          ...restored,
          tags: { ...restored.tags },
          created: world().clock.now(),
          idle: false,
          everTagged: true,
        });
    },
    removeRestored: (account, region, arn) => void world().resources(account, region).delete(arn),
    announce: (place, at, say) => world().eventBridge.announce(place, at, say),
    now: () => world().clock.now(),
    uuid: () => world().random.uuid(),
  };
}

function isMember(world: World, account: string): boolean {
  return world.organization.accounts.get(account)?.parent !== undefined;
}

function trustsBackup(role: Role | undefined): boolean {
  if (role === undefined) return false;
  const principal = { account: role.account, arn: "backup.amazonaws.com" };
  return evaluate([role.trust], { action: "sts:AssumeRole", resource: role.arn, principal }) === "allowed";
}

/** A role with no policies of record counts as allowed everything: seeds need not spell out AWS's managed policies. */
function roleAllows(role: Role | undefined, action: string): boolean {
  if (role === undefined) return false;
  if (role.grant === "administrator" || role.grant.length === 0) return true;
  const principal = { account: role.account, arn: role.arn };
  return evaluate(role.grant, { action, resource: "*", principal }) === "allowed";
}

/** Users are not kept by name apart from their keys, so any user of an account that exists counts as existing. */
function principalExists(world: World, arn: string): boolean {
  if (arn === "*") return true;
  if (/^\d{12}$/.test(arn)) return world.organization.accounts.has(arn);
  const [, account = "", resource = ""] = /^arn:aws:(?:iam|sts)::(\d{12}):(.+)$/.exec(arn) ?? [];
  if (!world.organization.accounts.has(account)) return false;
  if (resource.startsWith("role/")) return world.iam.role(arn) !== undefined;
  if (!resource.startsWith("assumed-role/")) return true;
  const name = resource.split("/")[1];
  return world.iam.roles().some((role) => role.account === account && role.name === name);
}

/** `alias/aws/backup` exists in every account and Region from the moment somebody asks for it. */
function encryptionKey(world: World, account: string, region: string, name: string): EncryptionKey | undefined {
  const own = world.kms(account, region);
  if (own === undefined) return undefined;
  const managed = /^(?:arn:aws:kms:[^:]+:\d{12}:)?(alias\/aws\/[a-z0-9]+)$/.exec(name)?.[1];
  if (managed !== undefined && !own.aliases.has(managed)) {
    addKey(own, { alias: managed, manager: "AWS" }, world.random, world.clock.now());
  }
  const key = findKey(own, name, world.kms);
  if (key === undefined) return undefined;
  return { arn: key.arn, manager: key.manager, enabled: key.state === "Enabled", sharedWith: sharedWith(key, world) };
}

/** Accounts other than its own that the key's policy lets use it. */
function sharedWith(key: KmsKey, world: World): ReadonlySet<string> {
  const owner = key.arn.split(":")[4];
  const named = many(key.policy.Statement).flatMap(({ Effect, Principal }) => {
    if (Effect !== "Allow" || Principal === undefined) return [];
    return Principal === "*" ? ["*"] : many(Principal["AWS"]);
  });
  const everyone = [...world.organization.accounts.keys()];
  const accounts = named.flatMap((one) => (one === "*" ? everyone : accountIn(one)));
  return new Set(accounts.filter((account) => account !== owner));
}

function accountIn(principal: string): readonly string[] {
  const account = /^(?:arn:aws:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(principal)?.[1];
  return account === undefined ? [] : [account];
}
