import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListDelegatedAdministratorsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-organizations";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, member, refusal, smallSimulator, stranger } from "../fixture.ts";

describe("Organizations", () => {
  it("lists every member over short pages, an empty one with a token among them", async () => {
    const { organizations } = clientsOf(smallSimulator());
    const pages: number[] = [];
    const ids: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await organizations.send(new ListAccountsCommand({ NextToken }));
      pages.push(page.Accounts?.length ?? 0);
      ids.push(...(page.Accounts ?? []).map(({ Id }) => Id ?? ""));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages).toEqual([3, 0, 1]);
    expect(ids).toEqual([hub, "222233334444", member, "777788889999"]);
  });

  it("knows the tree from both ends", async () => {
    const { organizations } = clientsOf(smallSimulator());
    const root = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id;
    const top = await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: root }));
    const workloads = top.OrganizationalUnits?.find(({ Name }) => Name === "Workloads")?.Id;
    const below = await organizations.send(
      new ListChildrenCommand({ ParentId: workloads, ChildType: "ORGANIZATIONAL_UNIT" }),
    );
    const production = below.Children?.[0]?.Id;
    const accounts = await organizations.send(new ListAccountsForParentCommand({ ParentId: production }));
    expect(accounts.Accounts?.map(({ Id }) => Id)).toEqual([member]);
    const parents = await organizations.send(new ListParentsCommand({ ChildId: member }));
    expect(parents.Parents).toEqual([{ Id: production, Type: "ORGANIZATIONAL_UNIT" }]);
  });

  it("tells an account's status and tags", async () => {
    const { organizations } = clientsOf(smallSimulator());
    expect(await organizations.send(new DescribeAccountCommand({ AccountId: "777788889999" }))).toMatchObject({
      Account: { Status: "SUSPENDED" },
    });
    const tags = await organizations.send(new ListTagsForResourceCommand({ ResourceId: member }));
    expect(tags.Tags).toEqual([{ Key: "env", Value: "production" }]);
  });

  it("answers members with AccessDeniedException, strangers with AWSOrganizationsNotInUseException, delegates in full", async () => {
    const simulator = smallSimulator();
    const as = (account: string) =>
      clientsOf(simulator, { credentials: simulator.iam.putUser(account, "alice") }).organizations;
    expect(await refusal(as(member).send(new ListAccountsCommand({})))).toMatchObject({
      name: "AccessDeniedException",
      status: 400,
    });
    expect(await as(member).send(new DescribeOrganizationCommand({}))).toMatchObject({
      Organization: { MasterAccountId: hub },
    });
    expect(await refusal(as(stranger).send(new DescribeOrganizationCommand({})))).toMatchObject({
      name: "AWSOrganizationsNotInUseException",
    });
    simulator.organization.delegated.set(member, new Set(["backup.amazonaws.com"]));
    const delegates = await as(member).send(
      new ListDelegatedAdministratorsCommand({ ServicePrincipal: "backup.amazonaws.com" }),
    );
    expect(delegates.DelegatedAdministrators?.map(({ Id }) => Id)).toEqual([member]);
  });

  it("refuses an account, a parent and a token that are not there", async () => {
    const { organizations } = clientsOf(smallSimulator());
    expect(await refusal(organizations.send(new DescribeAccountCommand({ AccountId: stranger })))).toMatchObject({
      name: "AccountNotFoundException",
    });
    const none = new ListAccountsForParentCommand({ ParentId: "ou-abcd-12345678" });
    expect(await refusal(organizations.send(none))).toMatchObject({ name: "ParentNotFoundException" });
    expect(await refusal(organizations.send(new ListAccountsCommand({ NextToken: "bm9uZQ" })))).toMatchObject({
      name: "InvalidInputException",
    });
  });
});
