/** What the synthesized templates let each of Holdfast's roles do, and what becomes of that when somebody edits a policy by hand. */
import { many, type PolicyDocument, type Statement } from "../simulator/iam/policy.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { INSTALLED } from "../support/installation.ts";
import { install } from "../support/installed.ts";
import { goldenTemplate } from "../support/template.ts";
import { BUCKETS, DESIRED_BUCKET, IRELAND, SHOP, VAULTS } from "../support/universe.ts";

export interface Rights {
  readonly role: string;
  readonly account: string;
  readonly arn: string;
  readonly statements: readonly Statement[];
  readonly boundary: PolicyDocument | undefined;
}

/** Of the roles that work in runs: the hub's and the four of each account. */
export const WORKING = [
  "holdfast-controller",
  "holdfast-observe",
  "holdfast-apply",
  "holdfast-retain",
  "holdfast-destroy",
] as const;

/** Installed as scenarios have it, in those accounts and in whichever they have besides. */
export function rightsOfTemplates(besides: readonly string[] = []): readonly Rights[] {
  const accounts = [...new Set([INSTALLED.hub, SHOP, VAULTS, ...besides])];
  const simulator = createSimulator({
    hubAccount: INSTALLED.hub,
    organizationId: INSTALLED.organizationId,
    accounts: accounts.map((id) => ({ id, name: id })),
    regions: [IRELAND],
  });
  const buckets = { DesiredState: DESIRED_BUCKET, Evidence: BUCKETS.evidence, Work: BUCKETS.work };
  install(simulator, goldenTemplate("hub"), { account: INSTALLED.hub, region: IRELAND, buckets });
  for (const account of accounts) install(simulator, goldenTemplate("member"), { account, region: IRELAND });
  return simulator.iam
    .roles()
    .filter(({ name }) => (WORKING as readonly string[]).includes(name))
    .map(({ name, account, arn, grant, boundary }) => {
      if (grant === "administrator") throw new Error(`the template makes ${arn} an administrator`);
      return {
        role: name,
        account,
        arn,
        statements: grant.flatMap(({ Statement }) => many(Statement)),
        boundary,
      };
    });
}

/** The same rights with one statement of a role as somebody left it; undefined takes it out. */
export const edited = (
  rights: readonly Rights[],
  role: string,
  sid: string,
  edit: (statement: Statement) => Statement | undefined,
): readonly Rights[] =>
  rights.map((one) => {
    if (one.role !== role) return one;
    if (!one.statements.some(({ Sid }) => Sid === sid)) throw new RangeError(`${role} has no statement ${sid}`);
    const statements = one.statements.flatMap((statement) =>
      statement.Sid === sid ? (edit(statement) ?? []) : [statement],
    );
    return { ...one, statements };
  });
