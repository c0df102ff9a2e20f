/** One organization: its tree of organizational units and the accounts in it. */
import type { Random } from "../random.ts";

type AccountStatus = "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE";

export interface AccountInput {
  readonly id: string;
  readonly name: string;
  /** Path of organizational units below the root: `Workloads/Production`. Absent: directly under the root. */
  readonly ou?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly status?: AccountStatus;
  /** The account exists but belongs to no organization of ours. */
  readonly outside?: true;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly joined: Date;
  /** The root or unit it sits in; undefined outside the organization. */
  parent: string | undefined;
  status: AccountStatus;
  tags: Record<string, string>;
}

export interface OrganizationalUnit {
  readonly id: string;
  readonly name: string;
  readonly parent: string;
}

export interface Organization {
  readonly id: string;
  readonly rootId: string;
  readonly managementAccount: string;
  readonly accounts: Map<string, Account>;
  readonly units: Map<string, OrganizationalUnit>;
  /** Delegated administrators: account → service principals it administers. */
  readonly delegated: Map<string, Set<string>>;
}

export function createOrganization(
  managementAccount: string,
  accounts: readonly AccountInput[],
  joined: Date,
  random: Random,
  id?: string,
): Organization {
  const short = (length: number) => random.letters(length).toLowerCase();
  const rootId = `r-${short(4)}`;
  const invented = `o-${short(10)}`;
  const organization: Organization = {
    id: id ?? invented,
    rootId,
    managementAccount,
    accounts: new Map(),
    units: new Map(),
    delegated: new Map(),
  };
  for (const input of accounts) addAccount(organization, input, joined, random);
  return organization;
}

function addAccount(organization: Organization, input: AccountInput, joined: Date, random: Random): Account {
  const account: Account = {
    id: input.id,
    name: input.name,
    email: `aws+${input.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}@example.com`,
    joined,
    parent: input.outside ? undefined : unitAt(organization, input.ou ?? "", random),
    status: input.status ?? "ACTIVE",
    tags: { ...input.tags },
  };
  organization.accounts.set(input.id, account);
  return account;
}

/** The unit at a path, made on the way where it is missing. */
function unitAt(organization: Organization, path: string, random: Random): string {
  let parent = organization.rootId;
  for (const name of path.split("/").filter((part) => part !== "")) {
    let unit = [...organization.units.values()].find((one) => one.parent === parent && one.name === name);
    if (unit === undefined) {
      const id = `ou-${organization.rootId.slice(2)}-${random.letters(8).toLowerCase()}`;
      unit = { id, name, parent };
      organization.units.set(id, unit);
    }
    parent = unit.id;
  }
  return parent;
}

/** `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths` of a member account; undefined outside. */
export function organizationPath(organization: Organization, account: string): string | undefined {
  let at = organization.accounts.get(account)?.parent;
  if (at === undefined) return undefined;
  const path: string[] = [];
  while (at !== organization.rootId && at !== undefined) {
    path.unshift(at);
    at = organization.units.get(at)?.parent;
  }
  return [organization.id, organization.rootId, ...path, ""].join("/");
}
