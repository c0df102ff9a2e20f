import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { strToU8, zipSync } from "fflate";
import cdk from "../../cdk.json" with { type: "json" };
import { boundedBy } from "../../infra/boundary.ts";
import { EvidenceStack } from "../../infra/evidence-stack.ts";
import { HubStack } from "../../infra/hub-stack.ts";
import { MemberEventsStack } from "../../infra/member-events-stack.ts";
import { MemberStack } from "../../infra/member-stack.ts";
import { readSettings, type Settings } from "../../infra/settings.ts";
import { StackSetStack } from "../../infra/stack-set-stack.ts";

const BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/holdfast";

/** The installation that the goldens are of. The worlds of tests are its accounts, and their fleet is its fleet. */
const INSTALLATION = {
  fleet: "acme",
  organizationId: "o-exampleorgid",
  externalId: "holdfast",
  hubAccount: "111122223333",
  publishers: ["arn:aws:iam::111122223333:role/holdfast-publisher"],
  secondSignature: true,
  eventBus: BUS,
};

/** With both roles of a repository's workflows. */
const GITHUB = { repository: "acme@1234/backups@5678", branch: "main", provider: "import", plan: true };

/** With the evidence in another account. */
const ARCHIVED = { engine: "durable", evidence: { account: "444455556666" } };

/** What a stack is made of, and where: code and keys that stand in for ours, so that no change of code moves a golden. */
interface Making {
  readonly app: App;
  readonly settings: Settings;
  /** In the place of what `npm run bundle` makes. */
  readonly bundle: string;
}

const hub = ({ app, settings, bundle }: Making): Stack =>
  new HubStack(app, "holdfast-hub", { settings, bundle, ...boundedBy(settings) });
const member = ({ app, settings }: Making): Stack => new MemberStack(app, "holdfast-member", { settings });

/** Every template that is kept, by name, with the settings it has besides. */
const TEMPLATES: Readonly<Record<string, readonly [make: (making: Making) => Stack, settings: object]>> = {
  hub: [hub, {}],
  "hub-github": [hub, { github: GITHUB }],
  "hub-durable": [hub, { engine: "durable" }],
  "hub-archived": [hub, ARCHIVED],
  evidence: [({ app, settings }) => new EvidenceStack(app, "holdfast-evidence", { settings }), ARCHIVED],
  member: [member, {}],
  "member-durable": [member, { engine: "durable" }],
  "member-events": [
    ({ app, settings }) => new MemberEventsStack(app, "holdfast-member-events", { bus: BUS, ...boundedBy(settings) }),
    {},
  ],
  stackset: [
    ({ app, settings }) => new StackSetStack(app, "holdfast-stackset", { settings }),
    { stackSet: { organizationalUnits: ["ou-abcd-11111111"], regions: ["eu-west-1", "eu-central-1"] } },
  ],
};

/** Reports on templates are for people who synthesize. */
export const QUIET = {
  "@aws-cdk/core:validateAgainstDefaultRules": false,
  "@aws-cdk/core:annotationsInValidationReport": false,
};

/** The synthesized templates, by path: what reviewers see change, and what scenarios are installed from. */
export function generateTemplates(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-templates-"));
  try {
    const bundle = standInBundle(folder);
    return new Map(
      Object.entries(TEMPLATES).map(([name, [make, settings]]) => [
        `test/golden/templates/${name}.json`,
        templateOf(make({ ...appIn(join(folder, name), settings), bundle })),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const templateOf = (stack: Stack): string => `${JSON.stringify(Template.fromStack(stack).toJSON(), null, 2)}\n`;

/** A zip such as the bundler leaves, with nothing in it that changes. */
export function standInBundle(folder: string): string {
  const file = join(folder, "worker.zip");
  const handler = strToU8("export const handler = async () => {};\n");
  writeFileSync(file, zipSync({ "handler.mjs": handler }, { mtime: new Date(1980, 0, 1) }));
  return file;
}

/** An app a template: stacks of one app may come to refer to one another, and a template is deployed by itself. */
function appIn(outdir: string, settings: object): Pick<Making, "app" | "settings"> {
  const app = new App({ context: { ...cdk.context, ...QUIET, holdfast: { ...INSTALLATION, ...settings } }, outdir });
  return { app, settings: readSettings(app.node) };
}
