import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NestingType, withDurableExecution, type DurableContext } from "@aws/durable-execution-sdk-js";
import { describe, expect, it } from "vitest";
import { QUOTAS } from "../../simulator/durable/quotas.ts";
import { durableBackend, type BackendOptions, type DurableBackend } from "./backend.ts";
import type { Call } from "./drive.ts";

const WORKER = "arn:aws:lambda:eu-west-1:111122223333:function:worker:live";

type Orchestrate = (event: never, context: DurableContext) => Promise<unknown>;

/** A function as Lambda would call it, over that backend. */
function functionOf(backend: DurableBackend, orchestrate: Orchestrate): Call {
  const handler = withDurableExecution(orchestrate, { durableExecutionClient: backend.client });
  return (event) => handler(event, { awsRequestId: "r", getRemainingTimeInMillis: () => 900_000 });
}

async function ran(orchestrate: Orchestrate, options: BackendOptions = {}) {
  const backend = durableBackend(options);
  const ended = await backend.run(functionOf(backend, orchestrate));
  return { ended, operations: backend.metered().operations, calls: backend.calls() };
}

const temporaryFile = () => join(mkdtempSync(join(tmpdir(), "holdfast-durable-")), "execution");
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const never = () => new Promise<never>(() => undefined);
const once = { retryStrategy: () => ({ shouldRetry: false }) };

describe("a function that waits", () => {
  it("is called again afterwards, and does nothing twice that it had done before", async () => {
    const done: string[] = [];
    const { ended, operations, calls } = await ran(
      async ({ who }: { readonly who: string }, context) => {
        const first = await context.step("first", async () => (done.push("first"), 1));
        await context.wait("a while", { hours: 6 });
        return [who, await context.step("second", async () => (done.push("second"), first + 1))];
      },
      { input: { who: "holdfast" } },
    );
    expect(ended).toEqual({ Status: "SUCCEEDED", Result: JSON.stringify(["holdfast", 2]) });
    expect(done).toEqual(["first", "second"]);
    expect({ operations, calls }).toEqual({ operations: 4, calls: 2 });
  });

  it("is told of a wait's end only once it is suspended, so that every wait is a replay", async () => {
    const { calls } = await ran(async (_, context) => {
      for (const wait of ["a", "b", "c"]) await context.wait(wait, { seconds: 1 });
    });
    expect(calls).toBe(4);
  });

  it("that waits for nothing that will ever be is an error of the test", async () => {
    const { run } = durableBackend({});
    await expect(run(async () => ({ Status: "PENDING" }) as never)).rejects.toThrow("nothing is on its way");
  });
});

describe("a step", () => {
  it("is tried again after its pause, and each try is an operation", async () => {
    let tries = 0;
    const { ended, operations } = await ran((_, context) =>
      context.step(
        "flaky",
        async () => {
          tries += 1;
          if (tries < 3) throw new Error("not yet");
          return tries;
        },
        { retryStrategy: () => ({ shouldRetry: true, delay: { minutes: 5 } }) },
      ),
    );
    expect(ended).toMatchObject({ Status: "SUCCEEDED", Result: "3" });
    expect(operations).toBe(1 + 1 + 2);
  });

  it("that fails for good is told what it failed with, in later calls as well", async () => {
    const { ended } = await ran(async (_, context) => {
      const said: unknown[] = [];
      for (const again of [1, 2]) {
        const failing = context.step(`fails ${again}`, async () => Promise.reject(new Error("poisoned")), once);
        said.push(await failing.catch((error: unknown) => (error as Error).message));
        await context.wait(`wait ${again}`, { seconds: 1 });
      }
      return said;
    });
    expect(ended).toMatchObject({ Status: "SUCCEEDED", Result: '["poisoned","poisoned"]' });
  });
});

