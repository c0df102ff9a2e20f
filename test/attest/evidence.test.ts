import { describe, expect, it } from "vitest";
import { Target } from "../../controller/domain/identity.ts";
import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import { createEvidence } from "../../controller/attest/evidence.ts";
import { IN_SYNC } from "../../controller/attest/memory/history.ts";
import { soleKey, type Keys } from "../../controller/attest/sealing/keys.ts";
import { chainReader } from "../../controller/attest/chain/chain.ts";
import { LOCAL_KEY, UNPINNED_KEYS } from "../../controller/attest/chain/link.ts";
import { KEYS_FILE, reportKey } from "../../controller/attest/chain/names.ts";
import { wholeReport } from "../../controller/attest/chain/whole.ts";
import { rowsIn, SECTIONS } from "../../controller/attest/report/sections.ts";
import type { Signer } from "../../controller/attest/sealing/signer.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import type { StandDown } from "../../controller/ports.ts";
import { answerLost, MemoryStore } from "../local/memory-store.ts";
import { VirtualTime } from "../local/virtual-time.ts";
import { at, bodyOf, resourceKey, revisionOf, testSigner, DUE } from "./fixture.ts";

function given({ signer = testSigner(), trust }: { signer?: Signer; trust?: Keys } = {}) {
  const clock = new VirtualTime();
  const store = new MemoryStore(clock.now);
  let made = 0;
  const uuid = () => `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`;
  /** Each run has its own, as each process does. */
  const run = (by = signer) => createEvidence({ store, signers: [by], clock, uuid, ...(trust ? { trust } : {}) });
  const publish = async (id: string, minute: number, change = {}) => {
    const { history, evidence } = run();
    await history.read();
    return evidence.publish(bodyOf(id, minute, change), revisionOf(), DUE);
  };
  const chain = () =>
    chainReader(store, JSON.parse(new TextDecoder().decode(store.objects.get(KEYS_FILE)?.body)) as Keys);
  const keyOf = (sequence: number) => reportKey(chain().keys.chainId, sequence);
  return { clock, store, signer, run, publish, keyOf, chain };
}

const flip = (body: Uint8Array): Uint8Array => body.with(body.length >> 1, body[body.length >> 1]! ^ 1);
const carriedSince = (since: number) => ({
  carried: { ...NOTHING_CARRIED, adopted: [{ key: resourceKey("old"), id: "id-1", since }] },
});

