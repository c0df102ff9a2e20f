/** IAM policy documents as AWS gives them back, in one spelling: what IAM takes for the same is the same here. */
import * as z from "zod";

const OneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Values = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))])
  .transform((value) => [value].flat().map(String));
const Principal = z.union([z.literal("*"), z.record(z.string(), OneOrMany)]);

const Statement = z.looseObject({
  Sid: z.string().exactOptional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: Principal.exactOptional(),
  NotPrincipal: Principal.exactOptional(),
  Action: OneOrMany.exactOptional(),
  NotAction: OneOrMany.exactOptional(),
  Resource: OneOrMany.exactOptional(),
  NotResource: OneOrMany.exactOptional(),
  Condition: z.record(z.string(), z.record(z.string(), Values)).exactOptional(),
});

const Document = z.looseObject({
  Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]),
});

/** A statement as a set of sets: each element by name, its values in order and without repetition. */
export interface Said {
  /** As it was written; "" where it has none. It means nothing to AWS. */
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  /** `Action`, `Principal AWS`, `Condition stringequals aws:principalorgid`… */
  readonly elements: ReadonlyMap<string, readonly string[]>;
}

/** What a document says. Throws ZodError or SyntaxError for what is no policy. `text`: JSON, percent-encoded or not. */
export function readPolicy(text: string): readonly Said[] {
  const json: unknown = JSON.parse(text.trimStart().startsWith("{") ? text : decodeURIComponent(text));
  return readDocument(json);
}

export const readDocument = (document: unknown): readonly Said[] => Document.parse(document).Statement.map(said);

function said(statement: z.infer<typeof Statement>): Said {
  const { Sid: sid = "", Effect: effect, Condition = {} } = statement;
  const elements: [string, readonly string[]][] = [
    ...principals("Principal", statement.Principal),
    ...principals("NotPrincipal", statement.NotPrincipal),
    ...(["Action", "NotAction"] as const).flatMap((name) => listed(name, statement[name]?.map(lower))),
    ...(["Resource", "NotResource"] as const).flatMap((name) => listed(name, statement[name])),
    ...Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]): [string, readonly string[]] => [
        `Condition ${lower(operator)} ${lower(key)}`,
        inOrder(values),
      ]),
    ),
  ];
  return { sid, effect, elements: new Map(elements) };
}

/** `*` and `{ "AWS": "*" }` are one (IAM User Guide, "AWS JSON policy elements: Principal"). */
function principals(name: string, given: z.infer<typeof Principal> | undefined): [string, readonly string[]][] {
  if (given === undefined) return [];
  const byType = given === "*" ? { AWS: ["*"] } : given;
  return Object.entries(byType).map(([type, values]) => [`${name} ${type}`, inOrder(values)]);
}

const listed = (name: string, values: readonly string[] | undefined): [string, readonly string[]][] =>
  values === undefined ? [] : [[name, inOrder(values)]];

const lower = (text: string): string => text.toLowerCase();
const inOrder = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
