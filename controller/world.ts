import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { attachOnly } from "./attest/attachments/attach-only.ts";
import { createEvidence } from "./attest/evidence.ts";
import { createHistory } from "./attest/memory/history.ts";
import { type Keys, parseKeys } from "./attest/sealing/keys.ts";
import type { Signer, Signers } from "./attest/sealing/signer.ts";
import { type AwsSettings, createClients } from "./aws/clients.ts";
import { createCoordinators } from "./aws/coordinators.ts";
import { createControllerCall, createFleetAccess, type Edge } from "./aws/fleet.ts";
import { createKmsSigner } from "./aws/kms-signer.ts";
import type { Call } from "./aws/operation.ts";
import { createOrganization } from "./aws/organizations.ts";
import { createPacing } from "./aws/pacing.ts";
import { createS3Source } from "./aws/s3-source.ts";
import { createS3Store, type ObjectLock } from "./aws/s3-store.ts";
import type { TrafficCount } from "./aws/traffic.ts";
import type { SignatureAlgorithm } from "./domain/chain-keys.ts";
import type { Installation } from "./doctor/doctor.ts";
import { canonical, digestOf } from "./domain/digest.ts";
import { HoldfastError } from "./domain/errors.ts";
import type { Digest } from "./domain/identity.ts";
import { idle, storeClock, systemClock } from "./local/clock.ts";
import type { NoticeOptions } from "./notices/notices.ts";
import type {
  Clock,
  DesiredSource,
  Evidence,
  Log,
  Notices,
  ObjectStore,
  Progress,
  Reading,
  Self,
  World,
} from "./ports.ts";
import { nextReportWithin, type Settings } from "./settings.ts";
import { createJournal } from "./work/journal.ts";
import { createLeases, type LeaseOptions } from "./work/lease.ts";
import { createPapers } from "./work/papers.ts";

/** What a root adds to the settings. Tests put their own time, chance and carrier in place of the machine's. */
export interface Surroundings {
  readonly progress?: Progress;
  /** Whether people are told of concerns after a run, and how: tests have receivers of their own. Absent: nobody is. */
  readonly notices?: Pick<NoticeOptions, "timeoutMs" | "loopback">;
  readonly log?: Log;
  /** Milliseconds from now after which nothing is sent to AWS any more. */
  readonly deadlineIn?: number;
  readonly clock?: Clock;
  readonly idle?: NonNullable<LeaseOptions["idle"]>;
  readonly random?: () => number;
  readonly uuid?: () => string;
  /** SHA-256 of the code that runs, where it is a bundle. */
  readonly imageDigest?: Digest;
  /** Told of every call to AWS. */
  readonly traffic?: TrafficCount;
  readonly credentials?: NonNullable<AwsSettings["credentials"]>;
  readonly requestHandler?: NonNullable<AwsSettings["requestHandler"]>;
  /** Clients of services besides those that runs ask. */
  readonly further?: NonNullable<AwsSettings["further"]>;
}

/** Everything the controller needs from outside, from where the settings say things are. */
export async function createWorld(settings: Settings, surroundings: Surroundings = {}): Promise<World> {
  const ground = await prepare(settings, surroundings);
  const { history, evidence } = await chainFrom(settings, ground);
  return { ...(await worldOn(ground, settings, surroundings, evidence)), history };
}

async function worldOn(
  ground: Ground,
  settings: Settings,
  surroundings: Surroundings,
  evidence: Evidence,
): Promise<World> {
  const { clock } = ground.edge;
  const work = ground.store(settings.work);
  const pause = surroundings.idle ?? (surroundings.clock ? undefined : idle);
  return {
    ...(await readingFrom(settings, surroundings, ground)),
    source: await sourceFrom(settings, ground, { packed: true }),
    evidence,
    leases: createLeases({ store: work, clock, ...(pause ? { idle: pause } : {}), uuid: ground.uuid }),
    journal: createJournal({ store: work }),
    papers: createPapers({ store: work }),
    coordinators: createCoordinators(ground.call),
    self: selfOf(settings, surroundings, ground),
    ...(surroundings.notices ? { notices: noticesFrom(surroundings.notices, work, surroundings, ground) } : {}),
  };
}

