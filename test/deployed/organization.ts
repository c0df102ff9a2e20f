/** An organization on the simulator, reached over HTTP, with Holdfast deployed to it: synthesized templates, their roles, their code. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { addServiceRoles } from "../simulator/seed/roles.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { install } from "../support/installed.ts";
import { recordUse } from "../support/ledger.ts";
import { BUCKETS, FRANKFURT, HUB, IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import type { Assembly } from "./assembly.ts";
import { sessionOf, type Hub } from "./functions.ts";

export const DESIRED_STATE = "acme-desired-state";
const PUBLISHER = "holdfast-publisher";

/** Where evidence is kept, if it is not in the hub. */
export const ARCHIVE = "333344445555";

/** The settings of the deployment: the organization's, whose fleet is that of `support/universe.ts`. */
export const SETTINGS = {
  fleet: "acme",
  organizationId: "o-exampleorgid",
  externalId: "holdfast",
  hubAccount: HUB,
  publishers: [`arn:aws:iam::${HUB}:role/${PUBLISHER}`],
};

export interface Organization extends AsyncDisposable, Hub {
  /** Publishes those manifests as a pipeline does: the command line, in a process of its own, with a publisher's keys. */
  readonly sync: (files: Readonly<Record<string, string>>) => Promise<void>;
  /** What the command line prints to a role of the hub. */
  readonly holdfast: (role: string, argv: readonly string[]) => Promise<string>;
}

/** Time stands still unless it is moved, so what AWS shows late is shown at once. */
const PROMPT = { lag: { selectionVisible: 0, selectionDeleted: 0, pointRemoved: 0 } };

export async function deploy(
  assembly: Assembly,
  accounts: readonly string[] = [HUB, SHOP, VAULTS],
): Promise<Organization> {
  const regions = [IRELAND, FRANKFURT];
  const simulator = createSimulator({
    hubAccount: HUB,
    organizationId: SETTINGS.organizationId,
    accounts: accounts.map((id) => ({ id, name: `account-${id.slice(0, 4)}` })),
    regions,
    start: new Date("2026-03-01T05:00:00Z"),
    strict: true,
    judged: recordUse,
    backup: PROMPT,
  });
  addServiceRoles(simulator);
  simulator.iam.putRole(HUB, { name: PUBLISHER, trust: { Version: "2012-10-17", Statement: [] } });
  const home = { account: HUB, region: IRELAND };
  const buckets = { DesiredState: DESIRED_STATE, Evidence: BUCKETS.evidence, Work: BUCKETS.work };
  const installed = install(simulator, assembly.hub, { ...home, buckets });
  if (assembly.evidence) install(simulator, assembly.evidence, { account: ARCHIVE, region: IRELAND });
  for (const account of accounts) {
    install(simulator, assembly.member, { account, region: IRELAND });
    for (const region of regions) simulator.addKey(account, region, { alias: "alias/backup" });
  }
  const listening = await simulator.listen(0);
  const folder = await mkdtemp(join(tmpdir(), "holdfast-deployed-"));
  return {
    ...home,
    simulator,
    assembly,
    installed,
    endpoint: listening.endpoint,
    sync: (files) => sync({ simulator, endpoint: listening.endpoint, folder }, files),
    holdfast: (role, argv) => holdfast({ simulator, endpoint: listening.endpoint }, role, argv),
    [Symbol.asyncDispose]: async () => {
      await listening.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const run = promisify(execFile);
const HOLDFAST = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));

type Reached = Pick<Hub, "simulator" | "endpoint">;

async function sync(
  { folder, ...reached }: Reached & { readonly folder: string },
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const manifests = join(folder, "desired");
  await rm(manifests, { recursive: true, force: true });
  await mkdir(manifests);
  for (const [path, text] of Object.entries(files)) await writeFile(join(manifests, path), text);
  const to = `s3://${DESIRED_STATE}`;
  const argv = ["sync", "--desired-state", manifests, "--to", to, "--sync-signer", "kms:alias/holdfast-sync"];
  await holdfast(reached, PUBLISHER, argv);
}

async function holdfast({ simulator, endpoint }: Reached, role: string, argv: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [HOLDFAST, ...argv], {
    env: {
      ...sessionOf(simulator, `arn:aws:iam::${HUB}:role/${role}`, "person"),
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: IRELAND,
    },
  });
  return stdout;
}
