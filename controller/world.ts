import { attachOnly } from "./attest/attachments/attach-only.ts";
import { createEvidence } from "./attest/evidence.ts";
import { createHistory } from "./attest/memory/history.ts";
import type { Keys } from "./attest/sealing/keys.ts";
import type { Signer, Signers } from "./attest/sealing/signer.ts";
import { createCoordinators } from "./aws/coordinators.ts";
import { createControllerCall, createFleetAccess } from "./aws/fleet.ts";
import type { Call } from "./aws/operation.ts";
import { createOrganization } from "./aws/organizations.ts";
import type { Installation } from "./doctor/doctor.ts";
import { idle, systemClock } from "./local/clock.ts";
import type { Evidence, ObjectStore, Reading, World } from "./ports.ts";
import type { Settings } from "./settings.ts";
import { createJournal } from "./work/journal.ts";
import { createLeases } from "./work/lease.ts";
import { createPapers } from "./work/papers.ts";
import { edgeAt, type Ground, prepare, prepareAnyway, selfOf, type Surroundings } from "./world/ground.ts";
import { noticesFrom } from "./world/notices.ts";
import { signerFrom, signersFrom, signersNamed } from "./world/signers.ts";
import { sourceFrom } from "./world/stores.ts";
import { optionalTrust, readTrust } from "./world/trust.ts";

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

async function chainFrom(settings: Settings, { edge, call, evidence, uuid }: Ground) {
  const trust = await readTrust(settings.trust);
  const signers = await signersFrom(settings, call);
  return createEvidence({ store: evidence(), signers, clock: edge.clock, uuid, ...optionalTrust(trust) });
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
