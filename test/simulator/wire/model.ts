/** The SDK's own published schemas, read as a server needs them: operations by name, exceptions by name. Uses `NormalizedSchema` only. */
import { NormalizedSchema, translateTraits } from "@smithy/core/schema";

/** `[method, path template, success status]`. */
interface HttpBinding {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface Operation {
  readonly name: string;
  readonly http: HttpBinding | undefined;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

interface ErrorShape {
  readonly name: string;
  readonly fault: "client" | "server";
  /** The status the model declares, if it does. */
  readonly status: number | undefined;
  /** The code awsQuery answers carry instead of the name. */
  readonly queryCode: string | undefined;
  /** Members beside the message. */
  readonly schema: NormalizedSchema;
}

export interface ServiceModel {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly errors: ReadonlyMap<string, ErrorShape>;
}

type Traits = Parameters<typeof translateTraits>[0];
type Ref = Parameters<typeof NormalizedSchema.of>[0];
/** How the SDK writes them: `[9, namespace, name, traits, input, output]` and `[-3, namespace, name, traits, …]`. */
type StaticOperation = readonly [9, string, string, Traits, Ref, Ref];
type StaticError = readonly [-3, string, string, Traits, ...unknown[]];

const isOperation = (value: unknown): value is StaticOperation => Array.isArray(value) && value[0] === 9;
const isError = (value: unknown): value is StaticError => Array.isArray(value) && value[0] === -3;

/** Reads a client module (`import * as Backup from "@aws-sdk/client-backup"`). */
export function readModel(module: Readonly<Record<string, unknown>>): ServiceModel {
  const operations = new Map<string, Operation>();
  const errors = new Map<string, ErrorShape>();
  for (const exported of Object.values(module)) {
    if (isOperation(exported)) operations.set(exported[2], readOperation(exported));
    else if (isError(exported)) errors.set(exported[2], readError(exported));
  }
  return { operations, errors };
}

function readOperation([, , name, traits, input, output]: StaticOperation): Operation {
  const http = translateTraits(traits).http;
  return {
    name,
    http: http === undefined ? undefined : { method: http[0], path: http[1], status: http[2] },
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
  };
}

function readError(shape: StaticError): ErrorShape {
  // The SDK types a static schema as a tuple of exact length per kind; this one was recognised by its first element.
  const schema = NormalizedSchema.of(shape as unknown as Ref);
  const traits = schema.getMergedTraits();
  const query = traits.awsQueryError as readonly [string, number] | undefined;
  return {
    name: shape[2],
    fault: traits.error === "server" ? "server" : "client",
    status: typeof traits.httpError === "number" ? traits.httpError : undefined,
    queryCode: query?.[0],
    schema,
  };
}

/** One member of a structure with the traits a wire cares for. */
export interface Member {
  readonly name: string;
  readonly schema: NormalizedSchema;
  readonly traits: ReturnType<NormalizedSchema["getMergedTraits"]>;
}

const memberTables = new WeakMap<object, readonly Member[]>();

/** A structure's members. Built once per shape: `structIterator` makes new objects each time. */
export function membersOf(structure: NormalizedSchema): readonly Member[] {
  const key: unknown = structure.getSchema();
  if (typeof key !== "object" || key === null) return [];
  let members = memberTables.get(key);
  if (members === undefined) {
    members = [...structure.structIterator()].map(([name, schema]) => ({
      name,
      schema,
      traits: schema.getMergedTraits(),
    }));
    memberTables.set(key, members);
  }
  return members;
}