/** Read when there is something to tell: no run waits for it before it has mended what there was to mend (decision 10). */
function noticesFrom(
  how: NonNullable<Surroundings["notices"]>,
  store: ObjectStore,
  { random = Math.random }: Surroundings,
  { edge: { clock }, call, log }: Ground,
): Notices {
  const opened = async () => {
    const { createNotices } = await import("./notices/notices.ts");
    return createNotices({ ...how, store, call, clock, random, log, organization: createOrganization(call) });
  };
  return {
    heard: async () => (await opened()).heard(),
    tell: async (told, notifications) => (await opened()).tell(told, notifications),
  };
}

/**
 * The world of who carries a shard of another's run (rule 24), under a role that reads no desired state and signs nothing. Its time is that
 * of the work it shares.
 */
export async function createWorkerWorld(settings: Settings, surroundings: Surroundings = {}): Promise<World> {
  const ground = await prepare(settings, surroundings, [settings.work]);
  return worldOn(ground, settings, surroundings, attachOnly(ground.evidence()));
}

/** As much of it as looking takes. No lease, no writer, and no key: a plan is for anybody who may read. */
export async function createReading(settings: Settings, surroundings: Surroundings = {}): Promise<Reading> {
  return readingFrom(settings, surroundings, await prepare(settings, surroundings));
}

/** The store and the keys behind an evidence setting, for reading reports. */
export async function openEvidence(
  settings: Settings,
  surroundings: Surroundings = {},
): Promise<{ readonly store: ObjectStore; readonly trust: Keys | undefined }> {
  const { store } = await prepare(settings, surroundings);
  return { store: store(settings.evidence), trust: await readTrust(settings.trust) };
}

/** What it takes to begin a chain anew, under the fleet's lease and in the light of what is desired. */
export async function openRechaining(settings: Settings, surroundings: Surroundings = {}) {
  const ground = await prepare(settings, surroundings);
  const { clock } = ground.edge;
  return {
    clock,
    self: selfOf(settings, {}, ground),
    uuid: ground.uuid,
    store: ground.evidence(),
    trust: await readTrust(settings.trust),
    signers: await signersFrom(settings, ground.call),
    source: await sourceFrom(settings, ground, { packed: true }),
    organization: createOrganization(ground.call),
    leases: createLeases({ store: ground.store(settings.work), clock, idle, uuid: ground.uuid }),
  };
}

/** The keys that a chain is handed over to, named as signers are. */
export interface NewKeys {
  readonly to?: string;
  readonly secondTo?: string;
}

/** What it takes to hand a chain over to other keys, under the fleet's lease. `lenient`: a key of now may be beyond use, since one is revoked. */
export async function openRotation(
  settings: Settings,
  { to, secondTo, lenient }: NewKeys & { readonly lenient: boolean },
  surroundings: Surroundings = {},
) {
  const ground = await prepare(settings, surroundings);
  const { clock } = ground.edge;
  const current = await signersNamed(settings.signer, settings.secondSigner, ground.call, lenient);
  return {
    clock,
    self: selfOf(settings, {}, ground),
    store: ground.evidence(),
    trust: await readTrust(settings.trust),
    to: await signersNamed(to, secondTo, ground.call, false),
    current,
    leases: createLeases({ store: ground.store(settings.work), clock, idle, uuid: ground.uuid }),
  };
}

async function signersNamed(
  primary: string | undefined,
  second: string | undefined,
  call: Call,
  lenient: boolean,
): Promise<readonly Signer[]> {
  const wanted = [
    ...(primary === undefined ? [] : [[primary, "ECDSA_SHA_256"] as const]),
    ...(second === undefined ? [] : [[second, "ML_DSA_SHAKE_256"] as const]),
  ];
  const opened = wanted.map(async ([signer, algorithm]) => {
    try {
      return [await signerFrom(signer, algorithm, call)];
    } catch (error) {
      if (lenient && error instanceof HoldfastError && error.code === "signer-unusable") return [];
      throw error;
    }
  });
  return (await Promise.all(opened)).flat();
}

/** The caller's own way to the hub's services, before anything is known of where things are: for `holdfast doctor`. */
export const openCall = (settings: Settings, surroundings: Surroundings = {}): Call =>
  createControllerCall(edgeAt(surroundings.clock ?? systemClock, settings, surroundings));

