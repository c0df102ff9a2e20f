/** A process of its own: what anybody writes with the SDK to read a vault, and does nothing with what it reads. */
import { BackupClient, paginateListRecoveryPointsByBackupVault } from "@aws-sdk/client-backup";
import { measured } from "../measured.ts";
import type { Order } from "../order.ts";

const { endpoint, region, vault, now, windows } = JSON.parse(process.argv[2]!) as Order;
const client = new BackupClient({
  endpoint,
  region,
  credentials: { accessKeyId: "AKIAADMINISTRATOR", secretAccessKey: "unverified" },
});

interface Filter {
  readonly ByCreatedAfter?: Date;
  readonly ByCreatedBefore?: Date;
}

async function read(filter: Filter): Promise<number> {
  let points = 0;
  const input = { BackupVaultName: vault, ...filter };
  for await (const page of paginateListRecoveryPointsByBackupVault({ client, pageSize: 1_000 }, input)) {
    points += page.RecoveryPoints?.length ?? 0;
  }
  return points;
}

/** The vault's two years in equal parts, which both ends of each leave out: a point or two may be missed, and nothing is made of it. */
const equalWindows = (count: number): readonly Filter[] =>
  Array.from({ length: count }, (_, at) => ({
    ByCreatedAfter: new Date(now - (730 * DAY_MS * (count - at)) / count),
    ByCreatedBefore: new Date(now - (730 * DAY_MS * (count - at - 1)) / count),
  }));
const DAY_MS = 86_400_000;

await measured(async () => {
  const parts = await Promise.all((windows > 1 ? equalWindows(windows) : [{}]).map(read));
  return { rows: parts.reduce((sum, part) => sum + part, 0) };
});