describe("functions that are invoked", () => {
  /** Invokes the worker for each number, four at a time. */
  const map =
    (count: number, nesting: NestingType): Orchestrate =>
    async (_, context) => {
      const config = { maxConcurrency: 4, nesting, completionConfig: { toleratedFailurePercentage: 50 } };
      const each = (item: DurableContext, n: number) => item.invoke<number, number>(`n${n}`, WORKER, n);
      const batch = await context.map("all", numbers(count), each, config);
      return { sum: batch.getResults().reduce((a, b) => a + b, 0), failed: batch.failureCount };
    };

  it.each([
    [NestingType.FLAT, 1 + 1 + 10],
    [NestingType.NESTED, 1 + 1 + 10 + 10],
  ])("run side by side; a map that is %s takes %i operations", async (nesting, expected) => {
    let [now, most] = [0, 0];
    const invoke = async (name: string, n: unknown) => {
      expect(name).toBe(WORKER);
      most = Math.max(most, ++now);
      await new Promise((resolve) => void setTimeout(resolve, 5));
      now -= 1;
      return Number(n) * 2;
    };
    const { ended, operations, calls } = await ran(map(10, nesting), { invoke, pageSize: 5 });
    expect(ended).toMatchObject({ Status: "SUCCEEDED", Result: JSON.stringify({ sum: 90, failed: 0 }) });
    expect(most).toBe(4);
    expect(operations).toBe(expected);
    expect(calls).toBeGreaterThan(1);
  });

  it("fail alone: nobody tries again, and the others' answers count", async () => {
    const asked: unknown[] = [];
    const invoke = async (_: string, n: unknown) => {
      asked.push(n);
      if (n === 3) throw new Error("killed");
      return n;
    };
    const { ended } = await ran(map(5, NestingType.FLAT), { invoke });
    expect(ended).toMatchObject({ Result: JSON.stringify({ sum: 7, failed: 1 }) });
    expect(new Set(asked)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(asked).toHaveLength(5);
  });

  it("are named by a version or an alias: Lambda refuses any other name", async () => {
    const { ended } = await ran((_, context) => context.invoke("n", WORKER.replace(":live", ""), 1));
    expect(ended).toMatchObject({ Status: "FAILED", Error: { ErrorMessage: expect.stringContaining("no alias") } });
  });
});

describe("a quota", () => {
  it("is what AWS documents", () => {
    expect(QUOTAS).toEqual({ operations: 3000, bytesWritten: 100_000_000, bytesOfPayload: 262_144 });
  });

  it("of operations ends the execution, at the first that is too many", async () => {
    const steps =
      (count: number): Orchestrate =>
      async (_, context) => {
        for (const n of numbers(count)) await context.step(`n${n}`, async () => n);
      };
    const quotas = { ...QUOTAS, operations: 12 };
    expect((await ran(steps(11), { quotas })).ended.Status).toBe("SUCCEEDED");
    expect((await ran(steps(12), { quotas })).ended).toMatchObject({
      Status: "FAILED",
      Error: { ErrorMessage: expect.stringContaining("13 operations, of 12") },
    });
  });

  it("of a payload ends it too, though the step was done", async () => {
    const step =
      (bytes: number): Orchestrate =>
      (_, context) =>
        context.step("big", async () => "x".repeat(bytes));
    expect((await ran(step(QUOTAS.bytesOfPayload - 2))).ended.Status).toBe("SUCCEEDED");
    expect((await ran(step(QUOTAS.bytesOfPayload - 1))).ended).toMatchObject({
      Status: "FAILED",
      Error: { ErrorMessage: expect.stringContaining("262145 bytes of big, of 262144") },
    });
  });

  it("of all that is written ends it too; what functions answer counts", async () => {
    const invoke = async () => "x".repeat(500);
    const twice: Orchestrate = async (_, context) => {
      for (const n of [1, 2]) await context.invoke(`n${n}`, WORKER, n);
      await context.step("last", async () => "");
    };
    const quotas = { ...QUOTAS, bytesWritten: 1000 };
    expect((await ran(twice, { invoke, quotas })).ended).toMatchObject({
      Status: "FAILED",
      Error: { ErrorMessage: expect.stringMatching(/10\d\d bytes written, of 1000/) },
    });
  });

  it("of an answer makes the invoke fail", async () => {
    const invoke = async () => "x".repeat(QUOTAS.bytesOfPayload);
    const { ended } = await ran((_, context) => context.invoke("n", WORKER, 1), { invoke });
    expect(ended).toMatchObject({ Status: "FAILED", Error: { ErrorMessage: "262146 bytes, of 262144" } });
  });
});

describe("a call that dies", () => {
  it("is made again, and goes on after the last checkpoint", async () => {
    const done: number[] = [];
    const backend = durableBackend({});
    let kill = (): void => undefined;
    const call = functionOf(backend, async (_, context) => {
      for (const n of numbers(5))
        await context.step(`n${n}`, async () => {
          if (n === 3 && backend.calls() === 1) {
            kill();
            await never();
          }
          done.push(n);
        });
    });
    const ended = await backend.run((event) => {
      const { promise, reject } = Promise.withResolvers<never>();
      kill = () => reject(new Error("SIGKILL"));
      return Promise.race([call(event), promise]);
    });
    expect(ended).toMatchObject({ Status: "SUCCEEDED" });
    expect(done).toEqual([0, 1, 2, 3, 4]);
    expect(backend.calls()).toBe(2);
  });

  it("checkpoints no more once another has begun: its token is void", async () => {
    const backend = durableBackend({});
    const tokens: string[] = [];
    await backend.run(async ({ CheckpointToken }) => {
      tokens.push(CheckpointToken);
      if (tokens.length === 1) throw new Error("gone");
      return { Status: "SUCCEEDED" } as never;
    });
    const late = backend.client.checkpoint({ DurableExecutionArn: "", CheckpointToken: tokens[0], Updates: [] });
    await expect(late).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "Invalid Checkpoint Token",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("is given up where it gets nowhere", async () => {
    const { run, calls } = durableBackend({});
    await expect(run(() => Promise.reject(new Error("no such module")))).rejects.toThrow("no such module");
    expect(calls()).toBe(11);
  });

  it("leaves a file by which another process goes on, functions that had not answered included", async () => {
    const file = temporaryFile();
    const orchestrate =
      (first: string): Orchestrate =>
      async (_, context) => [
        await context.step("first", async () => first),
        await context.invoke("w", WORKER, "shard"),
      ];
    const dead = durableBackend({ file, invoke: never });
    void dead.run(functionOf(dead, orchestrate("done")));
    await expect.poll(() => dead.metered().operations).toBe(3);

    const next = durableBackend({ file, invoke: async (_, payload) => `${String(payload)} again` });
    const ended = await next.run(functionOf(next, orchestrate("done twice")));
    expect(ended).toMatchObject({ Result: '["done","shard again"]' });
    expect(next.metered().operations).toBe(3);
  });
});

describe("an orchestrator that does otherwise when it is called again", () => {
  it("is found out", async () => {
    let call = 0;
    const { ended } = await ran(async (_, context) => {
      call += 1;
      await context.step(call === 1 ? "one" : "another", async () => call);
      await context.wait("then", { seconds: 1 });
    });
    expect(ended).toMatchObject({ Status: "FAILED" });
  });
});
