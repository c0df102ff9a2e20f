import { readFile } from "node:fs/promises";
import { type Keys, parseKeys } from "../attest/sealing/keys.ts";
import { HoldfastError } from "../domain/errors.ts";

/** Pinned keys, from a file that came another way than the reports did. */
export async function readTrust(path: string | undefined): Promise<Keys | undefined> {
  if (path === undefined) return undefined;
  const file = await readFile(path).catch((cause: unknown) => {
    throw new HoldfastError("setting-refused", `the keys file ${path} cannot be read: check the path given as trust`, {
      cause,
    });
  });
  const parsed = parseKeys(file);
  if ("wrong" in parsed) throw new HoldfastError("setting-refused", `${path} is not a keys.json: ${parsed.wrong}`);
  return parsed.keys;
}

export const optionalTrust = (trust: Keys | undefined) => (trust ? { trust } : {});
