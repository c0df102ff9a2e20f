import { describe, expect, it } from "vitest";
import { decodeEnvelope } from "../../controller/attest/sealing/envelope.ts";
import { createEvidence } from "../../controller/attest/evidence.ts";
import { firstKeys, type Keys, parseKeys } from "../../controller/attest/sealing/keys.ts";
import { ANNOUNCEMENTS } from "../../controller/attest/memory/lists.ts";
import { KEYS_FILE, reportKey } from "../../controller/attest/chain/names.ts";
import { attachingTo } from "../../controller/attest/attachments/put-attachment.ts";
import { rotate } from "../../controller/attest/chain/rotate.ts";
import type { Wish } from "../../controller/attest/chain/hand-over.ts";
import type { Signer, Signers } from "../../controller/attest/sealing/signer.ts";
import { verifyChain } from "../../controller/attest/chain/verify.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import { Digest } from "../../controller/domain/identity.ts";
import type { Self } from "../../controller/ports.ts";
import { readKeys } from "../../controller/verifier/keys.ts";
import { nodePrimitives } from "../../controller/verifier/node.ts";
import { verifyChain as verifyAlone } from "../../controller/verifier/verify.ts";
import { MemoryStore } from "../local/memory-store.ts";
import { announcementOf, finding } from "../decide/amendments.ts";
import { at, bodyOf, DUE, revisionOf, secondTestSigner, testSigner } from "./fixture.ts";

const CHAIN = "00000000-0000-4000-8000-00000000beef";
const SELF: Self = {
  imageDigest: null,
  configSha256: digestOf("settings"),
  region: null,
  clock: { source: "system", maxErrorMs: null },
  nextReportWithin: 3_600_000,
};
const [first, second, successor] = [testSigner(), secondTestSigner(), testSigner()];

function given({ trust }: { trust?: Keys } = {}) {
  let minute = 0;
  const clock = { now: () => new Date(at(minute)) };
  const store = new MemoryStore(clock.now);
  const by = (...signers: Signers) => createEvidence({ store, signers, clock, uuid: () => CHAIN });
  const publish = async (id: string, on: number, signers: Signers, change: Partial<ReportBody> = {}) => {
    minute = on + 1;
    const { history, evidence } = by(...signers);
    await history.read();
    return evidence.publish(bodyOf(id, on, change), revisionOf(), DUE);
  };
  let runs = 0;
  const handOver = (wish: Partial<Wish>, signers: readonly Signer[], pinned = trust, confirm = async () => {}) =>
    rotate({
      store,
      trust: pinned,
      wish: { reason: "yearly rotation", to: [], ...wish },
      signers,
      clock,
      lease: { confirm },
      run: { id: `rotation-${++runs}`, reporter: { id: "holdfast/test", version: "0.0.0" } },
      self: SELF,
      attach: (chainId) => attachingTo(store, chainId),
    });
  const keys = (): Keys => {
    const parsed = parseKeys(store.objects.get(KEYS_FILE)!.body);
    if ("wrong" in parsed) throw new Error(parsed.wrong);
    return parsed.keys;
  };
  const signersOf = (sequence: number) =>
    decodeEnvelope(store.objects.get(reportKey(CHAIN, sequence))!.body).signatures.map(({ keyid }) => keyid);
  const verified = async () => {
    const files = await store.list(`v1/${CHAIN}/reports/`);
    const read = files.map((name) => ({ name, bytes: store.objects.get(name)!.body }));
    // The verifier that auditors run shares no code with the controller, and must say the same of every hand-over.
    const trusted = await readKeys(store.objects.get(KEYS_FILE)!.body, nodePrimitives);
    const independent = await verifyAlone(read, trusted, {}, nodePrimitives);
    expect(independent.problems).toEqual([]);
    return verifyChain(read, keys());
  };
  return { store, by, publish, handOver, keys, signersOf, verified };
}

const ids = (...signers: readonly Signer[]) => signers.map(({ keyid }) => keyid);

