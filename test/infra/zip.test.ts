import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zipFolder, zipOf } from "../../scripts/bundle/zip.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const FILES = { "handler.mjs": "export const handler = 1;\n", "a.mjs": "a".repeat(5000), "Z.mjs": "", "é.mjs": "é" };

/** A folder with those files, written in that order. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
const turned = Object.fromEntries(Object.entries(FILES).toReversed());

describe("the zip that is deployed", () => {
  it("holds the files as they are, by name as the C locale sorts them", () => {
    const files = unzipSync(zipOf(folderWith(FILES)));
    expect(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual([
      ["Z.mjs", FILES["Z.mjs"]],
      ["a.mjs", FILES["a.mjs"]],
      ["handler.mjs", FILES["handler.mjs"]],
      ["é.mjs", FILES["é.mjs"]],
    ]);
  });

  it("leaves out folders below, which the code's digest does not tell of either", () => {
    const folder = folderWith({ "handler.mjs": "" });
    mkdirSync(join(folder, "below"));
    expect(Object.keys(unzipSync(zipOf(folder)))).toEqual(["handler.mjs"]);
  });

  it("is the same bytes for the same files, whenever and in whatever order they were written", () => {
    const later = folderWith(turned);
    for (const name of Object.keys(FILES)) utimesSync(join(later, name), 2_000_000_000, 2_000_000_000);
    expect(zipOf(later)).toEqual(zipOf(folderWith(FILES)));
    expect(zipOf(folderWith({ ...FILES, "a.mjs": "b" }))).not.toEqual(zipOf(later));
  });

  it.each(["Pacific/Kiritimati", "America/Los_Angeles"])("is the same bytes in %s", (zone) => {
    const folder = folderWith(FILES);
    const module = pathToFileURL(join(import.meta.dirname, "../../scripts/bundle/zip.ts")).href;
    const program = `const { zipOf } = await import(process.argv[1]); process.stdout.write(zipOf(process.argv[2]));`;
    const argv = ["--input-type=module", "--eval", program, "--", module, folder];
    const zipped = execFileSync(process.execPath, argv, { env: { TZ: zone } });
    expect(zipped.equals(zipOf(folder))).toBe(true);
  });

  it("lets Lambda's user read what is in it, and gives nobody more", () => {
    const zip = Buffer.from(zipOf(folderWith({ "handler.mjs": "x" })));
    const central = zip.indexOf("PK\u0001\u0002", 0, "latin1");
    expect(zip.readUInt8(central + 5)).toBe(3); // of Unix
    expect((zip.readUInt32LE(central + 38) >>> 16).toString(8)).toBe("100644");
  });

  it("takes the old one's place when it is whole", async () => {
    const file = join(temporaryFolder(), "worker.zip");
    writeFileSync(file, "old");
    const folder = folderWith(FILES);
    await zipFolder(folder, file);
    expect(readFileSync(file).equals(zipOf(folder))).toBe(true);
  });
});
