/** An organization with Holdfast installed from the synthesized templates, a desired state published and a first report made. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeKeys, parseKeys, soleKey, type Keys } from "../../controller/attest/sealing/keys.ts";
import { INSTALLATION_CLIENTS } from "../../controller/aws/installation-clients.ts";
import { publishDesired } from "../../controller/aws/publish-desired.ts";
import { deployedSettings, examine } from "../../controller/doctor/doctor.ts";
import type { Finding } from "../../controller/doctor/finding.ts";
import { readPlatform } from "../../controller/doctor/hub/platform.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import { gitBlob, gitTree } from "../../controller/attest/git/git-objects.ts";
import { doctorInside, type Asked } from "../../controller/lambda/doctor.ts";
import { reconcile } from "../../controller/reconcile.ts";
import { readSettings, type Settings } from "../../controller/settings.ts";
import { createWorld, openCall, openInstallation, openSigner, openStore } from "../../controller/world.ts";
import type { Surroundings } from "../../controller/world/ground.ts";
import { DESIRED, placeTold } from "./desired.ts";
import { temporaryFolder } from "../infra/temporary-folder.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { install } from "../support/installed.ts";
import { ADMINISTRATOR, type SessionKeys as Key } from "../support/installation.ts";
import { recordUse } from "../support/ledger.ts";
import { installPlatform } from "../support/installed-platform.ts";
import { NO_COMMIT } from "../support/no-commit.ts";
import { installForwarding } from "../support/told.ts";
import { goldenTemplate } from "../support/template.ts";
import { timeOf, type SharedTime } from "../support/time.ts";
import { FRANKFURT, HUB, IRELAND, SHOP, VAULTS } from "../support/universe.ts";

export { FRANKFURT, HUB, IRELAND, SHOP, VAULTS };
export const HOME = { account: HUB, region: IRELAND };
const ACCOUNTS = [HUB, SHOP, VAULTS];
export const BUCKETS = { DesiredState: "acme-desired-state", Evidence: "acme-evidence", Work: "acme-work" } as const;
const CHAIN = "0b6c1a52-6f0e-4d2a-9c53-5a0f6ad1b0a1";

export interface Installed {
  readonly simulator: Simulator;
  readonly time: SharedTime;
  /** Who looks: the hub's administrator with the pinned keys at hand, who asks the controller of its members; or otherwise. */
  readonly doctor: (how?: Looking) => Promise<readonly Finding[]>;
  /** A run of the controller, as its own role. */
  readonly run: () => Promise<unknown>;
  readonly sessionOf: (role: string) => Key;
}

export interface Looking {
  readonly as?: Key;
  /** Without: members are looked at by whoever looks. Default: the alias that is deployed. */
  readonly ask?: false;
  /** Whether pinned keys are at hand. Default: they are. */
  readonly pinned?: false;
}

/** The synthesized templates that are deployed. */
interface Layout {
  readonly hub: string;
  readonly member: string;
}
const INLINE: Layout = { hub: "hub", member: "member" };
export const DURABLE: Layout = { hub: "hub-durable", member: "member-durable" };

