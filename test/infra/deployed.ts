/** The stacks as tests deploy them: synthesized in this process, with the feature flags of cdk.json, into templates. */
import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { boundedBy } from "../../infra/boundary.ts";
import { EvidenceStack } from "../../infra/evidence-stack.ts";
import { HubStack } from "../../infra/hub-stack.ts";
import { MemberEventsStack } from "../../infra/member-events-stack.ts";
import { MemberStack } from "../../infra/member-stack.ts";
import type { PolicyDocument } from "../../infra/policy-document.ts";
import { readSettings } from "../../infra/settings.ts";
import { StackSetStack } from "../../infra/stack-set-stack.ts";
import { QUIET, standInBundle } from "../../scripts/generate/templates.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const CDK_JSON = JSON.parse(readFileSync(new URL("../../cdk.json", import.meta.url), "utf8")) as {
  readonly context: Readonly<Record<string, unknown>>;
};

const SMALLEST = { fleet: "production", organizationId: "o-exampleorgid", externalId: "holdfast-production" };

export const appWith = (settings: object): App =>
  new App({ context: { ...CDK_JSON.context, ...QUIET, holdfast: { ...SMALLEST, ...settings } } });

export function hubTemplate(settings: object = {}, bundle = aBundle()): Template {
  const app = appWith(settings);
  return Template.fromStack(new HubStack(app, "hub", { settings: readSettings(app.node), bundle }));
}

export function evidenceTemplate(settings: object = {}): Template {
  const app = appWith(settings);
  return Template.fromStack(new EvidenceStack(app, "evidence", { settings: readSettings(app.node) }));
}

export function memberTemplate(settings: object = {}): Template {
  const app = appWith(settings);
  return Template.fromStack(new MemberStack(app, "member", { settings: readSettings(app.node) }));
}

export function stackSetTemplate(settings: object): Template {
  const app = appWith(settings);
  return Template.fromStack(new StackSetStack(app, "stackset", { settings: readSettings(app.node) }));
}

export function memberEventsTemplate(bus: string, settings: object = {}): Template {
  const app = appWith(settings);
  return Template.fromStack(new MemberEventsStack(app, "events", { bus, ...boundedBy(readSettings(app.node)) }));
}

/** In the place of what the bundler leaves. */
export const aBundle = (): string => standInBundle(temporaryFolder());

/** The properties of every resource of a type. */
export const propertiesOf = (template: Template, type: string): readonly object[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties as object);

/** The properties of the only resource of a type. */
export function only(template: Template, type: string): object {
  const [properties, ...others] = propertiesOf(template, type);
  if (properties === undefined || others.length > 0) throw new Error(`the template does not have exactly one ${type}`);
  return properties;
}

/** The properties of the only resource of a type whose logical id begins so. */
export function propertiesAt(template: Template, type: string, id: string): Readonly<Record<string, unknown>> {
  const [resource, ...others] = Object.entries(template.findResources(type)).filter(([name]) => name.startsWith(id));
  if (resource === undefined || others.length > 0)
    throw new Error(`the template does not have exactly one ${type} ${id}`);
  return resource[1]["Properties"] as Readonly<Record<string, unknown>>;
}

/** The properties of the scheduled function. */
export const controllerOf = (of: Template): object =>
  propertiesOf(of, "AWS::Lambda::Function").find((one) => "Handler" in one && one.Handler === "handler.handler")!;

/** What each of CloudFormation's references stands for once deployed, so that a template's policies can be judged. */
export type Deployed = Readonly<Record<string, string>>;

/** A policy of a template with its references put in, as IAM would hold it. A reference that is not given throws. */
export const resolvedPolicy = (policy: unknown, deployed: Deployed): PolicyDocument =>
  resolved(policy, deployed) as PolicyDocument; // the template was made from one

function resolved(value: unknown, deployed: Deployed): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, deployed));
  if (typeof value !== "object" || value === null) return value;
  const [[name, argument] = ["", undefined], ...others] = Object.entries(value);
  if (others.length > 0) return mapped(value, deployed);
  switch (name) {
    case "Ref":
      return referred(String(argument), deployed);
    case "Fn::GetAtt":
      return referred((argument as readonly string[]).join("."), deployed);
    case "Fn::Join": {
      const [separator, parts] = argument as readonly [string, readonly unknown[]];
      return parts.map((part) => resolved(part, deployed)).join(separator);
    }
    default:
      return mapped(value, deployed);
  }
}

const mapped = (value: object, deployed: Deployed) =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, deployed)]));

function referred(name: string, deployed: Deployed): string {
  const [, known] = Object.entries(deployed).find(([pattern]) => new RegExp(`^${pattern}$`).test(name)) ?? [];
  if (known === undefined) throw new Error(`the template refers to ${name}, which the test knows nothing of`);
  return known;
}
