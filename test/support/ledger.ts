/**
 * What the roles of the templates were used for, statement by statement, in one test file: what the proofs of least privilege go by once
 * all have run. One example is kept of each use, since the simulator answers thousands of calls a second.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate, type AccessRequest } from "../simulator/iam/evaluate.ts";
import { many, type Statement } from "../simulator/iam/policy.ts";
import type { WorldOptions } from "../simulator/world.ts";

/** One permission that a role was given by a statement of its policy. */
export interface Use {
  readonly role: string;
  /** The statement, and which of its resources it was. */
  readonly sid: string;
  readonly pattern: string;
  readonly request: AccessRequest;
}

const uses = new Map<string, Use>();
/** Role and action whose every statement has an example: nothing more is to be learnt. */
const known = new Set<string>();

/** For `judged` of a simulator whose roles are Holdfast's: those that a refusal met are no use of anything. */
export const recordUse: WorldOptions["judged"] = (need, { principal, grant }, common, decision) => {
  const [, role] = /:role\/(?:.*\/)?(holdfast-[\w-]+)$/.exec(principal.roleArn ?? "") ?? [];
  if (role === undefined || decision !== "allowed" || grant === "administrator") return;
  const all = `${role} ${need.action}`;
  if (known.has(all)) return;
  const request = { action: need.action, resource: need.resource, principal, context: { ...common, ...need.context } };
  const granting = grant.flatMap(({ Statement }) => many(Statement)).filter((one) => mayGrant(one, need.action));
  const missing = granting.flatMap((statement) =>
    many(statement.Resource).filter((pattern) => !noted(role, statement, pattern, request)),
  );
  if (missing.length === 0) known.add(all);
};

const mayGrant = ({ Effect, Sid, Action }: Statement, action: string): boolean =>
  Effect === "Allow" && Sid !== undefined && many(Action).includes(action);

/** Whether the use is on record by now. */
function noted(role: string, statement: Statement, pattern: string, request: AccessRequest): boolean {
  const { Sid: sid = "" } = statement;
  const key = `${role} ${sid} ${request.action} ${pattern}`;
  if (uses.has(key)) return true;
  const isThis = evaluate([{ Statement: { ...statement, Resource: pattern } }], request) === "allowed";
  if (isThis) uses.set(key, { role, sid, pattern, request: { ...request, context: told(request.context) } });
  return isThis;
}

/** What a request said of itself. */
const told = (context: ConditionContext = {}): ConditionContext =>
  Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));

/** What this test file used so far. */
export const usesSoFar = (): readonly Use[] => [...uses.values()];

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Of this run: threads share their process's id. */
const FOLDER = join(tmpdir(), `holdfast-uses-${process.pid}`);

/** Leaves what a test file used for the proofs to find, where it used nothing as well. */
export function leaveUses(testPath: string): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = relative(ROOT, testPath);
  writeFileSync(join(FOLDER, `${file.replaceAll(/[^\w.-]/g, "_")}.json`), JSON.stringify({ file, uses: usesSoFar() }));
}

export interface Ledger {
  /** Test files that have run, by their paths in the repository. */
  readonly files: readonly string[];
  readonly uses: readonly Use[];
}

export function readLedger(): Ledger {
  mkdirSync(FOLDER, { recursive: true });
  const left = readdirSync(FOLDER).map(
    (name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as { readonly file: string; readonly uses: Use[] },
  );
  return { files: left.map(({ file }) => file), uses: left.flatMap((one) => one.uses) };
}

/** Where uses are left, for whoever clears it away. */
export const USES = FOLDER;