describe("publishing", () => {
  it("begins a chain and goes on with it", async () => {
    const { publish, run, store, keyOf } = given();
    const first = await publish("run-1", 0);
    const second = await publish("run-2", 2);
    expect([first.sequence, second.sequence]).toEqual([1, 2]);
    expect(first.report.chain.previous).toBeNull();
    expect(second.report.chain).toMatchObject({
      id: first.report.chain.id,
      previous: { sequence: 1, payloadSha256: first.payloadSha256 },
    });
    expect(second.url).toBe(`${store.url}/${keyOf(2)}`);
    const { head } = await run().history.read();
    expect(head).toMatchObject({ sequence: 2, payloadSha256: second.payloadSha256, report: second.report });
  });

  it("says what its keys cannot prove", async () => {
    const { publish } = given();
    expect((await publish("run-1", 0)).report.limitations).toEqual([UNPINNED_KEYS, LOCAL_KEY]);
    const signer: Signer = {
      ...testSigner(),
      protection: "aws-kms",
      origin: "AWS_KMS",
      kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/k",
    };
    const pinned = given({ signer, trust: soleKey("00000000-0000-4000-8000-00000000beef", signer) });
    const { report } = await pinned.publish("run-1", 0);
    expect(report.limitations).toEqual([]);
    expect(report.signing).toEqual({
      required: [signer.keyid],
      keys: [
        {
          keyid: signer.keyid,
          algorithm: "ECDSA_SHA_256",
          protection: "aws-kms",
          origin: "AWS_KMS",
          kmsKeyArn: signer.kmsKeyArn,
        },
      ],
    });
    expect(report.chain.id).toBe("00000000-0000-4000-8000-00000000beef");
  });

  it("ends with one chain where two begin it at once", async () => {
    for (let round = 0; round < 10; round++) {
      const { run, store } = given();
      const both = await Promise.all(
        ["run-1", "run-2"].map((id) => run().evidence.publish(bodyOf(id, 0), revisionOf(), DUE)),
      );
      expect(new Set(both.map(({ sequence }) => sequence))).toEqual(new Set([1, 2]));
      expect(new Set(both.map(({ report }) => report.chain.id)).size).toBe(1);
      expect(await store.list("v1/")).toHaveLength(2);
    }
  });

  it("finds its own earlier try where the answer was lost, and publishes nothing twice", async () => {
    const { publish, run, store } = given();
    await publish("run-1", 0);
    store.faults.push(answerLost);
    const second = await publish("run-2", 2);
    expect(second.sequence).toBe(2);
    const again = await run().evidence.publish(bodyOf("run-2", 2), revisionOf(), DUE);
    expect(again).toEqual(second);
    expect(await store.list("v1/")).toHaveLength(2);
  });

  it("links anew behind a second writer, names it, and moves what it began to its own place", async () => {
    const { publish, run, clock } = given();
    await publish("run-1", 0);
    const { history, evidence } = run();
    await history.read();
    await publish("intruder", 3);
    await clock.pass(5 * 60_000);
    const { sequence, report } = await evidence.publish(bodyOf("run-2", 2, carriedSince(2)), revisionOf(), DUE);
    expect(sequence).toBe(3);
    expect(report.limitations.join()).toContain("run intruder published report 2 while this run held the lease");
    expect(report.carried.adopted).toEqual([{ key: resourceKey("old"), id: "id-1", since: 3 }]);
    expect(report.run.finishedOn, "it finished after the other one").toBe(at(5));
    await expect(run().history.read()).resolves.toMatchObject({ head: { sequence: 3 } });
  });

  it("goes on behind a report from the future: a clock that went back stops no fleet", async () => {
    const { publish } = given();
    await publish("run-1", 60);
    await publish("run-2", 0);
    await expect(publish("run-3", 2)).resolves.toMatchObject({ sequence: 3 });
  });

  it("gives up loudly after three new links", async () => {
    const { publish, run, store } = given();
    await publish("run-1", 0);
    const { evidence } = run();
    const puts = store.calls.put;
    store.faults.push(...Array.from({ length: 9 }, () => () => "conflict" as const));
    await expect(evidence.publish(bodyOf("run-2", 2), revisionOf(), DUE)).rejects.toMatchObject({
      code: "publish-failed",
    });
    expect(store.calls.put - puts).toBe(4);
  });

  it("hands on the last report's memory where the run could not read it", async () => {
    const { publish, run } = given();
    await publish("run-1", 0, carriedSince(1));
    const { report } = await run().evidence.publish(bodyOf("run-2", 2), null, DUE);
    expect(report.carried.adopted).toHaveLength(1);
  });

  it.each([
    { what: "answers with another key's signature", sign: () => (pae: Uint8Array) => testSigner().sign(pae) },
    { what: "answers with words", sign: () => async () => new TextEncoder().encode("signed, honestly") },
  ])("keeps back a report where the signer $what", async ({ sign }) => {
    const { publish, run, store, signer } = given();
    await publish("run-1", 0);
    const { evidence } = run({ ...signer, sign: sign() });
    await expect(evidence.publish(bodyOf("run-2", 2), revisionOf(), DUE)).rejects.toMatchObject({
      code: "signer-unusable",
    });
    expect(await store.list("v1/")).toHaveLength(1);
  });

  it("is refused to a key that is not the chain's, before the first write", async () => {
    const { publish, run } = given();
    await publish("run-1", 0);
    await expect(run(testSigner()).evidence.open("run-2", at(2))).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringContaining("use the chain's own key"),
    });
  });

  it("is refused where the policy takes more signatures than there are", async () => {
    const [signer, other] = [testSigner(), testSigner()];
    const one = soleKey("00000000-0000-4000-8000-00000000beef", signer);
    const trust: Keys = {
      ...one,
      keys: [...one.keys, ...soleKey(one.chainId, other).keys],
      policy: [{ fromSequence: 1, threshold: 2, keyids: [signer.keyid, other.keyid] }],
    };
    await expect(given({ signer, trust }).run().evidence.open("run-1", at(0))).rejects.toMatchObject({
      code: "signer-unusable",
    });
  });
});

