/** A synthesized template as CloudFormation reads it: resources, and what their references come to in one account and Region. */
import { readFileSync } from "node:fs";

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

const read = new Map<string, Template>();

/** A template as it was reviewed: `hub`, `member`. */
export function goldenTemplate(name: string): Template {
  const known = read.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`../golden/templates/${name}.json`, import.meta.url), "utf8");
  const template = JSON.parse(text) as Template; // `npm run generate` wrote it
  read.set(name, template);
  return template;
}

/** What a resource is called once it is there: what `Ref` gives, and `Fn::GetAtt` by attribute. */
export interface Named {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Standing {
  readonly account: string;
  readonly region: string;
  /** What a template leaves to whoever deploys it. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Names a resource, once it is referred to. */
  readonly named: (logicalId: string) => Named;
}

/** The value with every reference in it replaced. Throws for a function of CloudFormation's that is not read here. */
export function resolve(value: unknown, template: Template, standing: Standing): unknown {
  const within = (part: unknown): unknown => resolve(part, template, standing);
  if (Array.isArray(value)) return value.map(within);
  if (typeof value !== "object" || value === null) return value;
  const [[name, argument] = ["", undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::")))
    return applied(name, argument, { template, standing, within });
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, within(part)]));
}

interface Applying {
  readonly template: Template;
  readonly standing: Standing;
  readonly within: (part: unknown) => unknown;
}

function applied(name: string, argument: unknown, applying: Applying): unknown {
  switch (name) {
    case "Ref":
      return referred(String(argument), applying);
    case "Fn::GetAtt": {
      const [logicalId = "", attribute = ""] = argument as readonly string[];
      return attributeOf(logicalId, attribute, applying.standing);
    }
    case "Fn::Join": {
      const [separator, parts] = argument as readonly [string, readonly unknown[]];
      return parts.map((part) => String(applying.within(part))).join(separator);
    }
    case "Fn::Sub":
      return substituted(String(argument), applying);
    default:
      throw new Error(`the template uses ${name}, which test/support/template.ts does not read`);
  }
}

const substituted = (text: string, applying: Applying): string =>
  text.replaceAll(/\$\{([\w:]+)(?:\.(\w+))?\}/g, (_, name: string, attribute: string | undefined) =>
    attribute === undefined ? referred(name, applying) : attributeOf(name, attribute, applying.standing),
  );

function referred(name: string, { template, standing }: Applying): string {
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": standing.account,
    "AWS::Region": standing.region,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
  };
  const known = pseudo[name] ?? standing.parameters?.[name] ?? template.Parameters?.[name]?.Default;
  return known ?? standing.named(name).ref;
}

function attributeOf(logicalId: string, attribute: string, { named }: Standing): string {
  const value = named(logicalId).attributes[attribute];
  if (value === undefined) throw new Error(`the template asks ${logicalId} for ${attribute}, which nobody gave it`);
  return value;
}
