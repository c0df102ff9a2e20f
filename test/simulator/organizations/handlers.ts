/** AWS Organizations as a reader sees it (semantics §9.4): for the management account and delegated administrators only. */
import { startFrom, tokenAt } from "../paging.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { World } from "../world.ts";
import type { Account, Organization, OrganizationalUnit } from "./state.ts";

type Call = Context<World>;

function organizationOf({ state, account }: Call): Organization {
  if (state.organization.accounts.get(account)?.parent === undefined) {
    throw new ApiError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
  }
  return state.organization;
}

/** Everything but DescribeOrganization is denied to an ordinary member. */
function administered(call: Call): Organization {
  const organization = organizationOf(call);
  if (call.account !== organization.managementAccount && !organization.delegated.has(call.account)) {
    throw new ApiError("AccessDeniedException", "You don't have permissions to access this resource.", {}, 400);
  }
  return organization;
}

interface PagedInput {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** Pages of 20 at most. The page after the first is empty and still carries a token, as the API reference warns that pages may. */
function paged<T>(
  call: Call,
  listing: string,
  input: PagedInput,
  rows: readonly T[],
): { readonly rows: readonly T[]; readonly next: string | undefined } {
  const invalid = () =>
    new ApiError("InvalidInputException", "You specified an invalid value for the pagination token.", {
      Reason: "INVALID_NEXT_TOKEN",
    });
  const bound = `organizations:${listing} ${call.account}`;
  const emptyPage = `${bound} empty`;
  const limit = Math.min(input.MaxResults ?? 20, call.state.options.pageSize);
  if (input.NextToken !== undefined && isBoundTo(input.NextToken, emptyPage)) {
    return { rows: [], next: tokenAt(startFrom(input.NextToken, emptyPage, invalid), bound) };
  }
  const from = startFrom(input.NextToken, bound, invalid);
  const end = from + limit;
  if (end >= rows.length) return { rows: rows.slice(from), next: undefined };
  return { rows: rows.slice(from, end), next: tokenAt(end, from === 0 ? emptyPage : bound) };
}

function isBoundTo(token: string, listing: string): boolean {
  return Buffer.from(token, "base64url").toString().endsWith(`|${listing}`);
}

function accountArn(organization: Organization, id: string): string {
  return `arn:aws:organizations::${organization.managementAccount}:account/${organization.id}/${id}`;
}

function accountRow(organization: Organization, account: Account): unknown {
  return {
    Id: account.id,
    Arn: accountArn(organization, account.id),
    Email: account.email,
    Name: account.name,
    Status: account.status,
    State: account.status,
    JoinedMethod: account.id === organization.managementAccount ? "INVITED" : "CREATED",
    JoinedTimestamp: account.joined,
  };
}

function unitRow(organization: Organization, unit: OrganizationalUnit): unknown {
  const Arn = `arn:aws:organizations::${organization.managementAccount}:ou/${organization.id}/${unit.id}`;
  return { Id: unit.id, Arn, Name: unit.name };
}

/** Members in the order of their ids: the order of every listing. */
function members(organization: Organization): readonly Account[] {
  return [...organization.accounts.values()]
    .filter(({ parent }) => parent !== undefined)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function unitsIn(organization: Organization, parent: string): readonly OrganizationalUnit[] {
  return [...organization.units.values()]
    .filter((unit) => unit.parent === parent)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function memberNamed(organization: Organization, id: string): Account {
  const account = organization.accounts.get(id);
  if (account?.parent === undefined) {
    throw new ApiError("AccountNotFoundException", "You specified an account that doesn't exist.");
  }
  return account;
}

function checkParent(organization: Organization, id: string): void {
  if (id === organization.rootId || organization.units.has(id)) return;
  throw new ApiError("ParentNotFoundException", "You specified parent that doesn't exist.");
}

function describeOrganization(_input: unknown, call: Call): unknown {
  const organization = organizationOf(call);
  const { managementAccount } = organization;
  return {
    Organization: {
      Id: organization.id,
      Arn: `arn:aws:organizations::${managementAccount}:organization/${organization.id}`,
      FeatureSet: "ALL",
      MasterAccountArn: accountArn(organization, managementAccount),
      MasterAccountId: managementAccount,
      MasterAccountEmail: organization.accounts.get(managementAccount)?.email,
      AvailablePolicyTypes: [],
    },
  };
}

function listAccounts(input: PagedInput, call: Call): unknown {
  const organization = administered(call);
  const page = paged(call, "ListAccounts", input, members(organization));
  return { Accounts: page.rows.map((account) => accountRow(organization, account)), NextToken: page.next };
}

function describeAccount(input: { readonly AccountId: string }, call: Call): unknown {
  const organization = administered(call);
  return { Account: accountRow(organization, memberNamed(organization, input.AccountId)) };
}

interface ParentInput extends PagedInput {
  readonly ParentId: string;
}

function listAccountsForParent(input: ParentInput, call: Call): unknown {
  const organization = administered(call);
  checkParent(organization, input.ParentId);
  const rows = members(organization).filter(({ parent }) => parent === input.ParentId);
  const page = paged(call, `ListAccountsForParent ${input.ParentId}`, input, rows);
  return { Accounts: page.rows.map((account) => accountRow(organization, account)), NextToken: page.next };
}

function listRoots(input: PagedInput, call: Call): unknown {
  const organization = administered(call);
  const Arn = `arn:aws:organizations::${organization.managementAccount}:root/${organization.id}/${organization.rootId}`;
  const page = paged(call, "ListRoots", input, [{ Id: organization.rootId, Arn, Name: "Root", PolicyTypes: [] }]);
  return { Roots: page.rows, NextToken: page.next };
}

function listOrganizationalUnitsForParent(input: ParentInput, call: Call): unknown {
  const organization = administered(call);
  checkParent(organization, input.ParentId);
  const page = paged(
    call,
    `ListOrganizationalUnitsForParent ${input.ParentId}`,
    input,
    unitsIn(organization, input.ParentId),
  );
  return { OrganizationalUnits: page.rows.map((unit) => unitRow(organization, unit)), NextToken: page.next };
}

function describeOrganizationalUnit(input: { readonly OrganizationalUnitId: string }, call: Call): unknown {
  const organization = administered(call);
  const unit = organization.units.get(input.OrganizationalUnitId);
  if (unit === undefined) {
    throw new ApiError(
      "OrganizationalUnitNotFoundException",
      "You specified an organizational unit that doesn't exist.",
    );
  }
  return { OrganizationalUnit: unitRow(organization, unit) };
}

function listChildren(
  input: ParentInput & { readonly ChildType: "ACCOUNT" | "ORGANIZATIONAL_UNIT" },
  call: Call,
): unknown {
  const organization = administered(call);
  checkParent(organization, input.ParentId);
  const children: readonly { readonly id: string }[] =
    input.ChildType === "ACCOUNT"
      ? members(organization).filter(({ parent }) => parent === input.ParentId)
      : unitsIn(organization, input.ParentId);
  const page = paged(call, `ListChildren ${input.ParentId} ${input.ChildType}`, input, children);
  return { Children: page.rows.map(({ id }) => ({ Id: id, Type: input.ChildType })), NextToken: page.next };
}

function listParents(input: PagedInput & { readonly ChildId: string }, call: Call): unknown {
  const organization = administered(call);
  const parent = organization.accounts.get(input.ChildId)?.parent ?? organization.units.get(input.ChildId)?.parent;
  if (parent === undefined) throw new ApiError("ChildNotFoundException", "You specified a child that doesn't exist.");
  return { Parents: [{ Id: parent, Type: parent === organization.rootId ? "ROOT" : "ORGANIZATIONAL_UNIT" }] };
}

function listTagsForResource(input: PagedInput & { readonly ResourceId: string }, call: Call): unknown {
  const organization = administered(call);
  const account = organization.accounts.get(input.ResourceId);
  const known =
    account?.parent !== undefined ||
    input.ResourceId === organization.rootId ||
    organization.units.has(input.ResourceId);
  if (!known) throw new ApiError("TargetNotFoundException", "You specified a target that doesn't exist.");
  const tags = Object.entries(account?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const page = paged(call, `ListTagsForResource ${input.ResourceId}`, input, tags);
  return { Tags: page.rows, NextToken: page.next };
}

function listDelegatedAdministrators(input: PagedInput & { readonly ServicePrincipal?: string }, call: Call): unknown {
  const organization = administered(call);
  const delegates = members(organization).filter(({ id }) => {
    const services = organization.delegated.get(id);
    return services !== undefined && (input.ServicePrincipal === undefined || services.has(input.ServicePrincipal));
  });
  const page = paged(call, `ListDelegatedAdministrators ${input.ServicePrincipal ?? ""}`, input, delegates);
  return {
    DelegatedAdministrators: page.rows.map((account) => ({
      ...(accountRow(organization, account) as object),
      DelegationEnabledDate: account.joined,
    })),
    NextToken: page.next,
  };
}

export const organizationsHandlers: Handlers<World> = {
  DescribeOrganization: describeOrganization,
  ListAccounts: listAccounts,
  DescribeAccount: describeAccount,
  ListAccountsForParent: listAccountsForParent,
  ListRoots: listRoots,
  ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
  DescribeOrganizationalUnit: describeOrganizationalUnit,
  ListChildren: listChildren,
  ListParents: listParents,
  ListTagsForResource: listTagsForResource,
  ListDelegatedAdministrators: listDelegatedAdministrators,
};
