/**
 * Cuts AWS's service models down to the constraints of the operations simulated, and prints them as constraints.json:
 *
 *     node test/simulator/wire/trim-models.ts backup=MODEL sts=MODEL kms=MODEL organizations=MODEL tagging=MODEL > constraints.json
 *
 * MODEL is a botocore `service-2.json` or a Smithy JSON model. Shapes without facts are dropped, and references to them.
 */
import { readFileSync } from "node:fs";
import { services } from "../services.ts";
import type { ServiceFacts, ShapeFacts } from "./constraints.ts";

/** Both formats, read alike: a shape's own facts and the shapes it refers to. */
type ReadShape = (name: string) => ShapeFacts;

interface ReadModel {
  readonly shape: ReadShape;
  readonly inputOf: (operation: string) => string | undefined;
}

interface BotocoreShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface BotocoreModel {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

interface SmithyReference {
  readonly target: string;
  readonly traits?: Readonly<Record<string, unknown>>;
}

interface SmithyShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, SmithyReference>>;
  readonly member?: SmithyReference;
  readonly key?: SmithyReference;
  readonly value?: SmithyReference;
  readonly input?: { readonly target: string };
  readonly traits?: Readonly<Record<string, unknown>>;
}

interface SmithyModel {
  readonly shapes: Readonly<Record<string, SmithyShape>>;
}

/** Where the real service is known to differ from its own model. */
const corrections: Readonly<Record<string, Readonly<Record<string, (facts: ShapeFacts) => ShapeFacts>>>> = {
  backup: {
    // Semantics §1.3: vaults of AWS services have names that no customer could give.
    BackupVaultName: (facts) => ({ ...facts, except: "aws/[a-z]+/[a-z-]+" }),
    // Semantics §6.5: some types have spaces in their names, and AWS takes them so (hashicorp/terraform-provider-aws#21801 writes `"Storage Gateway" = false`).
    ResourceType: (facts) => ({ ...facts, except: "[a-zA-Z0-9]+( [a-zA-Z0-9]+)+" }),
    // Semantics §0.2, ERROR_3015: a bad vault name in a rule is told by the service itself, naming the rule.
    BackupRuleInput: ({ members: { TargetBackupVaultName: _told, ...members } = {}, ...facts }) => ({
      ...facts,
      members,
    }),
  },
};

const numericTypes = new Set(["integer", "long", "float", "double", "short", "byte"]);

function readBotocore(model: BotocoreModel): ReadModel {
  return {
    inputOf: (operation) => model.operations[operation]?.input?.shape,
    shape: (name) => {
      const shape = model.shapes[name];
      if (shape === undefined) return {};
      const members = Object.entries(shape.members ?? {}).map(
        ([member, { shape: target }]) => [member, target] as const,
      );
      return facts({
        required: shape.required,
        members: shape.type === "structure" ? Object.fromEntries(members) : undefined,
        item: shape.member?.shape,
        key: shape.key?.shape,
        value: shape.value?.shape,
        min: shape.min,
        max: shape.max,
        numeric: numericTypes.has(shape.type) ? true : undefined,
        pattern: shape.pattern,
        enum: shape.enum,
      });
    },
  };
}

function readSmithy(model: SmithyModel): ReadModel {
  const operations = new Map(
    Object.entries(model.shapes).flatMap(([name, shape]) =>
      shape.type === "operation" ? [[local(name), shape] as const] : [],
    ),
  );
  const byName = new Map(Object.entries(model.shapes).map(([name, shape]) => [local(name), shape] as const));
  return {
    inputOf: (operation) => {
      const target = operations.get(operation)?.input?.target;
      return target === undefined ? undefined : local(target);
    },
    shape: (name) => {
      const shape = byName.get(name);
      return shape === undefined ? {} : smithyFacts(shape);
    },
  };
}

function smithyFacts(shape: SmithyShape): ShapeFacts {
  const members = Object.entries(shape.members ?? {});
  const bounds = (shape.traits?.["smithy.api#length"] ?? shape.traits?.["smithy.api#range"]) as ShapeFacts | undefined;
  const required = members
    .filter(([, { traits }]) => traits?.["smithy.api#required"] !== undefined)
    .map(([name]) => name);
  return facts({
    required: shape.type === "structure" && required.length > 0 ? required : undefined,
    members:
      shape.type === "structure"
        ? Object.fromEntries(members.map(([name, { target }]) => [name, local(target)]))
        : undefined,
    item: shape.member === undefined ? undefined : local(shape.member.target),
    key: shape.key === undefined ? undefined : local(shape.key.target),
    value: shape.value === undefined ? undefined : local(shape.value.target),
    min: bounds?.min,
    max: bounds?.max,
    numeric: numericTypes.has(shape.type) ? true : undefined,
    pattern: shape.traits?.["smithy.api#pattern"] as string | undefined,
    enum: shape.type === "enum" ? members.map(([, { traits }]) => String(traits?.["smithy.api#enumValue"])) : undefined,
  });
}

function local(name: string): string {
  return name.slice(name.indexOf("#") + 1);
}

/** Leaves out what is undefined: a fact is there or it is not. */
function facts(all: { readonly [K in keyof ShapeFacts]: ShapeFacts[K] | undefined }): ShapeFacts {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function corrected(service: string, shape: string, stated: ShapeFacts): ShapeFacts {
  return corrections[service]?.[shape]?.(stated) ?? stated;
}

/** Collects the shapes that say something, from the operations' inputs down. */
function trim(service: string, model: ReadModel, operations: readonly string[]): ServiceFacts {
  const shapes: Record<string, ShapeFacts> = {};
  const open = new Set<string>();
  /** Whether the shape, or anything below it, has a fact; keeps it if so. */
  const keep = (name: string): boolean => {
    if (name in shapes || open.has(name)) return name in shapes;
    open.add(name);
    const { members, item, key, value, numeric, ...own } = corrected(service, name, model.shape(name));
    const kept = facts({
      ...own,
      members:
        members === undefined
          ? undefined
          : Object.fromEntries(Object.entries(members).filter(([, target]) => keep(target))),
      item: item !== undefined && keep(item) ? item : undefined,
      key: key !== undefined && keep(key) ? key : undefined,
      value: value !== undefined && keep(value) ? value : undefined,
    });
    open.delete(name);
    const says = Object.entries(kept).some(
      ([fact, stated]) => fact !== "members" || Object.keys(stated as object).length > 0,
    );
    if (says) shapes[name] = numeric === true ? { ...kept, numeric } : kept;
    return says;
  };
  const inputs = operations.flatMap((operation) => {
    const input = model.inputOf(operation);
    return input !== undefined && keep(input) ? [[operation, input] as const] : [];
  });
  return { inputs: Object.fromEntries(inputs), shapes };
}

const trimmed = process.argv.slice(2).map((argument) => {
  const [name = "", path = ""] = argument.split("=", 2);
  const service = services[name as keyof typeof services];
  if (service === undefined) throw new Error(`no simulated service is called ${name}`);
  const model = JSON.parse(readFileSync(path, "utf8")) as SmithyModel | BotocoreModel;
  const read = "operations" in model ? readBotocore(model) : readSmithy(model);
  return [name, trim(name, read, Object.keys(service.handlers).toSorted())] as const;
});
process.stdout.write(`${JSON.stringify(Object.fromEntries(trimmed), undefined, 1)}\n`);
