/**
 * What AWS's front ends refuse before an operation runs: missing members, lengths, ranges, patterns, enums.
 * The facts are in constraints.json, cut by trim-models.ts from AWS's own service models.
 */

/** Facts of one shape. Members and items without facts of their own are left out of the table. */
export interface ShapeFacts {
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, string>>;
  readonly item?: string;
  readonly key?: string;
  readonly value?: string;
  /** Length of a text, list, map or blob; range of a number. */
  readonly min?: number;
  readonly max?: number;
  readonly numeric?: true;
  readonly pattern?: string;
  /** Values let through whatever the pattern says, by our own hand and not by the model. */
  readonly except?: string;
  readonly enum?: readonly string[];
}

export interface ServiceFacts {
  /** Operation → name of its input shape. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, ShapeFacts>>;
}

/** One refused value, in the words AWS's front ends use. */
export interface Violation {
  readonly path: string;
  readonly problem: "missing" | "invalid";
  readonly message: string;
}

/** Everything in the input that breaks a modelled constraint, in the order of the input's members. */
export function violationsOf(facts: ServiceFacts, operation: string, input: unknown): readonly Violation[] {
  const shape = facts.inputs[operation];
  return shape === undefined ? [] : violationsAt(facts, shape, input, "");
}

/** The front ends' sentence for a list of violations. */
export function violationText(violations: readonly Violation[]): string {
  const noun = violations.length === 1 ? "error" : "errors";
  return `${violations.length} validation ${noun} detected: ${violations.map(({ message }) => message).join("; ")}`;
}

function violationsAt(facts: ServiceFacts, name: string, value: unknown, path: string): readonly Violation[] {
  const shape = facts.shapes[name];
  if (shape === undefined) return [];
  if (shape.required !== undefined || shape.members !== undefined) return ofStructure(facts, shape, value, path);
  return [...ofSelf(shape, value, path), ...ofChildren(facts, shape, value, path)];
}

function ofStructure(facts: ServiceFacts, shape: ShapeFacts, value: unknown, path: string): readonly Violation[] {
  const given = value as Readonly<Record<string, unknown>>;
  const missing = (shape.required ?? [])
    .filter((member) => given[member] === undefined)
    .map((member) => violation(joined(path, member), "missing", null, "Member must not be null"));
  const wrong = Object.entries(shape.members ?? {}).flatMap(([member, target]) =>
    given[member] === undefined ? [] : violationsAt(facts, target, given[member], joined(path, member)),
  );
  return [...missing, ...wrong];
}

function ofChildren(facts: ServiceFacts, shape: ShapeFacts, value: unknown, path: string): readonly Violation[] {
  const { item, key, value: valueShape } = shape;
  if (item !== undefined) {
    return (value as readonly unknown[]).flatMap((one, index) =>
      violationsAt(facts, item, one, `${path}.${index + 1}.member`),
    );
  }
  if (key === undefined && valueShape === undefined) return [];
  return Object.entries(value as object).flatMap(([k, v]) =>
    (key === undefined ? [] : violationsAt(facts, key, k, `${path}.${k}.key`)).concat(
      valueShape === undefined ? [] : violationsAt(facts, valueShape, v, `${path}.${k}.value`),
    ),
  );
}

function ofSelf(shape: ShapeFacts, value: unknown, path: string): readonly Violation[] {
  const measure = shape.numeric ? Number(value) : sizeOf(value);
  const noun = shape.numeric ? "value" : "length";
  const problems: string[] = [];
  if (shape.enum !== undefined && !shape.enum.includes(String(value))) {
    problems.push(`Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
  }
  if (shape.max !== undefined && measure > shape.max)
    problems.push(`Member must have ${noun} less than or equal to ${shape.max}`);
  if (shape.min !== undefined && measure < shape.min)
    problems.push(`Member must have ${noun} greater than or equal to ${shape.min}`);
  const excepted = shape.except !== undefined && wholePattern(shape.except).test(String(value));
  if (shape.pattern !== undefined && !excepted && !wholePattern(shape.pattern).test(String(value))) {
    problems.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
  return problems.map((problem) => violation(path, "invalid", value, problem));
}

function violation(path: string, problem: Violation["problem"], value: unknown, rule: string): Violation {
  const message = `Value ${shown(value)} at '${path}' failed to satisfy constraint: ${rule}`;
  return { path, problem, message };
}

/** Blobs are shown as the front ends' own language shows them. */
function shown(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `'java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]'`;
  return `'${typeof value === "string" ? value : JSON.stringify(value)}'`;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return Array.from(value).length;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

/** Names travel in lower camel case in these messages. */
function joined(path: string, member: string): string {
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  return path === "" ? name : `${path}.${name}`;
}

const patterns = new Map<string, RegExp>();

/** AWS matches the whole value, whether or not the model's pattern is anchored. */
function wholePattern(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    compiled = new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");
    patterns.set(pattern, compiled);
  }
  return compiled;
}
