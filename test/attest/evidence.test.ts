import { describe, expect, it } from "vitest";
import { MemoryStore } from "../local/memory-store.ts";
import { createEvidence } from "../../controller/attest/evidence.ts";
import { VirtualTime } from "../local/virtual-time.ts";
import { at, bodyOf, revisionOf, testSigner } from "./fixture.ts";

let made = 0;
const uuid = () => `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`;

function given(store = new MemoryStore(), signer = testSigner()) {
  const clock = new VirtualTime();
  const run = () => createEvidence({ store, signer, clock, uuid });
  return { store, signer, clock, run };
}

describe("publishing", () => {
  it("begins a chain and goes on with it", async () => {
    const { run, store } = given();
    const first = await run().evidence.publish(bodyOf("run-1", 0), revisionOf());
    const second = await run().evidence.publish(bodyOf("run-2", 2), revisionOf());
    expect([first.sequence, second.sequence]).toEqual([1, 2]);
    expect(second.report.chain).toMatchObject({
      id: first.report.chain.id,
      previous: { sequence: 1, payloadSha256: first.payloadSha256 },
    });
    expect(store.objects.has(second.url.slice(store.url.length + 1))).toBe(true);
    const memory = await run().history.read();
    expect(memory.head).toMatchObject({ sequence: 2, payloadSha256: second.payloadSha256, report: second.report });
  });
});
