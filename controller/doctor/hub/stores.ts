import { getBucketLock, getBucketPolicy, getBucketVersioning } from "../../aws/installation-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { instant } from "../../domain/identity.ts";
import type { Clock, DesiredSource, History, ObjectStore } from "../../ports.ts";
import { SETTING_NAMES, type Settings } from "../../settings.ts";
import { readLease } from "../../work/lease-file.ts";
import { readOpenRuns } from "../../work/open-runs.ts";
import { readBucket, readLock } from "../bucket/read.ts";
import { judgeDesired } from "../desired/judge.ts";
import { judgeEvidence, type EvidenceFacts } from "../evidence/judge.ts";
import { lookInto } from "../fact.ts";
import type { Finding } from "../finding.ts";
import type { LiveFunction } from "../function/read.ts";
import { REVIEWED_HUB } from "../policies/reviewed-hub.ts";
import { judgeWork, type HeldLease } from "../work/judge.ts";

type Pinned = EvidenceFacts["keys"];

/** The three places that runs read and write. */
export interface Stores {
  readonly settings: Settings;
  readonly call: Call<typeof getBucketLock | typeof getBucketPolicy | typeof getBucketVersioning>;
  readonly clock: Clock;
  readonly source: DesiredSource;
  readonly history: History;
  readonly work: ObjectStore;
}

/** The desired state's bucket, the evidence's and that of scratch: how each is set up, and whether what is in it is whole. */
export async function examineStores(stores: Stores, controller: LiveFunction | undefined): Promise<readonly Finding[]> {
  const { settings } = stores;
  const [desired, evidence, work] = await Promise.all([
    examineDesired(stores, pinned(settings.syncTrust, controller?.settings[SETTING_NAMES.syncTrust])),
    examineEvidence(stores, pinned(settings.trust, controller?.settings[SETTING_NAMES.trust])),
    examineWork(stores),
  ]);
  return [...desired, ...evidence, ...work];
}

/** Keys that doctor was given, keys that only the controller has, or none. */
const pinned = (given: string | undefined, deployed: string | undefined): Pinned =>
  given === undefined ? (deployed === undefined ? "none" : "pinned") : "checked";

async function examineDesired({ settings, call, source }: Stores, signature: Pinned): Promise<readonly Finding[]> {
  const url = settings.desiredState;
  const name = bucketOf(url);
  const [snapshot, bucket] = await Promise.all([
    lookInto(() => source.read()),
    name === undefined ? undefined : readBucket(call, name),
  ]);
  return judgeDesired({ url, snapshot, signature, ...(bucket ? { bucket } : {}) });
}

async function examineEvidence({ settings, call, history, clock }: Stores, keys: Pinned): Promise<readonly Finding[]> {
  const url = settings.evidence;
  const name = bucketOf(url);
  const [head, bucket] = await Promise.all([
    lookInto(async () => (await history.read()).head),
    name === undefined
      ? undefined
      : Promise.all([readBucket(call, name), readLock(call, name)]).then(([facts, lock]) => ({ ...facts, lock })),
  ]);
  const facts = { url, head, keys, now: instant(clock.now()), ...(bucket ? { bucket } : {}) };
  return judgeEvidence(
    settings.retention ? { ...facts, retention: settings.retention } : facts,
    REVIEWED_HUB.evidenceBucket,
  );
}

async function examineWork({ settings, call, work }: Stores): Promise<readonly Finding[]> {
  const name = bucketOf(settings.work);
  const [lease, open, bucket] = await Promise.all([
    lookInto(() => leaseIn(work)),
    lookInto(() => readOpenRuns(work)),
    name === undefined ? undefined : readBucket(call, name),
  ]);
  return judgeWork({ url: settings.work, lease, open, ...(bucket ? { bucket } : {}) });
}

async function leaseIn(work: ObjectStore): Promise<HeldLease | undefined> {
  const there = await readLease(work);
  if (!there) return undefined;
  const { record, renewedOn, at } = there;
  const age = Math.max(0, Math.round((at.getTime() - renewedOn.getTime()) / 1_000));
  return { holder: record.holder, free: record.state === "free", age };
}

const bucketOf = (url: string): string | undefined => /^s3:\/\/([^/]+)/.exec(url)?.[1];
