/** A process of its own: the simulator with a vault of so many points, whose pages are kept and may take so many milliseconds each. */
import { setTimeout as pause } from "node:timers/promises";
import { IRELAND } from "../../../test/support/universe.ts";
import { VAULT } from "../scene.ts";
import { serve } from "../serve.ts";
import { KeptPages } from "./kept-pages.ts";
import { nightlyVault } from "./scene.ts";
import type { Asked } from "./serving-vault.ts";

const [points = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const path = `/backup-vaults/${VAULT}/recovery-points`;
const isListing = (asked: string): boolean => asked.replace(/\/$/, "") === path;

const simulator = nightlyVault(points);
const credential = `Credential=AKIAADMINISTRATOR/20260301/${IRELAND}/backup/aws4_request`;
const pages = new KeptPages(simulator, path, `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`);

let asked = { pages: 0, from: 0, to: 0 };

const timeOf = (given: string | null, absent: number): number => (given === null ? absent : Date.parse(given));

async function page({ searchParams }: URL) {
  if (asked.pages === 0) asked.from = performance.now();
  asked.pages += 1;
  if (delayMs > 0) await pause(delayMs);
  const body = pages.page({
    after: timeOf(searchParams.get("createdAfter"), Number.NEGATIVE_INFINITY),
    before: timeOf(searchParams.get("createdBefore"), Number.POSITIVE_INFINITY),
    from: Number(searchParams.get("nextToken") ?? 0),
    most: Number(searchParams.get("maxResults") ?? 1_000),
  });
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-amzn-requestid": "kept",
      date: simulator.clock.now().toUTCString(),
    },
    body,
    sent: () => void (asked.to = performance.now()),
  };
}

await serve(simulator, {
  answer: (question, simulated) => {
    const url = new URL(question.url, "http://127.0.0.1");
    return question.method === "GET" && isListing(url.pathname) ? page(url) : simulated(question);
  },
  told: () => {
    const { pages: count, from, to } = asked;
    asked = { pages: 0, from: 0, to: 0 };
    return { pages: count, seconds: (to - from) / 1_000 } satisfies Asked;
  },
});
