import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwsSettings, createClients } from "../../controller/aws/clients.ts";
import { createControllerCall } from "../../controller/aws/fleet.ts";
import { createPacing } from "../../controller/aws/pacing.ts";
import { concernsAfter } from "../../controller/concerns/after.ts";
import type { Concern, NoticeTrouble } from "../../controller/domain/concern.ts";
import type { Notifications, Route } from "../../controller/domain/notifications.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import { createFolderStore } from "../../controller/local/folder-store.ts";
import { createNotices } from "../../controller/notices/notices.ts";
import type { ObjectStore, OwnReport } from "../../controller/ports.ts";
import { MORNING } from "../concerns/bodies.ts";
import { hub, region, smallSimulator } from "../simulator/fixture.ts";

export const route = (over: Partial<Route> & Pick<Route, "to">): Route => ({
  name: "chat",
  mode: "failures",
  only: {},
  remindAfterDays: 7,
  ...over,
});

/** Runs, one after the other, and who is told of them: real ledgers in a folder, and secrets of the simulator's. */
export async function rig(
  routes: readonly Route[],
  { owners = {} }: { readonly owners?: Notifications["owners"] } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-notices-"));
  const simulator = smallSimulator();
  const notifications: Notifications = { routes: [...routes], owners };
  let [now, monotonic, sequence, names] = [MORNING, 0, 0, 0];
  const log: { readonly event: string; readonly [field: string]: unknown }[] = [];
  const clock = {
    now: () => now,
    monotonic: () => monotonic,
    sleep: async (ms: number) => void (monotonic += ms),
  };
  const call = createControllerCall({
    clients: createClients({
      region,
      allowHttp: false,
      credentials: { accessKeyId: "AKIAADMINISTRATOR", secretAccessKey: "unverified" },
      requestHandler: simulator.handler() as NonNullable<AwsSettings["requestHandler"]>,
    }),
    clock,
    pacing: createPacing(clock),
    deadline: Number.POSITIVE_INFINITY,
    random: () => 0.5,
  });
  let concerns: readonly Concern[] = [];
  let troubles: readonly NoticeTrouble[] | undefined;
  const folderStore = createFolderStore(folder);
  /** One run's process: it hears, reports and tells. */
  const run = async (
    body: ReportBody,
    at: Date,
    how: { readonly store?: ObjectStore; readonly declared?: Notifications | undefined } = {},
  ): Promise<readonly Concern[]> => {
    const { store = folderStore } = how;
    now = at;
    sequence += 1;
    const organization = {
      names: async () => {
        names += 1;
        return new Map([["444455556666", "shop"]]);
      },
    };
    const notices = createNotices({
      store,
      call,
      clock,
      random: () => 0.5,
      log: (event, fields) => void log.push({ event, ...fields }),
      organization,
      timeoutMs: 1_000,
      loopback: true,
    });
    troubles = await notices.heard();
    const { list, summary } = concernsAfter(concerns, body, { announcements: [], notices: troubles, policies: [] }, at);
    concerns = list;
    const said = { ...body, concerns: summary };
    await notices.tell(
      {
        sequence,
        url: `s3://acme-evidence/v1/${sequence}.json`,
        payloadSha256: "0".repeat(64),
        report: said as OwnReport["report"],
        whole: said as OwnReport["whole"],
        said,
        concerns,
      },
      "declared" in how ? how.declared : notifications,
    );
    // As the next run reads them: what this report began bears its number.
    concerns = concerns.map((one) => ({ ...one, since: one.since ?? sequence }));
    return concerns;
  };
  return {
    run,
    log,
    folderStore,
    secrets: simulator.secrets(hub, region),
    /** Puts a secret there, or another value into it. */
    keep: (name: string, value: string, created = MORNING) => {
      const secret = simulator.addSecret(hub, region, { name, value });
      for (const [id, version] of secret.versions) secret.versions.set(id, { ...version, created });
      return secret;
    },
    troubles: () => troubles,
    namesAsked: () => names,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A store that takes so many more puts and then is gone, as for a process that was killed. */
export const dyingAfter = (store: ObjectStore, puts: number): ObjectStore => {
  let left = puts;
  return {
    ...store,
    put: (key, body, options) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error("the process is gone")) : store.put(key, body, options);
    },
  };
};
