/** The organization as its management account, or a delegated administrator, sees it (semantics §9.4). Whole, or not at all. */
import type { Account } from "@aws-sdk/client-organizations";
import pLimit from "p-limit";
import { AwsError, HoldfastError } from "../domain/errors.ts";
import { AccountId } from "../domain/identity.ts";
import type { Caller, Organization, OrganizationAccount } from "../ports.ts";
import { getCallerIdentity } from "./fleet.ts";
import { later, reads, type Call } from "./operation.ts";
import { organizations } from "./services/index.ts";

export const listAccounts = reads("organizations:ListAccounts", later(organizations, "ListAccountsCommand"), {
  pace: "other",
});
export const listParents = reads("organizations:ListParents", later(organizations, "ListParentsCommand"), {
  pace: "other",
});
export const listTagsForResource = reads(
  "organizations:ListTagsForResource",
  later(organizations, "ListTagsForResourceCommand"),
  {
    pace: "other",
  },
);

type OrganizationCall = Call<
  typeof listAccounts | typeof listParents | typeof listTagsForResource | typeof getCallerIdentity
>;

/** Accounts asked about at once: Organizations has one endpoint for the whole world, and low limits. */
const AT_ONCE = 4;

export const createOrganization = (call: OrganizationCall): Organization => ({
  accounts: () => whole(accountsOf(call)),
  names: () => whole(namesOf(call)),
  caller: () => whole(callerOf(call)),
});

async function callerOf(call: OrganizationCall): Promise<Caller> {
  const { Account: account, Arn: arn } = await call(getCallerIdentity, {});
  if (account === undefined || arn === undefined) throw unresolved("STS did not say whose credentials these are");
  return { account: AccountId.parse(account), arn };
}

async function listed(call: OrganizationCall): Promise<readonly Account[]> {
  const accounts: Account[] = [];
  for await (const page of pages((token) => call(listAccounts, token))) accounts.push(...(page.Accounts ?? []));
  return accounts;
}

const namesOf = async (call: OrganizationCall): Promise<ReadonlyMap<string, string>> =>
  new Map((await listed(call)).flatMap(({ Id, Name }) => (Id && Name ? [[Id, Name] as const] : [])));

async function accountsOf(call: OrganizationCall): Promise<readonly OrganizationAccount[]> {
  const accounts = await listed(call);
  const parents = new Map<string, Promise<string | undefined>>();
  const parentOf = (child: string) => {
    const known = parents.get(child) ?? readParent(call, child);
    parents.set(child, known);
    return known;
  };
  const limit = pLimit(AT_ONCE);
  return Promise.all(accounts.map((account) => limit(() => describe(call, account, parentOf))));
}

async function describe(
  call: OrganizationCall,
  { Id: id, Name: name, State, Status }: Account,
  parentOf: (child: string) => Promise<string | undefined>,
): Promise<OrganizationAccount> {
  if (id === undefined) throw unresolved("Organizations listed an account without an id");
  const tags: Record<string, string> = {};
  for await (const page of pages((token) => call(listTagsForResource, { ResourceId: id, ...token }))) {
    for (const { Key, Value } of page.Tags ?? []) if (Key !== undefined) tags[Key] = Value ?? "";
  }
  const organizationalUnits: string[] = [];
  for (let parent = await parentOf(id); parent?.startsWith("ou-");) {
    organizationalUnits.push(parent);
    // oxlint-disable-next-line no-await-in-loop -- a unit names the one above it
    parent = await parentOf(parent);
  }
  // `Status` is to be retired in favour of `State`; either will do (semantics §9.4).
  return { id, name: name ?? id, status: State ?? Status ?? "UNKNOWN", tags, organizationalUnits };
}

async function readParent(call: OrganizationCall, child: string): Promise<string | undefined> {
  for await (const { Parents } of pages((token) => call(listParents, { ChildId: child, ...token }))) {
    const parent = Parents?.[0]?.Id;
    if (parent !== undefined) return parent;
  }
  throw unresolved(`Organizations did not say where ${child} belongs`);
}

/** Every page of a listing, empty ones in the middle included. */
async function* pages<Page extends { readonly NextToken?: string | undefined }>(
  read: (token: { readonly NextToken?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page names the next
    const page: Page = await read(token === undefined ? {} : { NextToken: token });
    yield page;
    if (page.NextToken !== undefined && page.NextToken === token) {
      throw unresolved("a listing of Organizations does not end: a page names itself as the next");
    }
    token = page.NextToken;
  } while (token !== undefined);
}

const unresolved = (why: string, cause?: unknown): HoldfastError =>
  new HoldfastError("fleet-unresolved", `the fleet's accounts could not be made out: ${why}`, { cause });

async function whole<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { operation, kind, code, message } = error.failure;
    const advice =
      code === "AWSOrganizationsNotInUseException"
        ? ". Without an organization, name the fleet's accounts by their ids"
        : kind === "denied"
          ? ". The controller has to live in the management account or in a delegated administrator's, and its role needs organizations:ListAccounts, ListParents and ListTagsForResource"
          : "";
    throw unresolved(`${operation}: ${message}${advice}`, error);
  }
}