/** All well: deployed, published, run once, pinned, subscribed. */
export async function installed(layout: Layout = INLINE): Promise<Installed> {
  const simulator = createSimulator({
    judged: recordUse,
    hubAccount: HUB,
    accounts: ACCOUNTS.map((id) => ({ id, name: `account-${id.slice(0, 4)}` })),
    regions: [IRELAND, FRANKFURT],
    start: new Date("2026-03-01T05:00:00Z"),
    organizationId: "o-exampleorgid",
  });
  deploy(simulator, layout);
  const time = timeOf(simulator.clock);
  const ways = (key: Key): Surroundings => ({
    ...time,
    further: INSTALLATION_CLIENTS,
    random: () => 0.5,
    uuid: () => simulator.random.uuid(),
    credentials: key,
    // The simulator's handler has the SDK's shape; the SDK's own type is wider than anything it calls.
    requestHandler: simulator.connect().requestHandler as NonNullable<Surroundings["requestHandler"]>,
  });
  const sessionOf = (name: string): Key => {
    const role = simulator.iam.role(`arn:aws:iam::${HUB}:role/${name}`);
    if (role === undefined) throw new RangeError(`the hub has no role ${name}`);
    const expires = new Date("2099-01-01T00:00:00Z");
    return simulator.iam.issueSession({ role, name: "session", sourceIdentity: undefined, expires });
  };
  const settings = (): Settings => readSettings({ region: IRELAND }, controllerOf(simulator).environment);
  const run = async () =>
    reconcile(
      {
        id: `run-${time.clock.monotonic()}`,
        trigger: "schedule",
        deadline: Number.POSITIVE_INFINITY,
        reporter: { id: "test", version: "0" },
      },
      await createWorld(withoutPins(settings()), ways(sessionOf("holdfast-controller"))),
    );

  const sync = await publish(settings(), ways(sessionOf("holdfast-publisher")));
  await run();
  const pins = writePins(readPins(simulator), sync);
  const alias = `arn:aws:lambda:${IRELAND}:${HUB}:function:${controllerOf(simulator).name}:live`;
  simulator.lambda(HUB, IRELAND).functions.set(alias, { version: "1", durable: false });
  const environment = { ...controllerOf(simulator).environment };
  pin(simulator);
  const inside = (asked: Asked) =>
    doctorInside(
      asked,
      { ...controllerOf(simulator).environment, AWS_REGION: IRELAND, ...pins },
      {
        ...ways(sessionOf("holdfast-controller")),
        log: () => {},
      },
    );
  const doctor: Installed["doctor"] = ({ as = ADMINISTRATOR, ask: asking = true, pinned = true } = {}) =>
    carryingOut(simulator, inside, look({ alias, environment, pins: pinned ? pins : {}, ways: ways(as), asking }));
  return { simulator, time, run, sessionOf, doctor };
}

const withoutPins = ({ trust: _trust, syncTrust: _sync, ...settings }: Settings): Settings => settings;

