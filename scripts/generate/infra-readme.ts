import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { alarmsTable } from "./alarms.ts";
import { costTables } from "./costs.ts";
import { doctorExample } from "./doctor.ts";
import { settingsTable } from "./settings.ts";

const PATH = "infra/README.md";

/** What stands between two markers of that name, `<!-- costs: generated -->` and `<!-- costs: end -->`. */
const SECTIONS: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  alarms: alarmsTable,
  costs: costTables,
  doctor: doctorExample,
};

/** infra/README.md with every section that is drawn from code; the prose around them is people's. */
export async function generateInfraReadme(): Promise<ReadonlyMap<string, string>> {
  let readme = await readFile(fileURLToPath(new URL(`../../${PATH}`, import.meta.url)), "utf8");
  for (const [name, make] of Object.entries(SECTIONS)) {
    const block = new RegExp(`(<!-- ${name}: generated -->\n)[\\s\\S]*?(<!-- ${name}: end -->)`);
    if (!block.test(readme)) throw new Error(`${PATH} has no block ${name} to put its section into`);
    const text = await format(make(), { parser: "markdown", printWidth: 120 });
    readme = readme.replace(block, (_all, begin: string, end: string) => `${begin}\n${text}\n${end}`);
  }
  return new Map([[PATH, readme]]);
}