describe("handing a chain over", () => {
  it("takes a report signed by old and new, after which the new one signs alone, and the whole chain verifies", async () => {
    const { publish, handOver, keys, signersOf, verified } = given();
    await publish("run-1", 0, [first]);
    const rotated = await handOver({ to: [successor] }, [first, successor]);
    expect(rotated).toMatchObject({ result: "rotated", published: { sequence: 2 } });
    expect(signersOf(2)).toEqual(ids(first, successor));
    expect(keys()).toMatchObject({
      keys: [
        { keyid: first.keyid, status: "retired", validFromSequence: 1, validToSequence: 2 },
        { keyid: successor.keyid, status: "active", validFromSequence: 3 },
      ],
      policy: [
        { fromSequence: 1, threshold: 1, keyids: ids(first) },
        { fromSequence: 3, threshold: 1, keyids: ids(successor) },
      ],
    });
    expect((await publish("run-3", 4, [successor])).sequence).toBe(3);
    expect(await verified()).toMatchObject({ intact: "yes", complete: "yes", reports: 3, problems: [] });
  });

  it("refuses the old signer from then on, and says what became of its key", async () => {
    const { publish, handOver, by } = given();
    await publish("run-1", 0, [first]);
    await handOver({ to: [successor] }, [first, successor]);
    await expect(by(first).evidence.open("run-3", at(4))).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringMatching(
        new RegExp(`signed by ${successor.keyid}.*${first.keyid}, retired after report 2`),
      ),
    });
  });

  it("adds a second key, both of which sign from then on", async () => {
    const { publish, handOver, keys, signersOf, verified } = given();
    await publish("run-1", 0, [first]);
    await handOver({ to: [second] }, [first, second]);
    expect(keys().policy.at(-1)).toEqual({ fromSequence: 3, threshold: 2, keyids: ids(first, second) });
    await publish("run-3", 4, [first, second]);
    expect([signersOf(2), signersOf(3)]).toEqual([ids(first, second), ids(first, second)]);
    expect(await verified()).toMatchObject({ intact: "yes", problems: [] });
  });

  it("follows upon another at once", async () => {
    const { publish, handOver, verified } = given();
    await publish("run-1", 0, [first]);
    await handOver({ to: [successor] }, [first, successor]);
    const third = testSigner();
    expect(await handOver({ to: [third] }, [successor, third])).toMatchObject({ published: { sequence: 3 } });
    await publish("run-4", 6, [third]);
    expect(await verified()).toMatchObject({ intact: "yes", complete: "yes", problems: [] });
  });

  it("hands on what the chain remembers, each entry with the report that began it", async () => {
    const { store, publish, handOver, by } = given();
    await publish("run-0", 0, [first]);
    const { since: _none, ...row } = announcementOf(finding("point"), 0);
    const bound = await attachingTo(store, CHAIN).rows(ANNOUNCEMENTS, [row]);
    const carried = {
      ...bodyOf("run-1", 0).carried,
      announcements: { count: 1, sha256: bound.digest.sha256 },
      source: { commit: "a".repeat(40), sequence: 1, since: 1 },
    };
    await publish("run-1", 2, [first], { carried, attachments: [bound] });
    const before = await by(first).history.read();
    await handOver({ to: [successor] }, [first, successor]);
    const after = await by(successor).history.read();
    expect(after.head?.sequence).toBe(3);
    expect(after.announcements).toEqual(before.announcements);
    expect(after.announcements[0]?.since).toBe(2);
    expect(after.carried.source).toEqual(before.carried.source);
    await publish("run-4", 6, [successor], {
      carried: after.carried,
      attachments: after.head?.report.attachments ?? [],
    });
    const standing = await by(successor).history.standing(after.announcements);
    expect([...standing.values()], "as old as it was, through the hand-over").toEqual([
      { stands: true, begunOn: at(3) },
    ]);
  });

  it.each([
    ["the old key", [successor], first],
    ["the new key", [first], successor],
  ])("takes %s, whose signer must be given", async (_which, signers, missing) => {
    const { publish, handOver, store } = given();
    await publish("run-1", 0, [first]);
    await expect(handOver({ to: [successor] }, signers)).rejects.toMatchObject({
      code: "signer-unusable",
      message: expect.stringContaining(missing.keyid),
    });
    expect(store.objects.has(reportKey(CHAIN, 2))).toBe(false);
  });

  it("does nothing where the chain is signed by these keys, or does not exist", async () => {
    const { publish, handOver } = given();
    await expect(handOver({ to: [successor] }, [first, successor])).rejects.toMatchObject({ code: "setting-refused" });
    await publish("run-1", 0, [first]);
    await expect(handOver({ to: [first] }, [first])).rejects.toThrow(/signed by these keys already/);
  });
});

