import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf } from "../domain/digest.ts";
import type { Digest } from "../domain/identity.ts";

/**
 * What runs, for reports to name: what `sha256sum * | sha256sum` says in the folder of the bundle that was deployed, whose files are sorted
 * by name as a shell in the C locale sorts them.
 */
export function codeDigest(entry: string): Digest {
  const folder = dirname(fileURLToPath(entry));
  const files = readdirSync(folder, { withFileTypes: true })
    .flatMap((file) => (file.isFile() ? [file.name] : []))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return digestOf(files.map((name) => `${digestOf(readFileSync(join(folder, name)))}  ${name}\n`).join(""));
}