/** What doctor looks at an installation through: nothing of it writes, and no key is opened to sign. */
export async function openInstallation(settings: Settings, surroundings: Surroundings = {}): Promise<Installation> {
  const ground = await prepareAnyway(settings, surroundings);
  const { clock, source, history, organization, enter } = await readingFrom(settings, surroundings, ground);
  const [reports, sync] = await Promise.all([readTrust(settings.trust), readTrust(settings.syncTrust)]);
  return {
    settings,
    call: ground.call,
    clock,
    source,
    history,
    work: ground.store(settings.work),
    organization,
    trust: { ...(reports ? { reports } : {}), ...(sync ? { sync } : {}) },
    uuid: ground.uuid,
    enter,
  };
}

/** By this machine's time where the store that would tell it is what ails. */
async function prepareAnyway(settings: Settings, surroundings: Surroundings): Promise<Ground> {
  try {
    return await prepare(settings, surroundings);
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== "store-unreachable") throw error;
    return prepare(settings, { ...surroundings, clock: systemClock });
  }
}

/** Any store the settings or flags name, and any signer: for `holdfast sync`. */
export async function openStore(
  url: string,
  settings: Settings,
  surroundings: Surroundings = {},
): Promise<ObjectStore> {
  return (await prepare(settings, surroundings)).store(url);
}
export async function openSigner(signer: string, settings: Settings, surroundings: Surroundings = {}): Promise<Signer> {
  return signerFrom(signer, "ECDSA_SHA_256", (await prepare(settings, surroundings)).call);
}

/** The keys that the settings name, for telling what they are. */
export async function openSigners(settings: Settings, surroundings: Surroundings = {}): Promise<Signers> {
  return signersFrom(settings, (await prepare(settings, surroundings)).call);
}

interface Ground {
  readonly edge: Edge;
  /** Whose time `edge.clock` goes by. */
  readonly time: Self["clock"];
  readonly call: Call;
  readonly store: (url: string) => ObjectStore;
  /** Where reports go, whatever is put there locked as the settings say. */
  readonly evidence: () => ObjectStore;
  readonly log: Log;
  readonly uuid: () => string;
}

const edgeAt = (clock: Clock, settings: Settings, surroundings: Surroundings): Edge => ({
  clients: createClients(awsSettings(settings, surroundings)),
  clock,
  pacing: createPacing(clock),
  deadline:
    surroundings.deadlineIn === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + surroundings.deadlineIn,
  random: surroundings.random ?? Math.random,
  traffic: surroundings.traffic,
});

/** `shared`: stores whose time to go by, the first of them that is no folder. */
async function prepare(
  settings: Settings,
  surroundings: Surroundings,
  shared: readonly string[] = [settings.desiredState, settings.evidence],
): Promise<Ground> {
  const local = surroundings.clock ?? systemClock;
  const storeAt = (clock: Clock, call: Call) => (url: string, lock?: ObjectLock) =>
    isS3(url) ? createS3Store({ url, call, clock, ...(lock ? { lock } : {}) }) : folderStore(url);
  const first = edgeAt(local, settings, surroundings);
  const { clock, time } = surroundings.clock
    ? { clock: surroundings.clock, time: OWN_TIME }
    : await sharedClock(shared, storeAt(first.clock, createControllerCall(first)));
  const edge = edgeAt(clock, settings, surroundings);
  const call = createControllerCall(edge);
  const store = storeAt(clock, call);
  return {
    edge,
    time,
    call,
    store: (url) => store(url),
    evidence: () => store(settings.evidence, settings.retention),
    log: surroundings.log ?? (() => {}),
    uuid: surroundings.uuid ?? randomUUID,
  };
}

/**
 * The time of the shared store, if there is one (design §13). Where nothing is desired of S3, keys are handed over say, it is that of the
 * reports' store, with which their times must agree. A laptop on its own has its own.
 */
async function sharedClock(
  stores: readonly string[],
  store: (url: string) => ObjectStore,
): Promise<{ readonly clock: Clock; readonly time: Self["clock"] }> {
  const shared = stores.find(isS3);
  const asked = systemClock.monotonic();
  const at = shared === undefined ? undefined : await store(shared).time?.();
  if (!at) return { clock: systemClock, time: OWN_TIME };
  // A Date header counts whole seconds, and was written while the answer was waited for.
  const maxErrorMs = 1000 + Math.ceil(systemClock.monotonic() - asked);
  return { clock: storeClock(at), time: { source: "store", maxErrorMs } };
}

