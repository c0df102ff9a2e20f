import { readFile } from "node:fs/promises";
import type { Entry } from "./tar-file.ts";

/**
 * What a pack carries so that nobody needs Holdfast to check it: files of this release, as they are, by their place in the controller's folder. A
 * bundle has them in the same places beside its chunks.
 */
export const TOOLS: readonly { readonly path: string; readonly file: string; readonly executable?: true }[] = [
  { path: "verify.mjs", file: "verifier/built/verify.mjs", executable: true },
  { path: "verify.sh", file: "verifier/verify.sh", executable: true },
];

/** Throws where this installation is not whole. */
export const packTools = (): Promise<readonly Entry[]> =>
  Promise.all(
    TOOLS.map(async ({ path, file, executable }) => ({
      path,
      bytes: new Uint8Array(await readFile(new URL(`../${file}`, import.meta.url))),
      ...(executable ? { executable } : {}),
    })),
  );
