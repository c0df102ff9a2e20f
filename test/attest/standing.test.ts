import { describe, expect, it } from "vitest";
import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import { createEvidence } from "../../controller/attest/evidence.ts";
import { GROUP_MEMBERS, memberRows } from "../../controller/attest/report/groups.ts";
import { ANNOUNCEMENTS } from "../../controller/attest/memory/lists.ts";
import { KEYS_FILE, reportKey } from "../../controller/attest/chain/names.ts";
import type { Keys } from "../../controller/attest/sealing/keys.ts";
import { type Announcement, groupId } from "../../controller/domain/announcement.ts";
import { instant } from "../../controller/domain/identity.ts";
import { announcementOf, finding } from "../decide/amendments.ts";
import { MemoryStore } from "../local/memory-store.ts";
import { VirtualTime } from "../local/virtual-time.ts";
import { bodyOf, revisionOf, testSigner, DUE } from "./fixture.ts";

/** Law 3: an announcement counts only where every verified report since the one that began it carries it, unchanged. */

type Row = Omit<Announcement, "since"> & { readonly since?: number };
const announced = (name = "snap-1", more: Partial<Announcement> = {}): Row => {
  const { since: _none, ...row } = announcementOf(finding(name), 0, more);
  return { ...row, ...(more.since === undefined ? {} : { since: more.since }) };
};

function given() {
  const clock = new VirtualTime();
  const store = new MemoryStore(clock.now);
  const signer = testSigner();
  const run = () =>
    createEvidence({ store, signers: [signer], clock, uuid: () => "00000000-0000-4000-8000-00000000beef" });
  let minute = 0;
  /** One more report, which carries these. */
  const publish = async (rows: readonly Row[], more: Parameters<typeof bodyOf>[2] = {}) => {
    const { history, evidence } = run();
    await history.read();
    const sorted = rows.toSorted((a, b) => (a.change < b.change ? -1 : 1));
    const attached = rows.length === 0 ? [] : [await evidence.attach(ANNOUNCEMENTS, sorted)];
    const carried = {
      ...NOTHING_CARRIED,
      announcements: attached.map(({ digest }) => ({ count: rows.length, ...digest }))[0] ?? [],
    };
    minute += 2;
    return evidence.publish(
      bodyOf(`run-${minute}`, minute, { attachments: attached, carried, ...more }),
      revisionOf(),
      DUE,
    );
  };
  const head = async () => (await run().history.read()).announcements;
  const standing = async (asked?: readonly Announcement[]) => [
    ...(await run().history.standing(asked ?? (await head()))).values(),
  ];
  const keyOf = (sequence: number) => {
    const keys = JSON.parse(new TextDecoder().decode(store.objects.get(KEYS_FILE)?.body)) as Keys;
    return reportKey(keys.chainId, sequence);
  };
  return { store, publish, head, standing, keyOf, run };
}

