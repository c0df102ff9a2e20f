import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { idle, storeClock } from "../../controller/local/clock.ts";

describe("a clock that follows a store", () => {
  it("goes on from the store's answer at the pace of this machine, whatever time this machine thinks it is", () => {
    let ms = 5_000;
    const clock = storeClock(new Date("2031-05-05T00:00:00.000Z"), { monotonic: () => ms, sleep: async () => {} });
    expect(clock.now().toISOString()).toBe("2031-05-05T00:00:00.000Z");
    ms += 61_000;
    expect(clock.now().toISOString()).toBe("2031-05-05T00:01:01.000Z");
    expect(clock.monotonic()).toBe(66_000);
  });
});

describe("a pause in the background", () => {
  it("ends at the signal, before it and after it", async () => {
    const stop = new AbortController();
    const pause = idle(60_000, stop.signal);
    stop.abort();
    await pause;
    await idle(60_000, stop.signal);
    expect(stop.signal.aborted).toBe(true);
  });

  it("keeps no process alive: one that forgets its lease ends all the same", async () => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-lease-"));
    const holder = fileURLToPath(new URL("lease-holder.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [holder, folder], { timeout: 20_000 });
    expect(stdout).toBe("run-1");
    await rm(folder, { recursive: true });
  });
});
