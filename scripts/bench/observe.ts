/** A process of its own: the controller looks at the whole fleet and judges it, as every run and `holdfast plan` do. */
import { RunRecord } from "../../controller/attest/report/record.ts";
import { inventoryWriter } from "../../controller/attest/testify.ts";
import type { Clock } from "../../controller/ports.ts";
import { propose } from "../../controller/reconcile.ts";
import { createWorld } from "../../controller/world.ts";
import { measured } from "./measured.ts";
import type { Order } from "./order.ts";

const { endpoint, region, bucket, now, manifests, pacing, inventory } = JSON.parse(process.argv[2]!) as Order;

/** Sleep moves it and takes no time, so that the pace is kept and never waited for. */
function virtualClock(): Clock {
  let at = 0;
  return {
    now: () => new Date(now + at),
    monotonic: () => at,
    sleep: async (ms) => void (at += ms),
  };
}

/** The simulator's date, at which the real time passes. */
const realClock: Clock = {
  now: () => new Date(now),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
};

const world = await createWorld(
  {
    desiredState: manifests,
    evidence: `s3://${bucket}`,
    // The installed bucket takes nothing that is not locked.
    retention: { mode: "GOVERNANCE", days: 2_557 },
    work: `s3://${bucket}`,
    signer: "kms:alias/holdfast-evidence",
    region,
    endpoint,
    allowHttp: false,
  },
  {
    clock: pacing === "real" ? realClock : virtualClock(),
    credentials: { accessKeyId: "AKIAADMINISTRATOR", secretAccessKey: "unverified" },
  },
);

await measured(async () => {
  const record = new RunRecord(
    { id: "bench", trigger: "manual", deadline: Infinity, reporter: { id: "bench", version: "0" } },
    world.clock.now(),
  );
  const writer = inventoryWriter(world.evidence);
  record.memory = await world.history.read();
  const proposal = await propose(record, world, inventory ? writer.write : undefined);
  await writer.finish();
  const [judged] = proposal.inventory.governed;
  if (judged === undefined || judged.failure) throw new Error(judged?.failure?.message ?? "nothing was judged");
  return { rows: judged.population, findings: judged.findings.length };
});
