import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type Stack } from "aws-cdk-lib";

/** Bytes of a template that travels in a request, as a stack set's does (CloudFormation User Guide, "Quotas"). */
const INLINE_LIMIT = 51_200;

/**
 * A stack's template as one line of JSON, for another stack to carry. It is synthesized in an app of its own with the same context, so
 * that what a stack set deploys is what the stack by itself would be. Throws where it is longer than may be carried.
 */
export function templateText(context: Readonly<Record<string, unknown>>, make: (app: App) => Stack): string {
  const outdir = mkdtempSync(join(tmpdir(), "holdfast-template-"));
  try {
    const app = new App({ context, outdir, analyticsReporting: false });
    const stack = make(app);
    app.synth();
    const text = JSON.stringify(JSON.parse(readFileSync(join(outdir, stack.templateFile), "utf8")));
    const bytes = Buffer.byteLength(text);
    if (bytes <= INLINE_LIMIT) return text;
    throw new Error(`the template of ${stack.stackName} has ${bytes} bytes, and a stack set carries ${INLINE_LIMIT}`);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
