/** A process of its own: the simulator with a vault of so many points, whose pages are kept and may take so many milliseconds each. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { BUCKETS, IRELAND } from "../../../test/support/universe.ts";
import { KeptPages } from "./kept-pages.ts";
import type { Place } from "../order.ts";
import { nightlyVault, VAULT } from "./scene.ts";
import type { Asked } from "./serving-vault.ts";

const [points = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const path = `/backup-vaults/${VAULT}/recovery-points`;
const isListing = (asked: string): boolean => asked.replace(/\/$/, "") === path;

const simulator = nightlyVault(points);
const credential = `Credential=AKIAADMINISTRATOR/20260301/${IRELAND}/backup/aws4_request`;
const pages = new KeptPages(simulator, path, `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`);
const { port } = await simulator.listen(0);

let asked = { pages: 0, from: 0, to: 0 };

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  if (incoming.method !== "GET" || !isListing(url.pathname)) return passOn(incoming, outgoing);
  if (asked.pages === 0) asked.from = performance.now();
  asked.pages += 1;
  if (delayMs > 0) await pause(delayMs);
  const body = pages.page({
    after: timeOf(url.searchParams.get("createdAfter"), Number.NEGATIVE_INFINITY),
    before: timeOf(url.searchParams.get("createdBefore"), Number.POSITIVE_INFINITY),
    from: Number(url.searchParams.get("nextToken") ?? 0),
    most: Number(url.searchParams.get("maxResults") ?? 1_000),
  });
  outgoing.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.length,
    "x-amzn-requestid": "kept",
    date: simulator.clock.now().toUTCString(),
  });
  outgoing.end(body, () => void (asked.to = performance.now()));
}

/** Its parent asks what was asked of it. */
process.on("message", () => {
  process.send!({ pages: asked.pages, seconds: (asked.to - asked.from) / 1_000 } satisfies Asked);
  asked = { pages: 0, from: 0, to: 0 };
});

const timeOf = (given: string | null, absent: number): number => (given === null ? absent : Date.parse(given));

/** All else is the simulator's to answer. */
function passOn(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming;
  const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
server.listen(0, "127.0.0.1", () => {
  const { port: own } = server.address() as AddressInfo;
  process.send!({
    endpoint: `http://127.0.0.1:${own}`,
    region: IRELAND,
    vault: VAULT,
    bucket: BUCKETS.evidence,
    now: simulator.clock.now().getTime(),
  } satisfies Place);
});
process.once("disconnect", () => process.exit());
