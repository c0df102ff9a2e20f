import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Leases } from "../../controller/ports.ts";
import { footprint } from "../laws/footprint.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { retentionOf, setRetention } from "../scenarios/people.ts";
import { mark, told, writesSince } from "../scenarios/telling.ts";
import type { SqsEvent } from "../simulator/platform/event-source.ts";
import { sendTo } from "../simulator/platform/queue.ts";
import { BUCKETS, FRANKFURT, IRELAND, SHOP, universe, VAULTS, type Universe } from "../support/universe.ts";
import { hubOf } from "./hub.ts";
import { listening, queueOf, tampering } from "./scene.ts";

const HIDDEN_MS = 5_500_000;
const evidence = (u: Universe, prefix: string): readonly string[] =>
  [...u.simulator.bucket(BUCKETS.evidence).objects.keys()].filter((key) => key.includes(prefix));

/** Somebody in a place makes a vault by hand: an event of no more than where to look. */
const makeVault = (u: Universe, account: string, region: string, name = "by-hand"): void =>
  void u.simulator.operator(account, region)("backup", "CreateBackupVault", { BackupVaultName: name });

describe("events that are late, doubled, lost or in disorder", () => {
  it("come to the same world, with a run a batch at most", async () => {
    const undisturbed = await listening();
    tampering(undisturbed.u);
    await undisturbed.u.run();
    const wanted = footprint(undisturbed.u.simulator);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          lost: fc.constantFrom(0, 0.5),
          doubled: fc.constantFrom(0, 1),
          lateBySeconds: fc.constantFrom(0, 900),
          shuffled: fc.boolean(),
        }),
        async (delivery) => {
          const { u, hub } = await listening();
          Object.assign(u.simulator.eventBridge.delivery, delivery);
          tampering(u);
          const invoked = await u.events.deliver(hub.take, 3600);
          expect(hub.reports().length).toBeLessThanOrEqual(invoked.length);
          await u.run();
          expect(footprint(u.simulator)).toBe(wanted);
        },
      ),
      { numRuns: 3 },
    );
  });
});

describe("a storm of ten thousand events in a minute", () => {
  const places = [SHOP, VAULTS].flatMap((account) => [IRELAND, FRANKFURT].map((region) => ({ account, region })));
  const record = (n: number, from: Date): SqsEvent["Records"][number] => {
    const sent = new Date(from.getTime() + n * 6);
    const detail = { backupJobId: `job-${n}`, state: "FAILED", statusMessage: '"It failed."' };
    const envelope = { "detail-type": "Backup Job State Change", source: "aws.backup", time: sent.toISOString() };
    return {
      messageId: `message-${n}`,
      body: JSON.stringify({ ...envelope, ...places[n % places.length], resources: [], detail }),
      attributes: { SentTimestamp: String(sent.getTime()) },
    } as unknown as SqsEvent["Records"][number];
  };

  it("makes one run, in two batches at once of as much as Lambda takes", async () => {
    const { u, hub } = await listening();
    const start = u.simulator.clock.now();
    u.simulator.clock.advance(120_000);
    const storm = Array.from({ length: 10_000 }, (_, n) => record(n, start));
    const from = mark(u);
    const batches = [storm.slice(0, 5_000), storm.slice(5_000)];
    const answers = await Promise.all(batches.map((Records) => hub.take({ Records })));
    expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
    expect(new Set(hub.taken.map(({ attended }) => attended?.ended))).toEqual(new Set(["nothing-new", "reported"]));
    expect(hub.reports()[0]?.report.targets).toHaveLength(places.length);
    expect(u.simulator.calls.since(from).length).toBeLessThan(1_000);
  });

  it("makes two, should Lambda hand over each handful as it comes", async () => {
    const { u, hub } = await listening();
    u.simulator.clock.advance(120_000);
    const start = u.simulator.clock.now();
    const storm = Array.from({ length: 10_000 }, (_, n) => record(n, start));
    for (let batch = 0; batch < 8; batch += 1) {
      u.simulator.clock.advance(7_500);
      await hub.take({ Records: storm.slice(batch * 1250, (batch + 1) * 1250) });
    }
    expect(hub.reports()).toHaveLength(2);
    expect(hub.taken.every(({ answer }) => answer.batchItemFailures.length === 0)).toBe(true);
  });
});

describe("a message that nobody can read", () => {
  it("fails alone, with a line that says why, and ends among the dead letters", async () => {
    const { u, hub } = await listening();
    const at = u.simulator.clock.now();
    const poison = sendTo(queueOf(u), { body: "{", at, sender: "somebody" }, u.simulator.random);
    makeVault(u, SHOP, IRELAND);
    const [first] = await u.events.deliver(hub.take);
    expect(first?.failed).toEqual([poison.id]);
    expect(hub.told("event-refused")).toMatchObject([{ message: poison.id, reason: "not-json" }]);
    expect(hub.taken[0]?.metrics).toMatchObject([
      { name: "EventsHandled", value: 0 },
      { name: "EventsRefused", value: 1 },
      { name: "EventsReturned", value: 0 },
    ]);
    for (let tries = 0; tries < 25; tries += 1) {
      u.simulator.clock.advance(HIDDEN_MS);
      await u.events.source.poll(hub.take);
    }
    expect(u.events.deadLetters()).toEqual(["{"]);
    expect(hub.reports(), "one for the vault that came beside it").toHaveLength(1);
  });
});

