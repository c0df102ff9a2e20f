/**
 * What `holdfast doctor` compares a live installation with: the policies as they are deployed from here, their names left open. The
 * controller imports nothing of infra, so they are written down for it: those of members apart, since the function looks at them alone.
 */
import { ROLES } from "../controller/domain/outcome.ts";
import { evidenceStatements } from "./constructs/evidence-bucket.ts";
import { functionTrust } from "./constructs/function-role.ts";
import { trustPolicy } from "./constructs/member-role.ts";
import { formatJson, policyDocument, type Statement } from "./policy-document.ts";
import { generatePolicyFiles } from "./policy.ts";

export function generateReviewedPolicies(): ReadonlyMap<string, string> {
  const policies = Object.fromEntries(
    [...generatePolicyFiles()].map(([path, text]) => [nameIn(path), JSON.parse(text) as object]),
  );
  const members = {
    roles: Object.fromEntries(ROLES.map((role) => [role, policies[role]])),
    trust: { inline: trusting("${ControllerRole}"), durable: trusting("${ControllerRole}", "${WorkerRole}") },
  };
  const hub = {
    controllerRole: Object.fromEntries(
      HUB_POLICIES.flatMap((name) => (policies[name] ? [[name, policies[name]]] : [])),
    ),
    workerRole: policies["worker"],
    trust: functionTrust,
    evidenceBucket: policyDocument(
      evidenceStatements("${EvidenceBucket}", { mode: "governance", days: 1 }).map(withOpenLock),
    ),
  };
  return new Map(
    Object.entries({ members, hub }).map(([name, reviewed]) => [
      `controller/doctor/policies/reviewed-${name}.json`,
      `${formatJson(reviewed)}\n`,
    ]),
  );
}

/** Where an engine is deployed, workers enter as well, though never to destroy. */
const trusting = (...entrants: readonly string[]) =>
  trustPolicy({ entrants, externalId: "${ExternalId}", organizationId: "${OrganizationId}" });

/** Policies that the controller's own role may carry, by the names they are deployed under. */
const HUB_POLICIES = ["controller", "coordinator", "destroyer", "events", "notices"];

const nameIn = (path: string): string => /([^/]+)\.json$/.exec(path)?.[1] ?? path;

/** The lock is a setting: which mode and how many days a deployment chose, doctor knows from the function. */
const withOpenLock = (statement: Statement): Statement => {
  const { Condition } = statement;
  if (Condition === undefined) return statement;
  const opened = Object.entries(Condition).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, OPEN[key] ?? value])),
  ]);
  return { ...statement, Condition: Object.fromEntries(opened) as NonNullable<Statement["Condition"]> };
};

const OPEN: Readonly<Record<string, string>> = {
  "s3:object-lock-mode": "${LockMode}",
  "s3:object-lock-remaining-retention-days": "${LockDays}",
};
