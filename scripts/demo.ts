import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildCompany } from "./demo/company.ts";
import { addLeftOvers, tellOfLeftOvers } from "./demo/orphans.ts";
import { openShell } from "./demo/shell.ts";
import { tellOfAWeekend } from "./demo/weekend.ts";

/**
 * What Holdfast does, shown on the simulator: it runs the CLI as a user would, over HTTP, with no AWS account and nothing of the caller's
 * AWS settings. `--orphans`: recovery points that nobody owns, in place of the weekend.
 * `--left DIR`: where to leave what an auditor would be given.
 */
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const color =
  process.env["NO_COLOR"] === undefined && (process.stdout.isTTY || process.env["FORCE_COLOR"] !== undefined);
const { orphans, left } = parseArgs({
  options: {
    orphans: { type: "boolean", default: false },
    left: { type: "string", default: ".holdfast/demo" },
  },
}).values;
const simulator = buildCompany();
if (orphans) addLeftOvers(simulator);
const server = await simulator.listen(0);
try {
  const shell = openShell({ endpoint: server.endpoint, color, print: (text) => void process.stdout.write(text) });
  await (orphans ? tellOfLeftOvers(simulator, shell) : tellOfAWeekend(simulator, shell, left));
} finally {
  await server.close();
}