describe("a hand-over that died between the report and keys.json", () => {
  async function died() {
    const scene = given();
    await scene.publish("run-1", 0, [first]);
    const lost = () => Promise.reject(new Error("the power went"));
    await expect(scene.handOver({ to: [successor] }, [first, successor], undefined, lost)).rejects.toThrow("power");
    return scene;
  }

  it.each([
    ["old", first],
    ["new", successor],
  ])("lets nobody go on, by the %s key", async (_which, signer) => {
    const { publish, keys, store } = await died();
    expect(keys().policy).toHaveLength(1);
    await expect(publish("run-3", 4, [signer])).rejects.toMatchObject({
      code: "chain-broken",
      message: expect.stringContaining("keys.json does not have yet: run `holdfast report rotate-keys` again"),
    });
    expect(store.objects.has(reportKey(CHAIN, 3))).toBe(false);
  });

  it("is finished by running it again, with the report that is there", async () => {
    const { publish, handOver, verified, store } = await died();
    const there = store.objects.get(reportKey(CHAIN, 2))!.body;
    expect(await handOver({ to: [successor] }, [first, successor])).toMatchObject({
      result: "finished",
      published: { sequence: 2 },
    });
    expect(store.objects.get(reportKey(CHAIN, 2))!.body).toBe(there);
    await publish("run-3", 4, [successor]);
    expect(await verified()).toMatchObject({ intact: "yes", complete: "yes", problems: [] });
  });
});

describe("revoking a key", () => {
  it("takes the other keys' signatures only, and none of the revoked one counts from there on", async () => {
    const { publish, handOver, keys, signersOf, verified, by } = given();
    await publish("run-1", 0, [first, second]);
    await handOver({ to: [successor], revoke: first.keyid }, [second, successor]);
    expect(signersOf(2).toSorted()).toEqual(ids(second, successor).toSorted());
    expect(keys().keys[0]).toMatchObject({ keyid: first.keyid, status: "revoked", validToSequence: 1 });
    const { head } = await by(successor, second).history.read();
    expect(head?.report.transition).toMatchObject({ from: [first.keyid], emergency: true });
    await publish("run-3", 4, [successor, second]);
    expect(await verified()).toMatchObject({ intact: "yes", complete: "yes", problems: [] });
    await expect(by(first, second).evidence.open("run-4", at(6))).rejects.toThrow(/revoked after report 1/);
  });

  it("goes without a successor while another key is left", async () => {
    const { publish, handOver, keys } = given();
    await publish("run-1", 0, [first, second]);
    await handOver({ revoke: second.keyid }, [first]);
    expect(keys().policy.at(-1)).toEqual({ fromSequence: 3, threshold: 1, keyids: ids(first) });
  });

  it.each([
    ["the only key", first.keyid],
    ["a key that signs nothing", Digest.parse("0".repeat(64))],
  ])("is refused of %s", async (_what, revoke) => {
    const { publish, handOver } = given();
    await publish("run-1", 0, [first]);
    await expect(handOver({ revoke }, [first])).rejects.toMatchObject({ code: "setting-refused" });
  });

  it("of the only key is refused with a successor too: a key that the chain does not know cannot put itself there", async () => {
    const { publish, handOver, store } = given();
    await publish("run-1", 0, [first]);
    await expect(handOver({ to: [successor], revoke: first.keyid }, [successor])).rejects.toMatchObject({
      code: "setting-refused",
    });
    expect(store.objects.has(reportKey(CHAIN, 2))).toBe(false);
  });
});

describe("pinned keys", () => {
  it("come first: the new keys.json is offered, and the chain handed over once it is pinned", async () => {
    const { publish, handOver, keys, store } = given();
    await publish("run-1", 0, [first]);
    const offered = await handOver({ to: [successor] }, [first, successor], firstKeys(CHAIN, [first]));
    expect(offered).toMatchObject({ result: "offered", sequence: 2 });
    expect(store.objects.has(reportKey(CHAIN, 2))).toBe(false);
    const rotated = await handOver({ to: [successor] }, [first, successor], offered.keys);
    expect(rotated.result).toBe("rotated");
    expect(keys()).toEqual(offered.keys);
  });

  it("are offered anew where a report was published meanwhile", async () => {
    const { publish, handOver } = given();
    await publish("run-1", 0, [first]);
    const { keys } = await handOver({ to: [successor] }, [first, successor], firstKeys(CHAIN, [first]));
    await publish("run-2", 2, [first]);
    expect(await handOver({ to: [successor] }, [first, successor], keys)).toMatchObject({
      result: "offered",
      sequence: 3,
    });
  });
});