describe("an opening record", () => {
  it("proves signing and publishing, and is no report", async () => {
    const { run, store } = given();
    await run().evidence.open("run-1", at(0));
    await run().evidence.open("run-1", at(0));
    expect(await store.list("v1/")).toEqual([expect.stringMatching(/\/openings\/run-1\.dsse\.json$/)]);
    await expect(run().history.read()).resolves.toMatchObject({ head: null });
  });

  it("fails where the store takes nothing", async () => {
    const { run, store } = given();
    store.outage = new Error("no network");
    await expect(run().evidence.open("run-1", at(0))).rejects.toThrow("no network");
  });
});

describe("reading the chain", () => {
  const broken = { code: "chain-broken", message: expect.stringContaining("holdfast report verify") };
  const three = async () => {
    const world = given();
    for (const [minute, id] of ["run-1", "run-2", "run-3"].entries()) await world.publish(id, 2 * minute);
    return world;
  };

  it("finds nothing where there is nothing", async () => {
    const memory = await given().run().history.read();
    expect(memory).toEqual({
      head: null,
      carried: NOTHING_CARRIED,
      announcements: [],
      sightings: [],
      tested: [],
      concerns: [],
      inSync: new Map(),
      standDowns: [],
    });
  });

  it("costs one listing, the two last reports and what was in sync", async () => {
    const { run, publish, store } = await three();
    await publish("run-4", 6, { attachments: [await run().evidence.attach(IN_SYNC, [])] });
    store.calls = { get: 0, put: 0, list: 0 };
    await run().history.read();
    expect(store.calls).toEqual({ get: 4, put: 0, list: 2 }); // beside them keys.json, and the names of stand-downs
  });

  it.each([
    {
      what: "the head was altered",
      tamper: (store: MemoryStore, key: (n: number) => string) => store.tamper(key(3), flip),
    },
    {
      what: "its predecessor was altered",
      tamper: (store: MemoryStore, key: (n: number) => string) => store.tamper(key(2), flip),
    },
    {
      what: "one is missing",
      tamper: (store: MemoryStore, key: (n: number) => string) => store.tamper(key(2), () => undefined),
    },
    {
      what: "the first is missing",
      tamper: (store: MemoryStore, key: (n: number) => string) => store.tamper(key(1), () => undefined),
    },
    {
      what: "something else lies there",
      tamper: (store: MemoryStore, key: (n: number) => string) =>
        store.tamper(key(3).replace("0000000003", "readme"), () => new Uint8Array()),
    },
    {
      what: "a later number was written",
      tamper: (store: MemoryStore, key: (n: number) => string) =>
        store.tamper(key(9), () => store.objects.get(key(3))!.body),
    },
    {
      what: "an old report was replayed",
      tamper: (store: MemoryStore, key: (n: number) => string) =>
        store.tamper(key(4), () => store.objects.get(key(3))!.body),
    },
    { what: "the keys are gone", tamper: (store: MemoryStore) => store.tamper(KEYS_FILE, () => undefined) },
    {
      what: "the keys are no keys",
      tamper: (store: MemoryStore) => store.tamper(KEYS_FILE, () => new TextEncoder().encode("{}")),
    },
  ])("stops where $what", async ({ tamper }) => {
    const { run, store, keyOf } = await three();
    tamper(store, keyOf);
    await expect(run().history.read()).rejects.toMatchObject(broken);
    await expect(run().evidence.publish(bodyOf("run-4", 8), revisionOf(), DUE)).rejects.toMatchObject(broken);
  });

  it("is fooled by keys that were replaced with the reports only where none were pinned", async () => {
    const signer = testSigner();
    const trust = soleKey("00000000-0000-4000-8000-000000000001", signer);
    const attacker = given();
    await attacker.publish("forged", 0);
    const clock = new VirtualTime();
    const read = (pinned: object) =>
      createEvidence({
        store: attacker.store,
        signers: [signer],
        clock,
        uuid: () => trust.chainId,
        ...pinned,
      }).history.read();
    await expect(read({})).resolves.toMatchObject({ head: { sequence: 1 } });
    await expect(read({ trust })).rejects.toMatchObject(broken);
  });
});

