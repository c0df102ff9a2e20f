/** Synthesizes the stacks that the settings ask for into cdk.out: `node infra/app.ts` by itself, or as the app of the CDK CLI. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { App } from "aws-cdk-lib";
import { HoldfastError } from "../controller/domain/errors.ts";
import { checkApp } from "./checks.ts";
import { readSettings } from "./settings.ts";
import { createStacks } from "./stacks.ts";

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
  createStacks(app, settings, root("dist/worker.zip"));
  checkApp(app);
  app.synth();
} catch (error) {
  if (!(error instanceof HoldfastError)) throw error;
  console.error(`holdfast: ${error.message}`);
  process.exitCode = 1;
}
