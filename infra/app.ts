/* oxlint-disable no-new -- a construct joins its scope by being made */
/** Synthesizes the stacks that the settings ask for into cdk.out: `node infra/app.ts` by itself, or as the app of the CDK CLI. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { App } from "aws-cdk-lib";
import { HoldfastError } from "../controller/domain/errors.ts";
import { boundedBy } from "./boundary.ts";
import { EvidenceStack } from "./evidence-stack.ts";
import { HubStack } from "./hub-stack.ts";
import { MemberEventsStack } from "./member-events-stack.ts";
import { MemberStack } from "./member-stack.ts";
import { readSettings } from "./settings.ts";
import { StackSetStack } from "./stack-set-stack.ts";

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The CLI passes cdk.json's context on; without the CLI it is read here, so that both make the same templates. */
function createApp(): App {
  if (process.env["CDK_OUTDIR"] !== undefined) return new App();
  const { context } = JSON.parse(readFileSync(root("cdk.json"), "utf8")) as {
    readonly context: Record<string, unknown>;
  };
  return new App({ context, outdir: root("cdk.out") });
}

try {
  const app = createApp();
  const settings = readSettings(app.node);
  new HubStack(app, "holdfast-hub", { settings, bundle: root("dist/worker.zip"), ...boundedBy(settings) });
  if (settings.evidence.account !== undefined) new EvidenceStack(app, "holdfast-evidence", { settings });
  new MemberStack(app, "holdfast-member", { settings });
  const { eventBus: bus } = settings;
  if (bus !== undefined) new MemberEventsStack(app, "holdfast-member-events", { bus, ...boundedBy(settings) });
  if (settings.stackSet !== undefined) new StackSetStack(app, "holdfast-stackset", { settings });
  app.synth();
} catch (error) {
  if (!(error instanceof HoldfastError)) throw error;
  console.error(`holdfast: ${error.message}`);
  process.exitCode = 1;
}
