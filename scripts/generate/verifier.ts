import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PATH = "controller/verifier/built/verify.mjs";

const BANNER = `#!/usr/bin/env node
// The verifier of Holdfast's signed reports, whole: it needs Node 20 or newer (24 for ML-DSA) and nothing else.
// Generated from controller/verifier by npm run generate; made to be read, so it is not minified.`;

/**
 * The verifier as one file that any Node since 20 runs, for evidence packs and auditors. It is committed, so that a pack can be made where
 * there is no bundler, and so that its digest is public with the release.
 */
export async function generateVerifier(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["controller/verifier/main.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    charset: "utf8",
    write: false,
    banner: { js: BANNER },
  });
  return new Map([[PATH, outputFiles[0]?.text ?? ""]]);
}
