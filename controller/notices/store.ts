import * as z from "zod";
import type { NoticeTrouble } from "../domain/concern.ts";
import type { Log, ObjectStore } from "../ports.ts";
import { sameValue } from "../domain/digest.ts";
import { Notifications } from "../domain/notifications.ts";
import { Ledger } from "./ledger.ts";
import { OLD_MS } from "./secrets.ts";

/** The routes that were last declared: a run that could make nothing of the desired state has that to tell somebody. */
const ROUTES = "notices/routes.json";
const ledgerKey = (route: string): string => `notices/routes/${route}.json`;

const Last = z.strictObject({ version: z.literal(1), notifications: Notifications.nullable() });

/** Ledgers in the store of work, each read and written over what was read. */
export function createLedgers(store: ObjectStore, log: Log) {
  const read = async <T>(key: string, schema: z.ZodType<T>) => {
    const there = await store.get(key);
    if (!there) return undefined;
    const parsed = schema.safeParse(jsonIn(there.body));
    if (!parsed.success) log("notices-forgotten", { key, problem: z.prettifyError(parsed.error) });
    return { etag: there.etag, value: parsed.data };
  };
  const write = async (key: string, value: unknown, etag: string | undefined): Promise<string | undefined> => {
    const put = await store.put(key, new TextEncoder().encode(JSON.stringify(value)), {
      condition: etag === undefined ? { ifAbsent: true } : { ifMatch: etag },
      contentType: "application/json",
    });
    return put === "conflict" ? undefined : put.etag;
  };
  return {
    last: async (): Promise<Notifications | undefined> => (await read(ROUTES, Last))?.value?.notifications ?? undefined,
    /** The routes to tell: those declared now, which are remembered; of a run that read none, the last. */
    settle: async (declared: Notifications | undefined, loaded: boolean): Promise<Notifications | undefined> => {
      const there = await read(ROUTES, Last);
      const last = there?.value?.notifications ?? undefined;
      if (!declared && !loaded) return last;
      if (!sameValue(declared ?? null, last ?? null))
        await write(ROUTES, { version: 1, notifications: declared ?? null }, there?.etag);
      return declared;
    },
    read: (route: string) => read(ledgerKey(route), Ledger),
    /** Undefined where somebody else wrote meanwhile. */
    write: (route: string, ledger: Ledger, etag: string | undefined) => write(ledgerKey(route), ledger, etag),
  };
}
export type Ledgers = ReturnType<typeof createLedgers>;

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** What ledgers say of routes that do not work, or whose address is old. */
export function* troublesIn(route: string, { failed, secretSince }: Ledger, now: Date): Generator<NoticeTrouble> {
  if (failed) yield { route, cause: "notice-failed", because: `route ${route}: ${failed.because}`, fix: failed.fix };
  if (secretSince !== null && now.getTime() - Date.parse(secretSince) > OLD_MS)
    yield {
      route,
      cause: "webhook-old",
      because: `the address of route ${route} has been the same since ${secretSince.slice(0, 10)}`,
      fix: "make a new address, put it into the secret, and take the old one away",
    };
}
