import * as z from "zod";
import { canonical } from "../../domain/digest.ts";
import type { Effect } from "../../domain/effect.ts";
import { PolicyDocument, statementsIn, type PolicyStatement as Statement } from "../copy-permission.ts";

/**
 * The one spelling of a policy. AWS may give back another than it was given (semantics §1.4): a list of one as a text, lists in
 * another order, an account id as its root's ARN. What is no policy stays as it is, and so differs from every policy.
 */
export function normalisePolicy(document: unknown): unknown {
  const policy = PolicyDocument.safeParse(document);
  if (!policy.success) return document;
  const statements = policy.data.Statement.map(normaliseStatement).toSorted((a, b) =>
    canonical(a) < canonical(b) ? -1 : 1,
  );
  return { ...policy.data, Statement: statements };
}

const LISTS: ReadonlySet<string> = new Set(["Action", "NotAction", "Resource", "NotResource"]);

function normaliseStatement(statement: Statement): Statement {
  const entries = Object.entries(statement).map(([name, value]): [string, unknown] => {
    if (LISTS.has(name)) return [name, asSet(value)];
    if (name === "Principal" || name === "NotPrincipal") return [name, normalisePrincipal(value)];
    return [name, name === "Condition" ? normaliseCondition(value) : value];
  });
  return Object.fromEntries(entries) as Statement;
}

/** By canonical text: what is not a text, though no policy should hold it, still has its place. */
const asSet = (value: unknown): unknown =>
  [...new Set([value].flat())].toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));

function normalisePrincipal(principal: unknown): unknown {
  if (typeof principal !== "object" || principal === null) return principal === "*" ? { AWS: ["*"] } : principal;
  return Object.fromEntries(
    Object.entries(principal).map(([type, who]) => [
      type,
      asSet([who].flat().map((one: unknown) => (type === "AWS" ? rootArn(one) : one))),
    ]),
  );
}

/** IAM reads a bare account id as that account's root. */
const rootArn = (principal: unknown): unknown =>
  typeof principal === "string" && /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;

function normaliseCondition(condition: unknown): unknown {
  const operators = z.record(z.string(), z.record(z.string(), z.unknown())).safeParse(condition);
  if (!operators.success) return condition;
  const values = (tests: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(tests).map(([key, value]) => [key, asSet([value].flat().map(String))]));
  return Object.fromEntries(Object.entries(operators.data).map(([operator, tests]) => [operator, values(tests)]));
}

const withoutSid = ({ Sid: _name, ...statement }: Statement): string => canonical(statement);

/** Statements that the one has and the other has not; a Sid is a name, not a right. */
export function statementsLost(from: readonly Statement[], to: readonly Statement[]): readonly Statement[] {
  const kept = new Set(to.map((one) => withoutSid(normaliseStatement(one))));
  return from.filter((one) => !kept.has(withoutSid(normaliseStatement(one))));
}

/** By structure (rule 16): a Deny that goes or an Allow that comes weakens; a Deny that comes or an Allow that goes strengthens. */
export function policyEffect(live: unknown, desired: unknown): Effect {
  const [before, after] = [statementsIn(live), statementsIn(desired)];
  const [lost, gained] = [statementsLost(before, after), statementsLost(after, before)];
  if (lost.some((one) => one.Effect === "Deny") || gained.some((one) => one.Effect === "Allow")) return "weakens";
  return lost.length + gained.length > 0 ? "strengthens" : "neutral";
}