function deploy(simulator: Simulator, layout: Layout): void {
  const hub = goldenTemplate(layout.hub);
  const deployment = { ...HOME, buckets: BUCKETS };
  const inHub = install(simulator, hub, deployment);
  installPlatform(simulator, hub, deployment, inHub);
  placeTold(simulator);
  for (const account of ACCOUNTS) install(simulator, goldenTemplate(layout.member), { account, region: IRELAND });
  for (const account of ACCOUNTS)
    for (const region of [IRELAND, FRANKFURT]) installForwarding(simulator, { account, region });
  const Principal = { AWS: `arn:aws:iam::${HUB}:root` };
  simulator.iam.putRole(HUB, {
    name: "holdfast-publisher",
    trust: { Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }] },
    policies: [{ Statement: [{ Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" }] }],
  });
  // What selections hand to AWS Backup.
  for (const account of ACCOUNTS)
    simulator.iam.putRole(account, {
      name: "AWSBackupDefaultServiceRole",
      path: "/service-role/",
      trust: {
        Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
      },
    });
  for (const account of ACCOUNTS)
    for (const region of [IRELAND, FRANKFURT]) simulator.addKey(account, region, { alias: "alias/backup" });
  for (const topic of simulator.platform(HUB, IRELAND).topics.values())
    topic.subscriptions.push({ protocol: "email", endpoint: "oncall@example.com", confirmed: true });
}

export const controllerOf = (simulator: Simulator) => {
  const found = [...simulator.platform(HUB, IRELAND).functions.values()].find(({ handler }) =>
    handler.startsWith("handler"),
  );
  if (found === undefined) throw new RangeError("the hub's template has no controller");
  return found;
};

/** The second deployment: keys pinned, and with that the schedule enabled and events taken. */
function pin(simulator: Simulator): void {
  // The others that make reports have the controller's environment and layers.
  for (const { handler, environment } of simulator.platform(HUB, IRELAND).functions.values())
    if (/^(handler|coordinator|events)\./.test(handler))
      Object.assign(environment, { HOLDFAST_TRUST: "/opt/keys.json", HOLDFAST_SYNC_TRUST: "/opt/sync-keys.json" });
  for (const schedule of simulator.platform(HUB, IRELAND).schedules.values()) schedule.state = "ENABLED";
  for (const mapping of simulator.platform(HUB, IRELAND).mappings.values()) mapping.state = "Enabled";
}

/** `holdfast sync`, with the key of the stack. Gives its keys.json. */
async function publish(settings: Settings, ways: Surroundings): Promise<Keys> {
  const signer = await openSigner("kms:alias/holdfast-sync", settings, ways);
  const entries = Object.entries(DESIRED).map(([path, text]) => ({ path, text }));
  const files = entries.map(({ path, text }) => {
    const bytes = new TextEncoder().encode(text);
    return { path, sha256: digestOf(text), gitBlob: gitBlob(bytes), size: bytes.length };
  });
  await publishDesired({
    store: await openStore(settings.desiredState, settings, ways),
    signer,
    isAncestor: () => Promise.resolve(true),
    snapshot: {
      files: entries,
      revision: {
        digest: digestOf(JSON.stringify(entries)),
        commit: null,
        tree: gitTree(files),
        dirty: false,
        sequence: null,
        fastForward: null,
        previousCommit: null,
        ...NO_COMMIT,
        uri: "memory:",
        files,
      },
    },
  });
  return soleKey(CHAIN, signer);
}

/** Both, as they are committed: by the settings that name them. */
function writePins(reports: Keys, sync: Keys): Readonly<Record<string, string>> {
  const folder = temporaryFolder();
  const write = (name: string, keys: Keys) => {
    writeFileSync(join(folder, name), encodeKeys(keys));
    return join(folder, name);
  };
  return {
    HOLDFAST_TRUST: write("keys.json", reports),
    HOLDFAST_SYNC_TRUST: write("sync-keys.json", sync),
  };
}

/** Does Lambda's part while something is waited for: what was taken for later is carried out. */
async function carryingOut<T>(
  simulator: Simulator,
  inside: (asked: Asked) => Promise<unknown>,
  work: Promise<T>,
): Promise<T> {
  const { accepted } = simulator.lambda(HUB, IRELAND);
  const ended = work.then(
    () => true,
    () => true,
  );
  const soon = () => new Promise<false>((resolve) => void setImmediate(() => resolve(false)));
  while (!(await Promise.race([ended, soon()]))) {
    const [next] = accepted.splice(0, 1);
    if (next) await inside((JSON.parse(next.payload) as { readonly doctor: Asked }).doctor);
  }
  return work;
}

/** What an administrator takes out of the bucket after the first run, and commits. */
function readPins(simulator: Simulator): Keys {
  const [version] = simulator.bucket(BUCKETS.Evidence).objects.get("keys.json") ?? [];
  const parsed = version?.kind === "object" ? parseKeys(version.body) : { wrong: "there is no keys.json" };
  if ("wrong" in parsed) throw new RangeError(parsed.wrong);
  return parsed.keys;
}

interface Glance {
  /** Of the controller, and its settings as they are known to whoever deployed them. */
  readonly alias: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly pins: Readonly<Record<string, string>>;
  readonly ways: Surroundings;
  readonly asking: boolean;
}

async function look({ alias, environment, pins, ways, asking }: Glance): Promise<readonly Finding[]> {
  const base = readSettings({ region: IRELAND, desiredState: "." }, {});
  const platform = await readPlatform(openCall(base, ways), asking ? alias : undefined);
  const found = deployedSettings(platform);
  const settings = readSettings({ region: IRELAND }, { ...environment, ...found, ...pins });
  return examine(await openInstallation(settings, ways), platform, { given: {}, ...(asking ? { ask: alias } : {}) });
}
