import { describe, expect, it } from "vitest";
import type { Report } from "../../controller/domain/report.ts";
import { universe, type Universe } from "../support/universe.ts";
import { edited } from "./manifests.ts";

const HOUR = 3_600_000;
const observing = edited("fleet.yaml", "  management: enforce\n", "");

async function report(
  u: Universe,
): Promise<{ readonly signed: Report; readonly whole: Report; readonly digest: string }> {
  const finished = await u.run();
  if (finished.ended !== "reported") throw new Error("it stood down");
  const { report: signed, whole, payloadSha256: digest } = finished.published;
  return { signed, whole, digest };
}

const rows = ({ resources, held, listings }: Report) => [resources.length, held.length, listings.length];
const timeless = ({ resources, held }: Report) => ({
  resources: resources.map(({ checkedOn: _when, ...row }) => row),
  held,
});

describe("a report of nothing new", () => {
  it("names the last full one, counts its rows, and says the same to those who look", async () => {
    const u = universe({ files: observing });
    const full = await report(u);
    expect(full.signed.unchanged).toBeUndefined();
    expect(full.signed.held.length).toBeGreaterThan(0);
    u.simulator.clock.advance(HOUR);
    const short = await report(u);
    expect(short.signed.unchanged).toMatchObject({ since: { sequence: 1, payloadSha256: full.digest } });
    expect(rows(short.signed)).toEqual([0, 0, 0]);
    expect(short.signed.summary).toMatchObject({
      resources: full.signed.resources.length,
      held: full.signed.held.length,
      listings: full.signed.listings.length,
    });
    expect(timeless(short.whole)).toEqual(timeless(full.signed));
    // The third refers to the first too: never to one that is short itself.
    u.simulator.clock.advance(HOUR);
    expect((await report(u)).signed.unchanged?.since.sequence).toBe(1);
  });

  it("is a full one after a day", async () => {
    const u = universe({ files: observing });
    await report(u);
    u.simulator.clock.advance(25 * HOUR);
    const later = await report(u);
    expect(later.signed.unchanged).toBeUndefined();
    u.simulator.clock.advance(HOUR);
    expect((await report(u)).signed.unchanged?.since.sequence).toBe(2);
  });

  it("is not made of what changed: a commit, something done, something seen", async () => {
    const u = universe({ files: observing });
    await report(u);
    u.commit(edited("fleet.yaml", "management: enforce", "management: enforce "));
    const done = await report(u);
    expect([done.signed.unchanged, done.signed.actions.length > 0]).toEqual([undefined, true]);
    const rest = await report(u);
    expect(rest.signed.unchanged).toBeUndefined();
    expect((await report(u)).signed.unchanged?.since.sequence).toBe(rest.signed.chain.sequence);
  });

  it("follows on in time: windows meet, and each says when the next is due", async () => {
    const u = universe({ files: observing });
    const first = await report(u);
    u.simulator.clock.advance(6 * HOUR);
    const second = await report(u);
    const [a, b] = [first.signed.chain, second.signed.chain];
    expect(b.window.from).toBe(a.window.to);
    expect(b.window.to).toBe(second.signed.run.finishedOn);
    expect(Date.parse(a.nextDueBefore) - Date.parse(first.signed.run.finishedOn)).toBe(25 * HOUR);
    expect([a.log.size, b.log.size]).toEqual([0, 1]);
    expect([a.genesis, b.genesis]).toEqual([{ reason: "the first report" }, undefined]);
  });
});
