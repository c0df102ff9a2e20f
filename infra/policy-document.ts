/** IAM policy documents as data: what is generated, reviewed in git, bound to a place and deployed as it is. */

export type Condition = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean | readonly string[]>>>
>;

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Only in policies of resources. */
  readonly Principal?:
    "*" | { readonly AWS: string | readonly string[] } | { readonly Service: string } | { readonly Federated: string };
  readonly Action: readonly string[];
  /** Absent in trust policies, which are about the role they belong to. */
  readonly Resource?: readonly string[];
  /** Every other resource. */
  readonly NotResource?: readonly string[];
  readonly Condition?: Condition;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export const policyDocument = (statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** What a reviewed document leaves open, by the name it has there: `${Fleet}`. */
export type Bindings = Readonly<Record<string, string>>;

/** The names a document leaves open, and a deployment or a test must bind. */
export const PLACE = { partition: "${AWS::Partition}", account: "${AWS::AccountId}" } as const;

/** `/` or the path that the settings give member roles, as a reviewed document leaves it open. */
export const ROLE_PATH = "${RolePath}";

/** Puts values, or CloudFormation's tokens, in the place of names. A name without a value throws: it would match nothing, silently. */
export function bindPolicy(document: PolicyDocument, bindings: Bindings): PolicyDocument {
  const bound = (text: string): string =>
    text.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => {
      const value = bindings[name];
      if (value === undefined) throw new Error(`the policy leaves \${${name}} open, and nothing was given for it`);
      return value;
    });
  return mapStrings(document, bound);
}

/** The same shape with every string, keys apart, put through `change`. */
function mapStrings<T>(value: T, change: (text: string) => string): T {
  const mapped: unknown =
    typeof value === "string"
      ? change(value)
      : Array.isArray(value)
        ? value.map((item: unknown) => mapStrings(item, change))
        : typeof value === "object" && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item as unknown, change)]))
          : value;
  return mapped as T; // the shape is kept, so the type is
}

/** Columns of a reviewed file: what the repository's formatter would make of it. */
const WIDTH = 120;

/** JSON as the repository's formatter writes it: a list of strings goes on one line where it fits. */
export function formatJson(value: unknown, indent = "", lead = indent.length): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const isFlat = value.every((item) => typeof item !== "object");
    if (value.length === 0 || (isFlat && lead + line.length + 1 <= WIDTH)) return line;
    return `[\n${value.map((item) => inner + formatJson(item, inner)).join(",\n")}\n${indent}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => {
      const name = `${inner}${JSON.stringify(key)}: `;
      return name + formatJson(item, inner, name.length);
    });
    return `{\n${entries.join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}
