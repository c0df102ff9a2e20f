/** What the synthesized templates let every role do that they deploy, and what becomes of that when somebody edits a policy by hand. */
import { readdirSync } from "node:fs";
import { many, type PolicyDocument, type Statement } from "../simulator/iam/policy.ts";
import type { Role } from "../simulator/iam/registry.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { INSTALLED } from "../support/installation.ts";
import { install, type Deployment, type Installed } from "../support/installed.ts";
import { goldenTemplate, type Template } from "../support/template.ts";
import { BUCKETS, DESIRED_BUCKET, IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import { grantsOf, type ResourceGrant } from "./resource-policies.ts";

export interface Rights {
  /** The golden that the role is of. */
  readonly template: string;
  readonly role: string;
  readonly account: string;
  readonly arn: string;
  readonly statements: readonly Statement[];
  readonly boundary: PolicyDocument | undefined;
}

const FOLDER = new URL("../golden/templates/", import.meta.url);
/** Every golden there is: one that is added is proven, or the proofs fail. */
const GOLDENS = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));

/** The templates by name; those that a stack set carries as its text stand beside its own. */
export const TEMPLATES: ReadonlyMap<string, Template> = new Map(
  GOLDENS.flatMap((name) => {
    const template = goldenTemplate(name);
    return [[name, template], ...carried(name, template)] as const;
  }),
);

function carried(name: string, { Resources }: Template): readonly (readonly [string, Template])[] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === "AWS::CloudFormation::StackSet")
    .map(([id, { Properties = {} }]) => {
      const body = Properties["TemplateBody"];
      if (typeof body !== "string") throw new Error(`${name} carries ${id} as something else than text`);
      return [`${name}'s ${id}`, JSON.parse(body) as Template] as const;
    });
}

/** One template, deployed. */
export interface Deployed {
  readonly name: string;
  readonly template: Template;
  readonly simulator: Simulator;
  readonly installed: Installed;
}

const isMembers = (name: string): boolean => /member/i.test(name);

/** In each of those accounts, what is for members; in the hub's alone, all else. */
export function deploy(name: string, template: Template, accounts: readonly string[]): readonly Deployed[] {
  const buckets = { DesiredState: DESIRED_BUCKET, Evidence: BUCKETS.evidence, Work: BUCKETS.work };
  const place: Deployment = { account: INSTALLED.hub, region: IRELAND, buckets };
  return (isMembers(name) ? accounts : [INSTALLED.hub]).map((account) => {
    const simulator = createSimulator({
      hubAccount: INSTALLED.hub,
      organizationId: INSTALLED.organizationId,
      accounts: accounts.map((id) => ({ id, name: id })),
      regions: [IRELAND],
    });
    return { name, template, simulator, installed: install(simulator, template, { ...place, account }) };
  });
}

const deployments = (besides: readonly string[]): readonly Deployed[] => {
  const accounts = [...new Set([INSTALLED.hub, SHOP, VAULTS, ...besides])];
  return [...TEMPLATES].flatMap(([name, template]) => deploy(name, template, accounts));
};

/** Of every role of every template: deployed as scenarios have them, in those accounts and in whichever they have besides. */
export const rightsOfTemplates = (besides: readonly string[] = []): readonly Rights[] =>
  deployments(besides).flatMap(({ name, simulator }) => simulator.iam.roles().map((role) => rightsOf(name, role)));

function rightsOf(template: string, { name, account, arn, grant, boundary }: Role): Rights {
  if (grant === "administrator") throw new Error(`${template} makes ${arn} an administrator`);
  const statements = grant.flatMap(({ Statement }) => many(Statement));
  return { template, role: called(name), account, arn, statements, boundary };
}

/** A role that the template leaves unnamed goes by its logical id, without the digest that CDK ends it with. */
const called = (name: string): string => name.replace(/[0-9A-F]{8}$/, "");

/** What policies of buckets, keys, roles and the like give, and to whom. One account's are as another's. */
export const grantsOfTemplates = (): readonly ResourceGrant[] => deployments([]).flatMap(grantsOf);

/** The same rights with one statement of a role as somebody left it, in whichever templates have it; undefined takes it out. */
export function edited(
  rights: readonly Rights[],
  role: string,
  sid: string,
  edit: (statement: Statement) => Statement | undefined,
): readonly Rights[] {
  const isThat = (one: Rights, { Sid }: Statement): boolean => one.role === role && Sid === sid;
  if (!rights.some((one) => one.statements.some((statement) => isThat(one, statement))))
    throw new RangeError(`${role} has no statement ${sid}`);
  return rights.map((one) => ({
    ...one,
    statements: one.statements.flatMap((statement) => (isThat(one, statement) ? (edit(statement) ?? []) : [statement])),
  }));
}