describe("an announcement", () => {
  it("stands in the report that began it, which is the one that carries it without a number", async () => {
    const { publish, head, standing } = given();
    await publish([]);
    const began = await publish([announced()]);
    expect((await head()).map(({ since }) => since)).toEqual([2]);
    expect(await standing()).toEqual([{ stands: true, begunOn: began.report.run.finishedOn }]);
  });

  it("stands as long as every report carries it, and by when the first of them finished", async () => {
    const { publish, standing } = given();
    const began = await publish([announced()]);
    for (const _more of [1, 2, 3]) await publish([announced("snap-1", { since: 1 })]);
    expect(await standing()).toEqual([{ stands: true, begunOn: began.report.run.finishedOn }]);
  });

  it("does not where one in between did not carry it", async () => {
    const { publish, standing } = given();
    await publish([announced()]);
    await publish([]);
    await publish([announced("snap-1", { since: 1 })]);
    expect(await standing()).toEqual([{ stands: false, because: "report 2 does not carry it as it is" }]);
  });

  it.each<[string, Partial<Announcement>]>([
    ["another grace", { graceMs: 1 }],
    ["another time", { announcedOn: instant(new Date(0)) }],
    ["another state beside it", { beside: { status: "EXPIRED", rank: 0, bytes: 1_000 } }],
    ["another beginning", { since: 1 }],
  ])("does not where one in between carried it with %s", async (_what, more) => {
    const { publish, standing } = given();
    await publish([]);
    await publish([announced()]);
    await publish([announced("snap-1", { since: 2, ...more })]);
    await publish([announced("snap-1", { since: 2 })]);
    expect(await standing()).toEqual([{ stands: false, because: "report 3 does not carry it as it is" }]);
  });

  it("stands through a pause, however long", async () => {
    const { publish, standing } = given();
    await publish([announced()]);
    await publish([announced("snap-1", { since: 1, pausedOn: instant(new Date(0)) })]);
    await publish([announced("snap-1", { since: 1, pausedMs: 5 })]);
    expect(await standing()).toMatchObject([{ stands: true }]);
  });

  it("does not where it says to have begun in a report that never was", async () => {
    const { publish, head, standing } = given();
    await publish([announced()]);
    const [one] = await head();
    expect(await standing([{ ...one!, since: 0 }])).toMatchObject([{ stands: false }]);
  });

  it("is judged beside others, each by itself", async () => {
    const { publish, standing } = given();
    await publish([announced("a"), announced("b")]);
    await publish([announced("a", { since: 1 })]);
    await publish([announced("a", { since: 1 }), announced("b", { since: 1 }), announced("c")]);
    const verdicts = await standing();
    expect(verdicts.filter(({ stands }) => stands)).toHaveLength(2);
    expect(verdicts.filter(({ stands }) => !stands)).toHaveLength(1);
  });

  it("is worth nothing in a chain that does not verify", async () => {
    const { publish, head, standing, store, keyOf } = given();
    await publish([announced()]);
    for (const _more of [1, 2]) await publish([announced("snap-1", { since: 1 })]);
    const asked = await head();
    store.tamper(keyOf(1), (body) => body.with(body.length >> 1, body[body.length >> 1]! ^ 1));
    await expect(standing(asked)).rejects.toMatchObject({ code: "chain-broken" });
  });
});

describe("the list of what stands announced", () => {
  it("is refused where it is not there, or is another", async () => {
    for (const change of [() => undefined, () => new Uint8Array([1, 2, 3])] as const) {
      const { publish, run, store } = given();
      const { report } = await publish([announced()]);
      const sha256 = report.attachments[0]!.digest.sha256;
      const name = [...store.objects.keys()].find((key) => key.includes(sha256))!;
      store.tamper(name, change);
      await expect(run().history.read()).rejects.toMatchObject({ code: "chain-broken" });
    }
  });

  it("is refused where its rows are out of order, or other than counted", async () => {
    const rows = ["a", "b"].map((name) => announced(name)).toSorted((a, b) => (a.change < b.change ? 1 : -1));
    for (const [list, count] of [
      [rows, 2],
      [rows.toReversed(), 3],
    ] as const) {
      const { publish, run } = given();
      const attachment = await run().evidence.attach(ANNOUNCEMENTS, list);
      const carried = { ...NOTHING_CARRIED, announcements: { count, ...attachment.digest } };
      await publish([], { attachments: [attachment], carried });
      await expect(run().history.read()).rejects.toMatchObject({ code: "chain-broken" });
    }
  });
});

describe("a group's members", () => {
  const group = (members: readonly string[], id = groupId(members)) => ({
    id,
    target: finding().key.target,
    partition: "nightly",
    policy: "p",
    cause: "expired",
    step: "delete",
    bytes: 1,
    members,
  });
  const published = async (one: ReturnType<typeof group>) => {
    const world = given();
    const attachment = await world.run().evidence.attach(GROUP_MEMBERS, [...memberRows([one])]);
    await world.publish([], { attachments: [attachment] });
    return world.run().history;
  };

  it("are those that the report lists", async () => {
    const one = group(["a", "b"]);
    expect(await (await published(one)).group(1, one.id)).toEqual(["a", "b"]);
  });

  it("are nobody of a group that the report does not list, nor of a report that is not there", async () => {
    const history = await published(group(["a"]));
    expect(await history.group(1, "g-other")).toBeUndefined();
    expect(await history.group(9, groupId(["a"]))).toBeUndefined();
  });

  it("are refused where their id is not theirs", async () => {
    const forged = group(["a", "b"], groupId(["a"]));
    await expect((await published(forged)).group(1, forged.id)).rejects.toMatchObject({ code: "chain-broken" });
  });
});