describe("a chain with pinned keys", () => {
  const signer = testSigner();
  const trust = soleKey("00000000-0000-4000-8000-00000000beef", signer);

  it("goes on where the copy beside the reports is lost", async () => {
    const { publish, run, store } = given({ signer, trust });
    await publish("run-1", 0);
    store.tamper(KEYS_FILE, () => undefined);
    await expect(run().history.read()).resolves.toMatchObject({ head: { sequence: 1 } });
    await expect(publish("run-2", 2)).resolves.toMatchObject({ sequence: 2 });
  });

  it("is not begun beside another one's reports", async () => {
    const { publish, store } = given();
    await publish("run-1", 0);
    store.tamper(KEYS_FILE, () => undefined);
    const { evidence } = createEvidence({
      store,
      signers: [signer],
      trust,
      clock: new VirtualTime(),
      uuid: () => trust.chainId,
    });
    await expect(evidence.open("run-2", at(2))).rejects.toMatchObject({ code: "chain-broken" });
  });
});

describe("a long report", () => {
  const target = resourceKey("v").target;
  const action = (n: number, words = 1) => ({
    id: `c-${n}.1`,
    change: `c-${n}`,
    key: resourceKey("v"),
    action: "update",
    beforeSha256: null,
    afterSha256: null,
    role: "apply" as const,
    operation: `backup:UpdateBackupPlan${"-".repeat(words)}`,
    calledOn: at(0),
    outcome: "accepted" as const,
  });
  const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
  const places = (report: ReportBody) => ({
    here: SECTIONS.filter((section) => rowsIn(report, section).length > 0),
    moved: report.attachments.map(({ name }) => name),
  });

  it.each([
    { what: "1,000 actions stay", body: { actions: many(1_000, action) }, expected: { here: ["actions"], moved: [] } },
    {
      what: "1,001 move out, all of them",
      body: { actions: many(1_001, action) },
      expected: { here: [], moved: ["actions.ndjson.gz"] },
    },
    {
      what: "past a megabyte the longest list moves out, and the others stay",
      body: {
        actions: many(900, (n) => action(n, 800)),
        listings: many(3_000, (n) => ({ target, kind: `kind-${n}`, items: n, complete: true })),
      },
      expected: { here: ["listings"], moved: ["actions.ndjson.gz"] },
    },
  ])("$what", async ({ body, expected }) => {
    const { publish, run } = given();
    const { report } = await publish("run-1", 0, body);
    expect(places(report)).toEqual(expected);
    expect(report.summary).toMatchObject({ actions: body.actions.length });
    await expect(run().history.read()).resolves.toMatchObject({ head: { sequence: 1 } });
  });

  it("of 4,000 targets keeps to a megabyte: verdicts stay, lists move out", async () => {
    const { publish, store } = given();
    const targets = many(4_000, (n) =>
      Target.parse({ account: String(100_000_000_000 + Math.floor(n / 4)), region: `eu-west-${(n % 4) + 1}` }),
    );
    const body = {
      targets: targets.map((target) => ({ target, result: "CONVERGED" as const })),
      listings: targets.flatMap((target) => many(8, (n) => ({ target, kind: `kind-${n}`, items: n, complete: true }))),
      scope: { ...bodyOf("run-1", 0).scope, accounts: [...new Set(targets.map(({ account }) => account))] },
    };
    const { report, url } = await publish("run-1", 0, body);
    expect([report.targets.length, report.listings.length, report.summary["listings"]]).toEqual([4_000, 0, 32_000]);
    const { payload } = JSON.parse(
      Buffer.from(store.objects.get(url.slice(store.url.length + 1))!.body).toString("utf8"),
    ) as { readonly payload: string };
    expect(Buffer.from(payload, "base64").length).toBeLessThan(1_000_000);
  });

  it("of a fleet without backups keeps to a megabyte: the breaches move out whole, and who looks has them all", async () => {
    const { publish, store, chain } = given();
    const rpoBreaches = many(12_000, (n) => ({
      arn: `arn:aws:dynamodb:eu-west-1:111122223333:table/${n}`,
      type: "DynamoDB",
      policy: "every-day",
      rpoSeconds: 86_400,
      lastGoodOn: null,
    }));
    const { report, url } = await publish("run-1", 0, { jobs: { ...bodyOf("run-1", 0).jobs, rpoBreaches } });
    expect(places(report)).toEqual({ here: [], moved: ["jobs.rpoBreaches.ndjson.gz"] });
    expect(report.summary["jobs.rpoBreaches"]).toBe(12_000);
    expect(store.objects.get(url.slice(store.url.length + 1))!.body.length).toBeLessThan(1_000_000);
    expect((await wholeReport(chain(), 1)).report.jobs.rpoBreaches).toEqual(rpoBreaches);
  });

  it("is published however long, once every list has moved out: a run testifies", async () => {
    const { publish } = given();
    const limitations = many(12_000, (n) => `${n} ${"x".repeat(90)}`);
    const { report } = await publish("run-1", 0, { limitations, actions: many(10, action) });
    expect(places(report)).toEqual({ here: [], moved: ["actions.ndjson.gz"] });
    expect(report.limitations).toEqual([...limitations, UNPINNED_KEYS, LOCAL_KEY]);
  });
});

