import type * as z from "zod";
import type { Problem } from "../domain/desired.ts";
import { isWritten, keyPositionOf, type Located, type Path, positionOf, showPath } from "./located.ts";
import { didYouMean, errorAt } from "./problems.ts";

/** What a schema looked at. */
export interface Examined {
  readonly root: Located;
  /** What people call the root: `spec`, `a manifest`. */
  readonly called: string;
  /** The fields that the schema has at a path. */
  readonly names: (path: Path) => readonly string[];
}

/** Says what a schema found wrong, each at the place it was written. */
export const schemaProblems = (
  issues: readonly z.core.$ZodIssue[],
  examined: Examined,
  prefix: Path = [],
): readonly Problem[] =>
  withoutEchoes(issues).flatMap((issue) => problemsOf(issue, examined, [...prefix, ...issue.path]));

/** What a schema's own check says of text that has the wrong form to begin with is an echo. */
const withoutEchoes = (issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] => {
  const formless = new Set(issues.flatMap(({ code, path }) => (code === "invalid_format" ? [showPath(path)] : [])));
  return issues.filter(({ code, path }) => code !== "custom" || !formless.has(showPath(path)));
};

function problemsOf(issue: z.core.$ZodIssue, examined: Examined, path: Path): readonly Problem[] {
  const { root } = examined;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((name) => unknownField(name, path, examined));
    case "invalid_union": {
      const branch = likeliest(issue.errors);
      return branch
        ? schemaProblems(branch, examined, path)
        : [errorAt(positionOf(root, path), `${showPath(path)} ${wanted(issue.errors)}; found ${show(issue.input)}`)];
    }
    case "invalid_key": {
      const name = String(path.at(-1));
      const why = issue.issues.map((one) => fault(one)).join("; ");
      return [errorAt(keyPositionOf(root, path), `${showPath(path.slice(0, -1))}: the key ${show(name)} ${why}`)];
    }
    default:
      return [fieldProblem(issue, examined, path)];
  }
}

function unknownField(name: string, path: Path, { root, called, names }: Examined): Problem {
  const [where, known] = [showPath(path) || called, names(path)];
  const at = keyPositionOf(root, [...path, name]);
  if (name === "<<")
    return errorAt(at, "merge keys (<<) are not part of YAML 1.2", "use overrides, or repeat the fields");
  return errorAt(
    at,
    `${where} has no field ${name}`,
    didYouMean(name, known) ?? (known.length > 0 ? `known: ${known.join(", ")}` : undefined),
  );
}

function fieldProblem(issue: z.core.$ZodIssue, { root, called }: Examined, path: Path): Problem {
  const shown = showPath(path) || called;
  if (!isWritten(root, path) && issue.code !== "custom")
    return errorAt(
      keyPositionOf(root, path),
      issue.code === "invalid_value"
        ? `${shown} is missing: it is ${listed(issue.values.map(String))}`
        : `${shown} is missing`,
    );
  // A field that a schema's own check names need not have been written: then what is around it is where to look.
  return errorAt(positionOf(root, path), `${shown} ${fault(issue)}`, hintFor(issue));
}

/** What is wrong, as the end of a sentence that begins with the field. */
function fault(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}; found ${show(issue.input)}`;
    case "invalid_value":
      return `must be ${listed(issue.values.map(String))}; found ${show(issue.input)}`;
    case "invalid_format":
      return `${formatOf(issue)}; found ${show(issue.input)}`;
    case "too_big":
      return `is too ${sizeWord(issue.origin, "large")}: ${amount(issue.origin, issue.maximum)} at most`;
    case "too_small":
      return `is too ${sizeWord(issue.origin, "small")}: ${amount(issue.origin, issue.minimum)} at least`;
    case "custom":
    case "not_multiple_of":
    case "invalid_element":
    case "unrecognized_keys":
    case "invalid_union":
    case "invalid_key":
      return `is refused: ${issue.message}`;
    default:
      return issue satisfies never;
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of fields",
  record: "a map",
  array: "a list",
};

function hintFor(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "invalid_value")
    return didYouMean(String(issue.input), issue.values.map(String)) ?? ownWords(issue.message);
  if (issue.code !== "invalid_type") return undefined;
  if (issue.expected === "string" && ["number", "boolean"].includes(typeof issue.input)) return "put it in quotes";
  const isNumber = issue.expected === "number" || issue.expected === "int";
  return isNumber && typeof issue.input === "string" && /^-?\d+$/.test(issue.input)
    ? "take the quotes away"
    : undefined;
}

/** What a schema has to say of a value it does not take; undefined where zod speaks for it. */
const ownWords = (message: string): string | undefined => (message.startsWith("Invalid ") ? undefined : message);

/** Schemas say in a fragment what a pattern means ("a role's ARN"), or in a sentence why it refuses. */
const formatOf = ({ format, message }: z.core.$ZodIssueInvalidStringFormat): string => {
  if (format === "date") return "must be a date such as 2027-01-31";
  if (format === "datetime") return "must be an instant such as 2027-01-31T18:00:00Z";
  return /\b(is|are not)\b/.test(message) ? `is refused: ${message}` : `must be ${message}`;
};

const sizeWord = (origin: string, size: "large" | "small"): string =>
  origin === "string" ? (size === "large" ? "long" : "short") : size;

const amount = (origin: string, count: number | bigint): string => {
  const noun = origin === "string" ? "character" : origin === "array" ? "entry" : "";
  const many = noun === "entry" ? "entries" : `${noun}s`;
  return noun === "" ? `${count}` : `${count} ${Number(count) === 1 ? noun : many}`;
};

/** The branch of a union that a person was writing: one that took the value's shape, with the fewest problems left. */
function likeliest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const fitting = branches.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || (code !== "invalid_type" && code !== "invalid_value")),
  );
  return fitting.toSorted((a, b) => a.length - b.length)[0];
}

const wanted = (branches: readonly (readonly z.core.$ZodIssue[])[]): string => {
  const words = branches.flatMap(([first]) =>
    first?.code === "invalid_value"
      ? first.values.map(String)
      : first?.code === "invalid_type"
        ? [TYPE_NAMES[first.expected] ?? first.expected]
        : [],
  );
  return `must be ${listed([...new Set(words)])}`;
};

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "something else") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)!}`;

const show = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a map" : (JSON.stringify(value) ?? "nothing");
};
