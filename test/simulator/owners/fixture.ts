/** What the tests of the owning services share: a place with backups in it, and listings followed to their end. */
import { addRecoveryPoint, addVault } from "../backup/build.ts";
import type { RecoveryPoint } from "../backup/state.ts";
import { clientsOf, hub, region, smallSimulator } from "../fixture.ts";
import type { Simulator, SimulatorOptions } from "../simulator.ts";

export const volumeArn = (id: string) => `arn:aws:ec2:${region}:${hub}:volume/${id}`;
export const instanceArn = (id: string) => `arn:aws:ec2:${region}:${hub}:instance/${id}`;
export const databaseArn = (name: string) => `arn:aws:rds:${region}:${hub}:db:${name}`;
export const clusterArn = (name: string) => `arn:aws:rds:${region}:${hub}:cluster:${name}`;

/** The hub with a vault `main`, and a client of every service. */
export function withVault(options: Partial<SimulatorOptions> = {}) {
  const simulator = smallSimulator(options);
  addVault(simulator.backup(hub, region), { name: "main" });
  return { simulator, ...clientsOf(simulator) };
}

/** A recovery point of a week ago in the vault `main`. */
export function addPoint(simulator: Simulator, resourceArn: string, resourceType: string): RecoveryPoint {
  const creationDate = new Date(simulator.clock.now().getTime() - 7 * 86_400_000);
  const iamRoleArn = backupRole(simulator);
  return addRecoveryPoint(simulator.backup(hub, region), {
    vault: "main",
    resourceArn,
    resourceType,
    creationDate,
    iamRoleArn,
  });
}

/** A role that AWS Backup may work with. */
export function backupRole(simulator: Simulator): string {
  const trust = {
    Statement: { Effect: "Allow" as const, Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
  };
  return simulator.iam.putRole(hub, { name: "backup", path: "/service-role/", trust }).arn;
}

/** Every item of a listing, page by page, and how many pages it took. */
export async function everyPage<Page, Item>(
  ask: (token: string | undefined) => Promise<Page>,
  items: (page: Page) => readonly Item[] | undefined,
  next: (page: Page) => string | undefined,
): Promise<{ readonly items: readonly Item[]; readonly pages: number }> {
  const found: Item[] = [];
  let token: string | undefined;
  let pages = 0;
  do {
    const page = await ask(token);
    found.push(...(items(page) ?? []));
    token = next(page);
    pages += 1;
  } while (token !== undefined);
  return { items: found, pages };
}