/** Nobody here can say how far off a machine's own clock is. */
const OWN_TIME: Self["clock"] = { source: "system", maxErrorMs: null };

const selfOf = (settings: Settings, { imageDigest }: Surroundings, { time }: Ground): Self => ({
  imageDigest: imageDigest ?? null,
  configSha256: digestOf(canonical(settings)),
  region: settings.region ?? null,
  clock: time,
  nextReportWithin: nextReportWithin(settings),
});

const isS3 = (url: string): boolean => url.startsWith("s3://");

function awsSettings(
  { endpoint, region, allowHttp }: Settings,
  { credentials, requestHandler, further }: Surroundings,
): AwsSettings {
  return {
    region: region ?? DEFAULT_REGION,
    allowHttp,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(requestHandler === undefined ? {} : { requestHandler }),
    ...(further === undefined ? {} : { further }),
  };
}

/** Where Organizations lives, and a sensible home for a caller that named no other. */
const DEFAULT_REGION = "us-east-1";

async function readingFrom(settings: Settings, surroundings: Surroundings, ground: Ground) {
  const { edge, call, log } = ground;
  return {
    clock: edge.clock,
    log,
    progress: surroundings.progress ?? (() => {}),
    source: await sourceFrom(settings, ground),
    history: createHistory({
      store: ground.store(settings.evidence),
      ...optionalTrust(await readTrust(settings.trust)),
    }),
    organization: createOrganization(call),
    enter: createFleetAccess(edge),
  };
}

/** `packed`: with the bytes of the commit's pack, which evidence keeps. */
async function sourceFrom(
  { desiredState, syncTrust }: Settings,
  { store, log }: Ground,
  how: { readonly packed?: boolean } = {},
): Promise<DesiredSource> {
  if (!isS3(desiredState)) return folderSource(desiredState, how);
  const trust = await readTrust(syncTrust);
  return createS3Source({ store: store(desiredState), log, ...how, ...optionalTrust(trust) });
}

async function chainFrom(settings: Settings, { edge, call, evidence, uuid }: Ground) {
  const trust = await readTrust(settings.trust);
  const signers = await signersFrom(settings, call);
  return createEvidence({ store: evidence(), signers, clock: edge.clock, uuid, ...optionalTrust(trust) });
}

const optionalTrust = (trust: Keys | undefined) => (trust ? { trust } : {});

/** The first signature is one that every auditor's machine verifies; the second outlives it (evidence §1). */
async function signersFrom({ signer, secondSigner }: Settings, call: Call): Promise<Signers> {
  const primary = await signerFrom(signer, "ECDSA_SHA_256", call);
  return secondSigner === undefined ? [primary] : [primary, await signerFrom(secondSigner, "ML_DSA_SHAKE_256", call)];
}

const signerFrom = (signer: string, algorithm: SignatureAlgorithm, call: Call): Promise<Signer> =>
  signer.startsWith("kms:")
    ? createKmsSigner(signer.slice("kms:".length), call, algorithm)
    : keyFile(signer.slice("file:".length), algorithm);

// What is in folders is a laptop's: the function does not read the code for it (decision 10).

function folderStore(folder: string): ObjectStore {
  const opened = async () => (await import("./local/folder-store.ts")).createFolderStore(folder);
  return {
    url: resolve(folder),
    get: async (key) => (await opened()).get(key),
    put: async (key, body, options) => (await opened()).put(key, body, options),
    list: async (prefix) => (await opened()).list(prefix),
  };
}

const folderSource = (folder: string, how: { readonly packed?: boolean }): DesiredSource => ({
  read: async () => (await import("./local/folder-source.ts")).createFolderSource(folder, how).read(),
});

const keyFile = async (path: string, algorithm: SignatureAlgorithm): Promise<Signer> =>
  (await import("./local/key-file.ts")).openKeyFile(path, algorithm);

/** Pinned keys, from a file that came another way than the reports did. */
export async function readTrust(path: string | undefined): Promise<Keys | undefined> {
  if (path === undefined) return undefined;
  const file = await readFile(path).catch((cause: unknown) => {
    throw new HoldfastError("setting-refused", `the keys file ${path} cannot be read: check the path given as trust`, {
      cause,
    });
  });
  const parsed = parseKeys(file);
  if ("wrong" in parsed) throw new HoldfastError("setting-refused", `${path} is not a keys.json: ${parsed.wrong}`);
  return parsed.keys;
}
