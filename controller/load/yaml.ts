import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type ParsedNode,
  type YAMLError,
} from "yaml";
import type { Problem, Source } from "../domain/desired.ts";
import type { Located, Member } from "./located.ts";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Far more than any manifest needs: what is past them is a mistake or an attack. */
const MOST_NODES = 100_000;
const DEEPEST = 64;
const LARGEST_FILE = 1_048_576;

/** Reads every document of a file. Anything that is not YAML, or not YAML with one plain meaning, is a problem with its place. */
export function readYaml({ path, text }: SourceFile): {
  readonly documents: readonly Located[];
  readonly problems: readonly Problem[];
} {
  const start = { path, line: 1, column: 1 };
  if (text.length > LARGEST_FILE)
    return { documents: [], problems: [error(start, "the file is larger than 1 MiB: no manifest is")] };
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Only YAML 1.2's own types: no dates, binaries or sets that a schema would have to guess at.
    resolveKnownTags: false,
  });
  const at = (offset: number): Source => {
    const { line, col } = lines.linePos(offset);
    return { path, line, column: col };
  };
  if ("empty" in parsed) return { documents: [], problems: [nothing(start)] };
  const read = parsed.map((document) => readDocument(document, text, at));
  return {
    documents: read.flatMap(({ tree }) => (tree ? [tree] : [])),
    problems: read.flatMap(({ problems }) => problems),
  };
}

interface ReadDocument {
  readonly tree?: Located;
  readonly problems: readonly Problem[];
}

function readDocument(document: Document.Parsed, text: string, at: (offset: number) => Source): ReadDocument {
  const broken = [...document.errors, ...document.warnings];
  const exhausted = broken.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted) return { problems: [error(at(exhausted.pos[0]), TOO_DEEP)] };
  if (broken.length > 0) return { problems: withoutEchoes(broken).map((one) => syntaxProblem(one, text, at)) };
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return { problems: [nothing(at(document.range[0]))] };
  const reader = new Reader(document, at);
  return { tree: reader.read(contents), problems: reader.problems };
}

/** Faults that the rest of a document can be read past. Of the others only the first is one: what follows are its echoes. */
const ALONE: ReadonlySet<string> = new Set(["DUPLICATE_KEY", "TAB_AS_INDENT", "TAG_RESOLVE_FAILED"]);

const withoutEchoes = (faults: readonly YAMLError[]): readonly YAMLError[] => {
  const first = faults.find(({ code }) => !ALONE.has(code));
  return faults.filter((fault) => ALONE.has(fault.code) || fault === first);
};

const TOO_DEEP = "the document is nested more deeply than any manifest is";

/** Gives every node its place, follows aliases within bounds, and keeps account ids the text they were written as. */
class Reader {
  readonly problems: Problem[] = [];
  readonly #document: Document.Parsed;
  readonly #at: (offset: number) => Source;
  readonly #open = new Set<ParsedNode>();
  #nodes = 0;
  #refused = false;

  constructor(document: Document.Parsed, at: (offset: number) => Source) {
    this.#document = document;
    this.#at = at;
  }

  read(node: ParsedNode): Located {
    const at = this.#at(node.range[0]);
    const bound = this.#bound(node, at);
    if (bound !== undefined) return this.#refuse(at, bound);
    this.#open.add(node);
    const located = this.#convert(node, at);
    this.#open.delete(node);
    return located;
  }

  #bound(node: ParsedNode, at: Source): string | undefined {
    this.#nodes += 1;
    if (this.#open.has(node)) return "an alias may not stand inside what it repeats";
    if (this.#open.size >= DEEPEST) return TOO_DEEP;
    return this.#nodes > MOST_NODES
      ? `the document comes to more than ${MOST_NODES} values at line ${at.line}: aliases of aliases grow without bound`
      : undefined;
  }

  #convert(node: ParsedNode, at: Source): Located {
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      return target
        ? this.read(target as ParsedNode) // a parsed document holds parsed nodes only; yaml's type forgets it here
        : this.#refuse(at, `*${node.source} repeats an anchor that is not in this document`);
    }
    if (isMap(node))
      return { type: "map", at, members: node.items.flatMap(({ key, value }) => this.#member(key, value)) };
    if (isSeq(node)) return { type: "list", at, items: node.items.map((item) => this.read(item)) };
    return { type: "scalar", at, value: this.#scalar(node, at) };
  }

  #member(key: ParsedNode, value: ParsedNode | null): readonly Member[] {
    const at = this.#at(key.range[0]);
    const name = isScalar(key) ? textOf(key) : undefined;
    if (name === undefined || name === "__proto__") {
      this.#refuse(at, "a field name is plain text");
      return [];
    }
    return [{ name, at, value: value ? this.read(value) : { type: "scalar", value: null, at } }];
  }

  #scalar(node: Extract<ParsedNode, { value: unknown }>, at: Source): string | number | boolean | null {
    const { value } = node;
    // Twelve digits are an account id and nothing else: no field takes a number that large, and a number drops leading zeros (rule 32).
    if (typeof value === "number" && /^\d{12}$/.test(textOf(node))) return textOf(node);
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.#refuse(at, `${textOf(node)} is neither text, a number, true, false nor null`);
    return null;
  }

  /** One refusal a document is enough: a bomb would give thousands. */
  #refuse(at: Source, message: string): Located {
    if (!this.#refused) this.problems.push(error(at, message));
    this.#refused = true;
    return { type: "scalar", value: null, at };
  }
}

const textOf = (node: Extract<ParsedNode, { value: unknown }>): string => node.source ?? String(node.value);

const error = (at: Source, message: string, hint?: string): Problem => ({
  ...at,
  severity: "error",
  message,
  ...(hint === undefined ? {} : { hint }),
});

const nothing = (at: Source): Problem => ({
  ...at,
  severity: "warning",
  message: "an empty document: it declares nothing",
});

function syntaxProblem({ code, message, pos }: YAMLError, text: string, at: (offset: number) => Source): Problem {
  const place = at(pos[0]);
  switch (code) {
    case "DUPLICATE_KEY": {
      const name = /^[^\s:]+/.exec(text.slice(pos[0]))?.[0] ?? "";
      return error(place, `${name} is given twice in one place: YAML keeps only one of them`, "remove one");
    }
    case "TAB_AS_INDENT":
      return error(place, "a tab indents this line: YAML indents with spaces", "replace the tab with spaces");
    case "TAG_RESOLVE_FAILED":
      return error(
        place,
        `${/\S+$/.exec(message)?.[0] ?? "this"} is a YAML tag that manifests do not use`,
        "remove it",
      );
    default:
      return error(
        place,
        `this is not YAML: ${message}`,
        text[pos[0] - 1] === "$" ? "inside [ ] and { }, text that holds ${ stands in quotes" : undefined,
      );
  }
}
