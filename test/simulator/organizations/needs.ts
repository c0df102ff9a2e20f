/** Which permissions calls to Organizations take, and on which ARN (Service Authorization Reference, "AWS Organizations"). */
import type { Need } from "../iam/authorize.ts";
import type { Organization } from "./state.ts";

/** The member that names what is asked about. Other operations know no resource. */
const NAMING: Readonly<Record<string, string>> = {
  DescribeAccount: "AccountId",
  DescribeOrganizationalUnit: "OrganizationalUnitId",
  ListAccountsForParent: "ParentId",
  ListChildren: "ParentId",
  ListOrganizationalUnitsForParent: "ParentId",
  ListParents: "ChildId",
  ListTagsForResource: "ResourceId",
};

export function organizationsNeeds(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  organization: Organization,
): readonly Need[] {
  const id = input[NAMING[operation] ?? ""];
  return [
    {
      action: `organizations:${operation}`,
      resource: typeof id === "string" ? arnOf(id, organization) : "*",
    },
  ];
}

/** Accounts, units and the root belong to the management account, whoever asks. */
function arnOf(id: string, { id: organization, managementAccount }: Organization): string {
  const sort = id.startsWith("r-") ? "root" : id.startsWith("ou-") ? "ou" : "account";
  return `arn:aws:organizations::${managementAccount}:${sort}/${organization}/${id}`;
}
