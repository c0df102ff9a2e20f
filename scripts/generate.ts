import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generatePolicyFiles } from "../infra/policy.ts";
import { generateInfraReadme } from "./generate/infra-readme.ts";
import { generateReviewedPolicies } from "../infra/reviewed-policies.ts";
import { generateManifestDocs } from "./generate/manifests.ts";
import { generateNotices } from "./generate/notices.ts";
import { generatePage } from "./generate/page.ts";
import { generateReadme } from "./generate/readme.ts";
import { generateTemplates } from "./generate/templates.ts";
import { generateVerifier } from "./generate/verifier.ts";

/**
 * Writes every generated file of the repository, or with --check fails where one is not what it would be: a fact is stated once, and
 * the rest is drawn from it.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const check = process.argv.includes("--check");

const files = new Map([
  ...(await generateInfraReadme()),
  ...(await generateManifestDocs()),
  ...(await generateNotices()),
  ...generatePolicyFiles(),
  ...generateReviewedPolicies(),
  ...(await generatePage()),
  ...(await generateReadme()),
  ...generateTemplates(),
  ...(await generateVerifier()),
]);
const stale: string[] = [];
for (const [path, content] of files) {
  const present = await readFile(join(root, path), "utf8").catch(() => undefined);
  if (present === content) continue;
  stale.push(path);
  if (check) continue;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

if (check && stale.length > 0) {
  console.error(`Generated files are stale: ${stale.join(", ")}. Run npm run generate and commit the result.`);
  process.exit(1);
}
console.log(
  check ? `${files.size} generated files are up to date.` : `${stale.length} of ${files.size} generated files written.`,
);
