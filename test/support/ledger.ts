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
import { many, type PolicyDocument, type Statement } from "../simulator/iam/policy.ts";
import { matchesWildcard } from "../simulator/iam/wildcard.ts";
import type { WorldOptions } from "../simulator/world.ts";

/** One permission that a role was given by a statement: of its own policy, or of the policy of what it was used on. */
export interface Use {
  readonly role: string;
  /** Whose policy it is: a bucket's, a key's, or a trust. Absent: the role's own. */
  readonly holder?: string;
  readonly sid: string;
  /** Which resource of the statement it was. */
  readonly pattern: string;
  readonly request: AccessRequest;
}

const uses = new Map<string, Use>();
/** Role, holder and action whose every statement has an example: nothing more is to be learnt. */
const known = new Set<string>();

/** For `judged` of a simulator whose roles are Holdfast's: those that a refusal met are no use of anything. */
export const recordUse: WorldOptions["judged"] = (need, { principal, grant }, common, decision) => {
  const [, role] = /:role\/(?:.*\/)?(holdfast-[\w-]+)$/.exec(principal.roleArn ?? "") ?? [];
  if (role === undefined || decision !== "allowed" || grant === "administrator") return;
  const request = { action: need.action, resource: need.resource, principal, context: { ...common, ...need.context } };
  note({ role, policies: grant, request });
  if (need.policy?.document !== undefined)
    note({ role, holder: holderOf(need.resource), policies: [need.policy.document], request });
};

/** Who has a policy of its own: a bucket, whatever is in it; a key; a role, in whichever account. */
const holderOf = (resource: string): string =>
  resource.startsWith("arn:aws:s3:::") ? resource.replace(/\/.*$/, "") : resource.replace(/:iam::\d+:/, ":iam::*:");

interface Noting {
  readonly role: string;
  readonly holder?: string;
  readonly policies: readonly PolicyDocument[];
  readonly request: AccessRequest;
}

function note(noting: Noting): void {
  const { role, holder = "", policies, request } = noting;
  const all = `${role} ${holder} ${request.action}`;
  if (known.has(all)) return;
  const granting = policies.flatMap(({ Statement }) => many(Statement)).filter((one) => mayGrant(one, request.action));
  const missing = granting.flatMap((statement) =>
    // A role's trust has no resource: the role is meant.
    many(statement.Resource ?? "*").filter((pattern) => !noted(noting, statement, pattern)),
  );
  if (missing.length === 0) known.add(all);
}

const mayGrant = ({ Effect, Sid, Action }: Statement, action: string): boolean =>
  Effect === "Allow" && Sid !== undefined && many(Action).some((pattern) => matchesWildcard(pattern, action, false));

/** Whether the use is on record by now. */
function noted({ request, role, holder }: Noting, statement: Statement, pattern: string): boolean {
  const { Sid: sid = "" } = statement;
  // One account's role is as another's: of a fleet of a thousand accounts, one example is enough.
  const reached = pattern.replaceAll(request.principal.account, "ACCOUNT");
  const key = `${role} ${holder ?? ""} ${sid} ${request.action} ${reached}`;
  if (uses.has(key)) return true;
  const isThis = evaluate([{ Statement: { ...statement, Resource: pattern } }], request) === "allowed";
  const example = { ...request, context: told(request.context) };
  if (isThis) uses.set(key, { role, ...(holder === undefined ? {} : { holder }), sid, pattern, request: example });
  return isThis;
}

/** What a request said of itself. */
const told = (context: ConditionContext = {}): ConditionContext =>
  Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));

/** What this test file used so far. */
export const usesSoFar = (): readonly Use[] => [...uses.values()];

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Of this run, whose temporary folder goes with it. */
const FOLDER = join(tmpdir(), "uses");

/** Leaves what a test file used for the proofs to find, where it used nothing as well; the next file of the worker begins with none. */
export function leaveUses(testPath: string): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = relative(ROOT, testPath);
  writeFileSync(join(FOLDER, `${file.replaceAll(/[^\w.-]/g, "_")}.json`), JSON.stringify({ file, uses: usesSoFar() }));
  uses.clear();
  known.clear();
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
