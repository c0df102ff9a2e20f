import { describe, expect, it } from "vitest";
import { Digest } from "../../controller/domain/identity.ts";
import type { WorkerAnswer, WorkerRequest } from "../../controller/engines/durable/contract.ts";
import { verifiedTip } from "../laws/evidence.ts";
import { ALONE, NIGHTLY, VAULT } from "../laws/fixed-worlds.ts";
import { footprint } from "../laws/footprint.ts";
import { callCount, mutationsOf } from "../laws/runs.ts";
import { stage } from "../laws/worlds.ts";
import { BUCKETS, type Universe } from "../support/universe.ts";
import { runDurably, type Working } from "./durable-run.ts";

const BUSY = { ...ALONE, extent: { accounts: 2, regions: 2 }, manifests: [VAULT, NIGHTLY] } as const;
const TARGETS = 4;

type Work = (how?: Working) => Promise<unknown>;

/** A run where a test stands between the coordinator and its workers, and what came of it. */
async function run(worker: (request: WorkerRequest, work: Work, u: Universe) => Promise<unknown>) {
  const u = await stage(BUSY);
  const from = callCount(u);
  const { ended, asked } = await runDurably(u, { worker: (request, work) => worker(request, work, u) });
  expect(ended).toMatchObject({ Status: "SUCCEEDED" });
  return { u, asked, report: await verifiedTip(u.simulator), writes: mutationsOf(u, from) };
}

/** What a run comes to when nobody disturbs it. */
async function undisturbed(): Promise<string> {
  const u = await stage(BUSY);
  await runDurably(u);
  return footprint(u.simulator);
}

/** Somebody with write access to the work bucket puts other bytes in a paper's place. */
function tamper({ simulator }: Universe, paper: string): void {
  const { objects } = simulator.bucket(BUCKETS.work);
  const [versions] = [...objects].flatMap(([key, all]) => (key.includes(paper) ? [all] : []));
  const last = versions?.at(-1);
  if (last?.kind !== "object") throw new Error(`there is no paper ${paper}`);
  versions?.push({ ...last, id: "later", body: new Uint8Array([...last.body, 0]), checksums: {} });
}

describe("a worker's shard", () => {
  it("that ran out of time is gone on with by the next, which does nothing again", async () => {
    const firsts = new Set<string>();
    const { u, asked, report } = await run(({ task, wave }, work) => {
      const first = !firsts.has(`${task} ${wave}`);
      firsts.add(`${task} ${wave}`);
      return work(first ? { deadlineIn: 0 } : {});
    });
    const states = asked.map(({ request, answer }) => `${request.task} ${(answer as WorkerAnswer).state}`);
    expect(states.slice(0, 2)).toEqual(["declared MORE", "declared DONE"]);
    expect(states).toContain("apply MORE");
    expect(footprint(u.simulator)).toBe(await undisturbed());
    expect(report.result).toBe("CORRECTED");
  });

  it("that never has time is left: what it does not come to is not known, and never absent", async () => {
    const { report, asked, writes } = await run(({ task }, work) => work(task === "declared" ? { deadlineIn: 0 } : {}));
    expect(asked.filter(({ request }) => request.task === "declared").length).toBeLessThanOrEqual(6);
    expect(writes).toEqual([]);
    expect(report.targets.map(({ result }) => result)).toEqual(Array(TARGETS).fill("INCOMPLETE"));
    expect(report.limitations.join("\n")).toContain("ran out of time");
  });

  it("whose changes never have time leaves them to the next run", async () => {
    const { report, writes, u } = await run(({ task }, work) => work(task === "apply" ? { deadlineIn: 0 } : {}));
    expect(writes).toEqual([]);
    expect(new Set(report.changes.map(({ result }) => result))).toEqual(new Set(["skipped"]));
    await runDurably(u, { id: "run-next" });
    expect(footprint(u.simulator)).toBe(await undisturbed());
  });

  it("is as if it had not been read where what its worker left was changed before it was gathered", async () => {
    const { report, writes } = await run(async ({ task }, work, u) => {
      const answer = (await work()) as WorkerAnswer;
      if (task === "declared") tamper(u, answer.paper);
      return answer;
    });
    expect(writes).toEqual([]);
    expect(report.targets.map(({ result }) => result)).toEqual(Array(TARGETS).fill("INCOMPLETE"));
  });

  it("is not believed by an answer that is none", async () => {
    const { report } = await run(({ task }, work) =>
      task === "declared" ? Promise.resolve({ state: "DONE" }) : work(),
    );
    expect(report.result).toBe("INCOMPLETE");
  });

  it("of another plan than the run's is not applied", async () => {
    const other = Digest.parse("f".repeat(64));
    const { report, writes } = await run((request, work) =>
      work(request.task === "apply" ? { request: { ...request, plan: other } } : {}),
    );
    expect(writes).toEqual([]);
    expect(report.result).toBe("FAILED");
    expect(new Set(report.changes.map(({ result }) => result))).toEqual(new Set(["failed"]));
  });

  it("writes nothing once another run has taken the lease, and the report says why the run broke off", async () => {
    const u = await stage(BUSY);
    const from = callCount(u);
    let stolen = false;
    const { ended } = await runDurably(u, {
      worker: async ({ task }, work) => {
        if (task === "apply" && !stolen) {
          stolen = true;
          u.simulator.clock.advance(181_000);
          const { world } = await u.controller();
          await world.leases.take("thief");
        }
        return work();
      },
    });
    expect(ended).toMatchObject({ Status: "SUCCEEDED" });
    expect(mutationsOf(u, from)).toEqual([]);
    const report = await verifiedTip(u.simulator);
    expect(report.run.failure).toMatchObject({ code: "lease-lost", message: expect.stringContaining("thief") });
  });

  it("of a plan that is more than an hour old is not begun", async () => {
    let waited = false;
    const { report, writes } = await run(async ({ task }, work, u) => {
      if (task === "apply" && !waited) {
        waited = true;
        u.simulator.clock.advance(61 * 60_000);
      }
      return work();
    });
    expect(writes).toEqual([]);
    expect(new Set(report.changes.map(({ result }) => result))).toEqual(new Set(["skipped"]));
  });
});

describe("a run while another has the fleet", () => {
  it("stands down, and asks no worker anything", async () => {
    const u = await stage(BUSY);
    const { world } = await u.controller();
    await world.leases.take("somebody-else");
    const { ended, asked } = await runDurably(u);
    expect(ended).toMatchObject({ Status: "SUCCEEDED", Result: expect.stringContaining("stood-down") });
    expect(asked).toEqual([]);
  });
});
