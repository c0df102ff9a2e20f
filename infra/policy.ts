/** The member roles' policies, drawn from what kinds declare: one exact document a role, never wider than some step needs (law 11). */
import type { DeclaredStep } from "../controller/kinds/define-kind.ts";
import { governedKinds, kinds } from "../controller/kinds/index.ts";
import { type Role, ROLES } from "../controller/domain/outcome.ts";
import { DOCTOR_STEPS } from "../controller/doctor/steps.ts";
import { EXPLAIN_STEPS } from "../controller/explain/read.ts";
import { POPULATION_STEPS } from "../controller/survey/population.ts";
import { SURVEY_STEPS } from "../controller/survey/reads.ts";
import { boundaryPolicy } from "./boundary-policy.ts";
import { controllerPolicy } from "./controller-policy.ts";
import { coordinatorPolicy } from "./coordinator-policy.ts";
import { destroyerPolicy } from "./destroyer-policy.ts";
import { doctorPolicy } from "./doctor-policy.ts";
import { eventsPolicy } from "./events-policy.ts";
import { noticesPolicy } from "./notices-policy.ts";
import { formatJson, type PolicyDocument, policyDocument, type Statement } from "./policy-document.ts";
import { type Guard, GUARDS, type Scope, SCOPES } from "./policy-scopes.ts";
import { plannerPolicy } from "./planner-policy.ts";
import { publisherPolicy } from "./publisher-policy.ts";
import { rotationPolicy } from "./rotation-policy.ts";
import { workerPolicy } from "./worker-policy.ts";

/** Anything that declares steps: kinds of both sorts, and the survey. */
export interface Declaring {
  readonly steps: readonly DeclaredStep[];
}

/** Every kind there is, what is read for the report alone, and what doctor and explain look at. */
export const registry: readonly Declaring[] = [
  ...kinds,
  ...governedKinds,
  { steps: SURVEY_STEPS },
  { steps: DOCTOR_STEPS },
  { steps: EXPLAIN_STEPS },
  { steps: POPULATION_STEPS },
];

/** One action a step needs, and whether it is the step's own operation or something AWS asks for besides. */
export interface Needed {
  readonly action: string;
  readonly as: "operation" | "dependent";
  readonly role: Role;
  /** `vault.create`, for reviewers and messages. */
  readonly by: string;
}

/** Every action that some step needs, role by role. */
export const neededActions = (declaring: readonly Declaring[]): readonly Needed[] =>
  declaring
    .flatMap(({ steps }) => steps)
    .flatMap(({ kind, step, role, uses }) =>
      uses.flatMap(({ name, also }): readonly Needed[] => [
        { action: name, as: "operation", role, by: `${kind}.${step}` },
        ...also.map((action) => ({ action, as: "dependent" as const, role, by: `${kind}.${step}` })),
      ]),
    );

/** One policy a role. Throws where an action is needed whose scope nobody has decided. */
export function generatePolicies(declaring: readonly Declaring[]): Readonly<Record<Role, PolicyDocument>> {
  const needed = neededActions(declaring);
  refuseUnscoped(needed);
  const ofRole = (role: Role) =>
    policyFor(
      role,
      needed.filter((need) => need.role === role),
    );
  return { observe: ofRole("observe"), apply: ofRole("apply"), retain: ofRole("retain"), destroy: ofRole("destroy") };
}

function policyFor(role: Role, needed: readonly Needed[]): PolicyDocument {
  const allowed = SCOPES.flatMap((scope) => allow(scope, needed));
  const granted = new Set(allowed.flatMap(({ Action }) => Action));
  const guards = GUARDS.filter(({ roles, actions }) => roles.includes(role) && actions.some((a) => granted.has(a)));
  return policyDocument([...guards.map((guard) => deny(guard, granted)), ...allowed]);
}

function allow(scope: Scope, needed: readonly Needed[]): readonly Statement[] {
  const actions = new Set(needed.filter((need) => isWithin(scope, need)).map(({ action }) => action));
  return actions.size === 0 ? [] : [statement("Allow", scope, [...actions].toSorted())];
}

const deny = (guard: Guard, granted: ReadonlySet<string>): Statement =>
  statement(
    "Deny",
    guard,
    guard.actions.filter((action) => granted.has(action)),
  );

const statement = (
  effect: Statement["Effect"],
  { sid, resources, condition }: Pick<Scope, "sid" | "resources" | "condition">,
  actions: readonly string[],
): Statement => ({
  Sid: sid,
  Effect: effect,
  Action: actions,
  Resource: resources,
  ...(condition === undefined ? {} : { Condition: condition }),
});

/** An action needed for its own sake and one that AWS asks for besides may be limited differently: `kms:DescribeKey` is. */
const isWithin = ({ actions, dependent = [] }: Scope, { action, as }: Needed): boolean =>
  (as === "operation" ? actions : dependent).includes(action);

function refuseUnscoped(needed: readonly Needed[]): void {
  const unscoped = needed.filter((need) => !SCOPES.some((scope) => isWithin(scope, need)));
  if (unscoped.length === 0) return;
  const lines = unscoped.map(({ action, as, role, by }) => `${action} (${as}) for ${role}, needed by ${by}`);
  throw new Error(`no scope in infra/policy-scopes.ts limits: ${[...new Set(lines)].join("; ")}`);
}

/** The reviewed files under `infra/policies/`, by path. */
export function generatePolicyFiles(declaring: readonly Declaring[] = registry): ReadonlyMap<string, string> {
  const policies = generatePolicies(declaring);
  const documents: readonly (readonly [string, PolicyDocument])[] = [
    ...ROLES.map((role) => [role, policies[role]] as const),
    ["boundary", boundaryPolicy(policies)],
    ["controller", controllerPolicy],
    ["coordinator", coordinatorPolicy],
    ["destroyer", destroyerPolicy],
    ["doctor", doctorPolicy],
    ["events", eventsPolicy],
    ["notices", noticesPolicy],
    ["worker", workerPolicy],
    ["publisher", publisherPolicy],
    ["planner", plannerPolicy],
    ["rotation", rotationPolicy],
  ];
  return new Map(documents.map(([name, policy]) => [policyPath(name), `${formatJson(policy)}\n`]));
}

const policyPath = (name: string) => `infra/policies/${name}.json`;
