import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Statement } from "../../controller/domain/report.ts";
import { verifiedTip, reportsIn } from "../laws/evidence.ts";
import { reported } from "../laws/runs.ts";
import { addVersion, currentObject } from "../simulator/s3/state.ts";
import { BUCKETS, SHOP, IRELAND, type Universe } from "../support/universe.ts";
import { cutRetention, fleetOfUpgrades, KEPT, releases, restore } from "./installation.ts";

const inWork = ({ simulator }: Universe, key: string): unknown => {
  const body = currentObject(simulator.bucket(BUCKETS.work), key)?.body;
  return body === undefined ? undefined : JSON.parse(Buffer.from(body).toString("utf8"));
};

describe.each(releases())("an installation of release %s", (release) => {
  /** The world as it was, and what the release left in its buckets, under today's code. */
  async function upgraded(): Promise<Universe> {
    const u = fleetOfUpgrades();
    // Runs are numbered here, and no number may come again: the release's own runs had the first three.
    for (let run = 1; run <= 3; run++) await u.run();
    restore(u, release);
    cutRetention(u);
    return u;
  }

  it("is gone on from: the next report links to the last one, under the same keys", async () => {
    const u = await upgraded();
    const before = await verifiedTip(u.simulator);
    const report = reported(await u.run());
    expect(report.chain).toMatchObject({ id: before.chain.id, sequence: before.chain.sequence + 1 });
    expect(report.result).toBe("CORRECTED");
    // The auditors' verifier, over the whole chain: every link of it, over both versions.
    expect((await verifiedTip(u.simulator)).chain.sequence).toBe(before.chain.sequence + 1);
    expect(reportsIn(u.simulator)).toHaveLength(before.chain.sequence + 1);
  });

  it("has its dead run told of: the journal is read, its lease taken over, and neither is left open", async () => {
    const u = await upgraded();
    const { fence, state } = inWork(u, "lease.json") as { readonly fence: number; readonly state: string };
    const { open } = inWork(u, "open-runs.json") as { readonly open: readonly string[] };
    expect([state, open.length]).toEqual(["held", 1]);
    const report = reported(await u.run());
    expect(report.recovered.map(({ run }) => run)).toEqual(open);
    expect(inWork(u, "open-runs.json")).toMatchObject({ open: [] });
    expect(inWork(u, "lease.json")).toMatchObject({ state: "free", fence: fence + 1 });
  });

  it("comes to rest: the plan is as desired, and the run after that writes nothing", async () => {
    const u = await upgraded();
    await u.run();
    const [plan] = [...u.simulator.backup(SHOP, IRELAND).plans.values()];
    expect(plan?.versions.at(-1)?.document.Rules?.[0]?.Lifecycle?.DeleteAfterDays).toBe(35);
    expect(reported(await u.run()).result).toBe("CONVERGED");
  });
});

describe("going back to an older version", () => {
  const last = (release: string) => {
    const reports = join(KEPT, release, "evidence");
    const [path] = readdirSync(reports, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".dsse.json") && file.includes("/reports/"))
      .toSorted()
      .toReversed();
    const { payload } = JSON.parse(readFileSync(join(reports, path ?? ""), "utf8")) as { readonly payload: string };
    return JSON.parse(Buffer.from(payload, "base64").toString("utf8")) as {
      readonly predicate: { readonly carried: object };
    };
  };

  it.each(releases())("reads over what reports of %s do not have yet, and does not carry it on", (release) => {
    const { predicate, ...statement } = last(release);
    const later = { ...predicate, later: 1, carried: { ...predicate.carried, later: 1 } };
    const read = Statement.parse({ ...statement, predicate: later });
    expect([read.predicate, read.predicate.carried].filter((one) => "later" in one)).toEqual([]);
  });

  it("refuses reports of a form it does not know", () => {
    const another = { ...last("0.1.0"), predicateType: "https://example.org/reconciliation-report/v9" };
    expect(Statement.safeParse(another).success).toBe(false);
  });

  it("stops at a journal that it cannot read whole, rather than tell of a dead run by halves", async () => {
    const u = fleetOfUpgrades();
    for (let run = 1; run <= 3; run++) await u.run();
    restore(u, "0.1.0");
    const bucket = u.simulator.bucket(BUCKETS.work);
    const key = "runs/run-3/journal/0000.intents.ndjson";
    const intents = currentObject(bucket, key)!;
    addVersion(bucket, key, { ...intents, id: "later", body: Buffer.from('{"later":1}\n') });
    await expect(u.run()).rejects.toThrow(/nobody can tell what that run did/);
  });
});

it("some release is kept", () => {
  expect(releases()).toContain("0.1.0");
});
