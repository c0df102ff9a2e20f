import { describe, expect, it } from "vitest";
import { post, type Posting } from "../../controller/notices/post.ts";
import { receiver, status } from "./receiver.ts";

/** Time that passes by sleeping alone: what was slept is told. */
function virtual(over: Partial<Posting> = {}) {
  const slept: number[] = [];
  const posting: Posting = {
    clock: {
      monotonic: () => slept.reduce((sum, ms) => sum + ms, 0),
      sleep: async (ms) => void slept.push(ms),
    },
    random: () => 0,
    deadline: 60_000,
    timeoutMs: 5_000,
    loopback: true,
    ...over,
  };
  return { posting, slept };
}

const request = (url: string) => ({ url, body: '{"a":1}', headers: { "webhook-id": "hf_1" } });

describe("a posting", () => {
  it("arrives as it was sent", async () => {
    await using there = await receiver();
    expect(await post(request(`${there.url}/in?x=1`), virtual().posting)).toEqual({ delivered: true });
    expect(there.received).toMatchObject([
      {
        method: "POST",
        path: "/in?x=1",
        body: '{"a":1}',
        headers: { "content-type": "application/json", "webhook-id": "hf_1" },
      },
    ]);
  });

  it("is tried again after 500, and after what the receiver asks for", async () => {
    await using there = await receiver(status(500), status(429, { "retry-after": "7" }), status(204));
    const { posting, slept } = virtual();
    expect(await post(request(there.url), posting)).toEqual({ delivered: true });
    expect([there.received.length, slept]).toEqual([3, [500, 7_000]]);
  });

  it("is given up after three tries", async () => {
    await using there = await receiver(status(503));
    const { posting, slept } = virtual();
    expect(await post(request(there.url), posting)).toMatchObject({ failure: { kind: "unavailable" } });
    expect([there.received.length, slept]).toEqual([3, [500, 1_000]]);
  });

  it.each([
    ["asks for more time than a run has", "3600"],
    ["asks for more than is left", "14"],
    ["asks for more than there is", "9999999"],
    ["names a time that is too late", new Date(Date.now() + 3_600_000).toUTCString()],
  ])("is left to the next run where the receiver %s", async (_because, seconds) => {
    await using there = await receiver(status(429, { "retry-after": seconds }));
    const { posting, slept } = virtual({ deadline: 10_000 });
    expect(await post(request(there.url), posting)).toMatchObject({ failure: { kind: "throttled" } });
    expect([there.received.length, slept]).toEqual([1, []]);
  });

  it.each([401, 403, 404, 410])("is refused by %i, and not tried again", async (code) => {
    await using there = await receiver(status(code));
    expect(await post(request(there.url), virtual().posting)).toMatchObject({ failure: { kind: "refused" } });
    expect(there.received).toHaveLength(1);
  });

  it("is rejected by 400, and not tried again", async () => {
    await using there = await receiver(status(400));
    expect(await post(request(there.url), virtual().posting)).toMatchObject({ failure: { kind: "rejected" } });
    expect(there.received).toHaveLength(1);
  });

  it("follows an answer that keeps method and body on the same host", async () => {
    await using there = await receiver(status(307, { location: "/moved" }), status(200));
    expect(await post(request(there.url), virtual().posting)).toEqual({ delivered: true });
    expect(there.received.map(({ path, method, body }) => [path, method, body])).toEqual([
      ["/", "POST", '{"a":1}'],
      ["/moved", "POST", '{"a":1}'],
    ]);
  });

  it("sends nothing to another host, nor to another port of this one", async () => {
    await using other = await receiver();
    await using there = await receiver(status(308, { location: other.url }));
    expect(await post(request(there.url), virtual().posting)).toMatchObject({ failure: { kind: "redirected" } });
    expect(other.received).toEqual([]);
  });

  it("does not become another request where an answer asks for it, and does not go round in circles", async () => {
    await using see = await receiver(status(303, { location: "/seen" }));
    expect(await post(request(see.url), virtual().posting)).toMatchObject({ failure: { kind: "redirected" } });
    await using round = await receiver(status(307, { location: "/" }));
    expect(await post(request(round.url), virtual().posting)).toMatchObject({ failure: { kind: "redirected" } });
    expect([see.received.length, round.received.length]).toEqual([1, 3]);
  });

  it("does not wait for one that never answers", async () => {
    await using there = await receiver(() => {});
    const answer = await post(request(there.url), virtual({ timeoutMs: 50 }).posting);
    expect(answer).toMatchObject({
      failure: { kind: "unavailable", message: "the receiver did not answer within 50 ms" },
    });
    expect(there.received).toHaveLength(3);
  });

  it("does not read an answer without end", async () => {
    await using there = await receiver((response) => {
      response.writeHead(200);
      const pour = (): void =>
        void (response.write("x".repeat(65_536)) ? setImmediate(pour) : response.once("drain", pour));
      pour();
    });
    expect(await post(request(there.url), virtual().posting)).toEqual({ delivered: true });
  });

  it("is delivered where the answer was, and breaks off", async () => {
    await using there = await receiver((response) => {
      response.writeHead(200, { "content-length": "100" }).write("x");
      setImmediate(() => response.socket?.destroy());
    });
    expect(await post(request(there.url), virtual().posting)).toEqual({ delivered: true });
    expect(there.received).toHaveLength(1);
  });

  it("is not sent once there is no more time", async () => {
    await using there = await receiver();
    const answer = await post(request(there.url), virtual({ deadline: 0 }).posting);
    expect(answer).toMatchObject({ failure: { kind: "unavailable", message: "this run had no time left to send it" } });
    expect(there.received).toEqual([]);
  });

  it("is tried again where the connection is cut", async () => {
    await using there = await receiver((response) => void response.socket?.destroy(), status(200));
    expect(await post(request(there.url), virtual().posting)).toEqual({ delivered: true });
  });

  it.each([
    "http://example.org/in",
    "http://127.0.0.1:1/in",
    "ftp://example.org",
    "https://somebody@example.org",
    "https://:hush@example.org",
    '{"url":"https://example.org"}',
  ])("never leaves for %s", async (url) => {
    const answer = await post(request(url), virtual({ loopback: false }).posting);
    expect(answer).toMatchObject({ delivered: false, failure: { kind: "refused" } });
  });

  it("says nothing of the address where it fails: whoever reads the log could post there", async () => {
    const url = "http://127.0.0.1:1/services/T0/B0/hush";
    const answer = await post(request(url), virtual().posting);
    expect(JSON.stringify(answer)).toContain("could not be reached");
    expect(JSON.stringify(answer)).not.toMatch(/hush|127\.0/);
  });
});
