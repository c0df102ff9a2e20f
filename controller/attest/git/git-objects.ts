import { createHash } from "node:crypto";

/** By which a repository names its objects. A report names git's objects by SHA-1, as nearly every repository does. */
export type ObjectFormat = "sha1" | "sha256";

/** The format that an object id is of. */
export const formatOf = (id: string): ObjectFormat => (id.length === 64 ? "sha256" : "sha1");

/** Object ids as git computes them (gitformat: a hash over `<type> <length>\0<content>`), so that stock git can check what a report names. */
export function objectId(type: string, content: Uint8Array, format: ObjectFormat = "sha1"): string {
  return createHash(format).update(`${type} ${content.length}\0`).update(content).digest("hex");
}

/** What `git hash-object FILE` says, where no filter rewrites line ends. */
export const gitBlob = (content: Uint8Array, format: ObjectFormat = "sha1"): string =>
  objectId("blob", content, format);

/** A path and its blob's id; the path is relative, with `/` between names. */
export interface TreeFile {
  readonly path: string;
  readonly gitBlob: string;
}

/**
 * The id of the git tree that holds exactly these files, none executable. It is `git rev-parse COMMIT:FOLDER` of a folder with nothing else
 * in it. No files make git's empty tree.
 */
export function gitTree(files: readonly TreeFile[]): string {
  const folders = Map.groupBy(
    files.filter(({ path }) => path.includes("/")),
    ({ path }) => path.slice(0, path.indexOf("/")),
  );
  const entries = [
    ...files
      .filter(({ path }) => !path.includes("/"))
      .map(({ path, gitBlob }) => ({ mode: "100644", name: path, id: gitBlob, order: path })),
    ...[...folders].map(([name, inside]) => ({
      mode: "40000",
      name,
      id: gitTree(inside.map((file) => ({ ...file, path: file.path.slice(name.length + 1) }))),
      // git sorts a folder as if its name ended in a slash.
      order: `${name}/`,
    })),
  ].toSorted((a, b) => byBytes(a.order, b.order));
  return objectId(
    "tree",
    Buffer.concat(entries.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")])),
  );
}

/** The order of UTF-8 bytes: git's, and that of a report's subjects. Not the order of JavaScript's strings. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
