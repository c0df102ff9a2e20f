import { setTimeout as sleep } from "node:timers/promises";
import { createEvidence } from "../../controller/attest/evidence.ts";
import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import { createHistory, IN_SYNC } from "../../controller/attest/memory/history.ts";
import { ANNOUNCEMENTS } from "../../controller/attest/memory/lists.ts";
import type { Announcement } from "../../controller/domain/announcement.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import type { ObjectStore } from "../../controller/ports.ts";
import { bodyOf, DUE, resourceKey, revisionOf, testSigner } from "../../test/attest/fixture.ts";
import { announcementOf, finding } from "../../test/decide/amendments.ts";
import { MemoryStore } from "../../test/local/memory-store.ts";
import { VirtualTime } from "../../test/local/virtual-time.ts";
import { seconds, show, thousands, times } from "./figures.ts";

/** Two weeks of a sweep an hour and little else; and of a fleet whose events call for a run every ten minutes. */
const SIZES = [200, 2_000] as const;
/** What S3 takes to answer a read of some kilobytes within a Region, roughly. */
const ANSWER_MS = 20;
/** Of an event's report: a few targets by all that is listed there. */
const LISTINGS = 60;

/** An announcement is read back to the report that began it, and each report on the way verified: before a destruction, and never else. */
export async function longChain(): Promise<void> {
  const took: number[] = [];
  for (const reports of SIZES) {
    const { store, announcements, bytes } = await chainOf(reports);
    const { wall, cpu } = await readingBack(answeringLate(store), announcements);
    took.push(cpu);
    show(
      `${thousands(reports)} reports read back`,
      `${seconds(wall)} where a read takes ${ANSWER_MS} ms, of which CPU ${seconds(cpu)}: ` +
        `${((cpu * 1_000) / reports).toFixed(1)} ms to verify one of ${(bytes / 1_000).toFixed(0)} kB`,
    );
  }
  const [small, large] = took;
  if (small !== undefined && large !== undefined)
    show("ten times as many", `${times(large / small)} the CPU (10 is each as the other)`);
}

/** Verified from the head to the report that began it, or this measures something else. */
async function readingBack(store: ObjectStore, announcements: readonly Announcement[]) {
  const [from, busy] = [performance.now(), process.cpuUsage()];
  const standing = await createHistory({ store }).standing(announcements);
  const { user, system } = process.cpuUsage(busy);
  const took = { wall: (performance.now() - from) / 1_000, cpu: (user + system) / 1_000_000 };
  const undone = [...standing.values()].find(({ stands }) => !stands);
  if (standing.size !== announcements.length || undone) throw new Error("the chain does not carry what it should");
  return took;
}

const answeringLate = (store: MemoryStore): ObjectStore => ({
  url: store.url,
  get: async (key) => {
    await sleep(ANSWER_MS);
    return store.get(key);
  },
  put: (key, body, options) => store.put(key, body, options),
  list: (prefix) => store.list(prefix),
});

/** Published report by report as runs do. The first announces, all carry it. */
async function chainOf(reports: number) {
  const clock = new VirtualTime();
  const store = new MemoryStore(clock.now);
  const uuid = () => "00000000-0000-4000-8000-00000000beef";
  const { history, evidence } = createEvidence({ store, signers: [testSigner()], clock, uuid });
  const { since: _none, ...announced } = announcementOf(finding("snap-1"), 0);
  let bytes = 0;
  for (let at = 0; at < reports; at += 1) {
    /* oxlint-disable no-await-in-loop -- each report follows on the one before */
    await history.read();
    const list = await evidence.attach(ANNOUNCEMENTS, [at === 0 ? announced : { ...announced, since: 1 }]);
    const inSync = await evidence.attach(IN_SYNC, [{ key: "vault nightly", sha256: digestOf("spec") }]);
    const carried = { ...NOTHING_CARRIED, announcements: { count: 1, ...list.digest } };
    const body = bodyOf(`run-${at}`, 2 * at, { attachments: [list, inSync], carried, listings: LISTED });
    const { report } = await evidence.publish(body, revisionOf(), DUE);
    /* oxlint-enable no-await-in-loop */
    bytes = JSON.stringify(report).length;
  }
  const { announcements } = await history.read();
  return { store, announcements, bytes };
}

const LISTED: ReportBody["listings"] = Array.from({ length: LISTINGS }, (_, at) => ({
  target: resourceKey("nightly").target,
  kind: `kind-${at}`,
  items: at,
  complete: true,
}));