describe("while another run has the lease", () => {
  const held = { heldBy: "a-sweep", id: "its-lease", until: "2026-03-01T06:00:00.000Z" } as Awaited<
    ReturnType<Leases["take"]>
  >;
  const join: Leases["join"] = () => Promise.reject(new Error("nobody joins"));

  it("messages stay in the queue, and not one stand-down is published, however often that is", async () => {
    const { u } = await listening();
    const hub = hubOf(u, { leases: { take: async () => held, join } });
    const reports = evidence(u, "/reports/").length;
    setRetention(u, 20);
    for (let tries = 0; tries < 2; tries += 1) {
      await u.events.deliver(hub.take);
      u.simulator.clock.advance(HIDDEN_MS);
    }
    expect(hub.taken.map(({ attended }) => attended?.ended)).toEqual(["stood-down", "stood-down"]);
    expect(hub.taken.at(-1)?.metrics).toContainEqual({ name: "RunsStoodDown", unit: "Count", value: 1 });
    expect(u.events.waiting()).toHaveLength(1);
    expect([evidence(u, "/stand-downs/"), evidence(u, "/reports/").length]).toEqual([[], reports]);
    await u.events.deliver(hubOf(u).take);
    expect(retentionOf(u)).toBe(35);
  });

  it("what that one sees meanwhile is not looked at again", async () => {
    const { u } = await listening();
    let tries = 0;
    const take: Leases["take"] = async () => {
      tries += 1;
      if (tries === 2) await u.run();
      return held;
    };
    const hub = hubOf(u, { leases: { take, join } });
    setRetention(u, 20);
    await u.events.deliver(hub.take, 600);
    expect(hub.taken[0]).toMatchObject({ answer: { batchItemFailures: [] }, attended: { ended: "nothing-new" } });
    expect(retentionOf(u)).toBe(35);
  });
});

describe("what no run can tell of", () => {
  it("before the first run of the fleet, is for that one to say first", async () => {
    const u = universe({ files: PRODUCTION, events: true });
    const hub = hubOf(u);
    makeVault(u, SHOP, IRELAND);
    await u.events.deliver(hub.take);
    expect(hub.taken.map(({ attended }) => attended?.ended)).toEqual(["before-first-run"]);
    expect([u.events.waiting(), evidence(u, "/reports/")]).toEqual([[], []]);
    expect(told(await u.run()).report.chain.sequence).toBe(1);
  });

  it("in an account outside of the fleet, is nobody's here", async () => {
    const { u, hub } = await listening();
    const from = mark(u);
    makeVault(u, "111122223333", IRELAND);
    await u.events.deliver(hub.take);
    expect(hub.taken.map(({ attended }) => attended?.ended)).toEqual(["nothing-new"]);
    expect(u.simulator.calls.since(from).filter(({ sourceIdentity }) => sourceIdentity !== undefined)).toEqual([]);
  });

  it("in a target that cannot be read, waits in the queue by itself until it can", async () => {
    const { u, hub } = await listening();
    const open = u.simulator.faults.add({ service: "backup", account: VAULTS, effect: { kind: "deny" } });
    makeVault(u, VAULTS, IRELAND);
    setRetention(u, 20);
    const [first] = await u.events.deliver(hub.take);
    expect(first?.failed).toHaveLength(1);
    expect(u.events.waiting().map((body) => JSON.parse(body) as unknown)).toMatchObject([{ account: VAULTS }]);
    open();
    u.simulator.clock.advance(HIDDEN_MS);
    await u.events.source.poll(hub.take);
    expect(u.events.waiting()).toEqual([]);
    expect(hub.reports().at(-1)?.report.targets).toMatchObject([{ target: { account: VAULTS, region: IRELAND } }]);
  });
});

describe("a function that is killed in the middle of its run", () => {
  it("leaves its messages to the next, which says what the dead one did", async () => {
    const twin = await listening();
    setRetention(twin.u, 20);
    const from = mark(twin.u);
    await twin.u.events.deliver(twin.hub.take);
    const calls = twin.u.simulator.calls.since(from).map(({ operation }) => operation);
    const { u } = await listening();
    setRetention(u, 20);
    u.simulator.clock.advance(600_000);
    const connection = u.simulator.connect();
    connection.killAt(calls.indexOf("UpdateBackupPlan") + 1, "after");
    await Promise.race([u.events.source.poll(hubOf(u, { connection }).take), connection.killed]);
    expect(retentionOf(u)).toBe(35);
    u.simulator.clock.advance(HIDDEN_MS);
    const hub = hubOf(u);
    const since = mark(u);
    await u.events.deliver(hub.take);
    expect(hub.reports()[0]?.report.recovered).toMatchObject([{ action: "update", result: "applied-unanswered" }]);
    expect(writesSince(u, since)).toEqual([]);
    expect(u.events.waiting()).toEqual([]);
  });
});