describe("what was in sync", () => {
  const digest = "ab".repeat(32);
  const inSync = async (world: ReturnType<typeof given>) => [
    await world.run().evidence.attach(IN_SYNC, [{ key: "k", sha256: digest }]),
  ];

  it("is read from the last report that recorded it, over those that had nothing to say", async () => {
    const world = given();
    await world.publish("run-1", 0, { attachments: await inSync(world) });
    await world.publish("run-2", 2);
    await world.publish("run-3", 4);
    const { inSync: read } = await world.run().history.read();
    expect([...read]).toEqual([["k", digest]]);
  });

  it.each([
    { what: "altered", tamper: flip },
    { what: "gone", tamper: () => undefined },
  ])("is not read from an attachment that is $what", async ({ tamper }) => {
    const world = given();
    const [attachment] = await inSync(world);
    const { report } = await world.publish("run-1", 0, { attachments: [attachment] });
    world.store.tamper(`v1/${report.chain.id}/attachments/${attachment!.digest.sha256}`, tamper);
    await expect(world.run().history.read()).rejects.toMatchObject({ code: "chain-broken" });
  });

  it("is stored under its digest, so that twice is once, and junk in its place is noticed", async () => {
    const world = given();
    const [first] = await inSync(world);
    expect(await inSync(world)).toEqual([first]);
    const key = (await world.store.list("v1/")).find((one) => one.includes("/attachments/"));
    world.store.tamper(key!, flip);
    await expect(inSync(world)).rejects.toMatchObject({ code: "chain-broken" });
  });

  it("fails as a whole where its rows fail", async () => {
    const { evidence } = given().run();
    const rows = (async function* () {
      yield 1;
      throw new Error("the listing broke off");
    })();
    await expect(evidence.attach(IN_SYNC, rows)).rejects.toThrow("the listing broke off");
  });
});

describe("stand-downs", () => {
  const standDown = (run: string, minute: number): StandDown => ({ run, on: at(minute), holder: "holder" });

  it("are told until a report has listed them, oldest first", async () => {
    const world = given();
    await world.publish("run-1", 0);
    for (const record of [standDown("late", 5), standDown("early", 4)]) await world.run().evidence.standDown(record);
    const unlisted = async () => (await world.run().history.read()).standDowns;
    expect(await unlisted()).toEqual([standDown("early", 4), standDown("late", 5)]);
    await world.publish("run-2", 6);
    expect(await unlisted(), "the holder had read before they were made").toHaveLength(2);
    await world.publish("run-3", 8, { standDowns: [standDown("early", 4)] });
    expect(await unlisted()).toEqual([standDown("late", 5)]);
    await world.publish("run-4", 10, { standDowns: [standDown("late", 5)] });
    expect(await unlisted()).toEqual([]);
    await world.publish("run-5", 12);
    expect(await unlisted(), "listed two reports ago").toEqual([]);
  });

  it("may be the first thing in a store, and twice is once", async () => {
    const world = given();
    const url = await world.run().evidence.standDown(standDown("run-1", 0));
    expect(await world.run().evidence.standDown(standDown("run-1", 0))).toBe(url);
    expect((await world.run().history.read()).standDowns).toEqual([standDown("run-1", 0)]);
  });

  it("must be signed: one that anybody could have written stops the run", async () => {
    const world = given();
    const url = await world.run().evidence.standDown(standDown("run-1", 0));
    world.store.tamper(url.slice(world.store.url.length + 1), flip);
    await expect(world.run().history.read()).rejects.toMatchObject({ code: "chain-broken" });
  });
});
