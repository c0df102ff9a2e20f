import type { NoticeTrouble } from "../domain/concern.ts";
import { isOpen } from "../domain/concern.ts";
import { instant } from "../domain/identity.ts";
import type { Notifications, Route } from "../domain/notifications.ts";
import type { Clock, Log, Notices, ObjectStore, Organization, OwnReport } from "../ports.ts";
import { type Delivery, deliver, type Means, type NoticeCall } from "./channels.ts";
import { compose, type Occasion } from "./compose.ts";
import { type DueNotice, noticesDue } from "./due.ts";
import { digestDue, isQuiet } from "./hours.ts";
import { type Ledger, NEW_LEDGER, pruned, withTold } from "./ledger.ts";
import { fitsOf } from "./matching.ts";
import { createLedgers, type Ledgers, troublesIn } from "./store.ts";

export interface NoticeOptions {
  readonly store: ObjectStore;
  readonly call: NoticeCall;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly organization: Pick<Organization, "names">;
  /** How long a receiver may take to answer. Milliseconds. */
  readonly timeoutMs?: number;
  /** Plain http to this machine. */
  readonly loopback?: boolean;
}

/** What is left of a minute that a run keeps for its end (design §9). Milliseconds. */
const MOST_TIME_MS = 35_000;
const TIMEOUT_MS = 8_000;

/** Tells people of concerns, by what each route has been told before. */
export function createNotices(options: NoticeOptions): Notices {
  const { store, clock, log } = options;
  const ledgers = createLedgers(store, log);
  return {
    heard: async () => {
      try {
        return await troubles(ledgers, clock.now());
      } catch (error) {
        log("notices-unread", { error: wordsOf(error) });
        return undefined;
      }
    },
    tell: async (told, declared) => {
      try {
        // A run that could not read what was of concern before says nothing of it, and so what was told stays as it is.
        if (!told.said.concerns) return;
        const notifications = await ledgers.settle(declared, told.report.run.failure === undefined);
        if (notifications) await tellAll(told, notifications, ledgers, options);
      } catch (error) {
        log("notices-broken-off", { error: wordsOf(error) });
      }
    },
  };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function troubles(ledgers: Ledgers, now: Date): Promise<readonly NoticeTrouble[]> {
  const { routes = [] } = (await ledgers.last()) ?? {};
  const read = await Promise.all(
    routes.map(async ({ name: route }) => ({ route, ledger: (await ledgers.read(route))?.value })),
  );
  return read.flatMap(({ route, ledger }) => (ledger ? [...troublesIn(route, ledger, now)] : []));
}

async function tellAll(
  told: OwnReport,
  notifications: Notifications,
  ledgers: Ledgers,
  options: NoticeOptions,
): Promise<void> {
  const { clock, call, random, timeoutMs = TIMEOUT_MS, loopback = false } = options;
  const posting = { clock, random, deadline: clock.monotonic() + MOST_TIME_MS, timeoutMs, loopback };
  const means: Means = { call, posting, now: () => clock.now() };
  const names = accountNames(options);
  await Promise.all(
    notifications.routes.map(async (route) => {
      try {
        await tellOne(route, { told, notifications, ledgers, means, names, log: options.log });
      } catch (error) {
        options.log("notice-broken-off", { route: route.name, error: wordsOf(error) });
      }
    }),
  );
}

/** Asked once, and only where there is something to say. Without them accounts go by their ids. */
function accountNames({ organization, log }: NoticeOptions): () => Promise<ReadonlyMap<string, string>> {
  let names: Promise<ReadonlyMap<string, string>> | undefined;
  const ask = async () => {
    try {
      return await organization.names();
    } catch (error) {
      log("account-names-unknown", { error: wordsOf(error) });
      return new Map<string, string>();
    }
  };
  return () => (names ??= ask());
}

interface Telling {
  readonly told: OwnReport;
  readonly notifications: Notifications;
  readonly ledgers: Ledgers;
  readonly means: Means;
  readonly names: () => Promise<ReadonlyMap<string, string>>;
  readonly log: Log;
}

/** What is due for one route, one notice after the other. Each is in the ledger before the next is sent, so that little can be said twice. */
async function tellOne(route: Route, { told, notifications, ledgers, means, names, log }: Telling): Promise<void> {
  const there = await ledgers.read(route.name);
  const now = means.now();
  const begun = awaitingDigest(there?.value ?? NEW_LEDGER, route, now);
  const due = [...noticesDue(route, notifications, told.concerns, begun, now), ...runNotice(route, told, now)];
  let [ledger, etag] = [pruned(begun, told.concerns), there?.etag];
  if (due.length === 0 && begun === there?.value) return;
  const occasion = {
    ...occasionOf(route, notifications, told, now),
    names: due.length > 0 ? await names() : new Map(),
  };
  for (const one of due) {
    const notice = compose(one, occasion);
    /* oxlint-disable no-await-in-loop -- one after the other, each remembered */
    const delivery = await deliver(notice, route.to, means);
    log(delivery.delivered ? "notice-delivered" : "notice-failed", {
      route: route.name,
      notice: notice.id,
      type: notice.type,
      ...(delivery.delivered ? {} : { because: delivery.because }),
    });
    ledger = entered(ledger, one, delivery, now);
    etag = await ledgers.write(route.name, ledger, etag);
    /* oxlint-enable no-await-in-loop */
    if (etag === undefined || !delivery.delivered) return;
  }
  if (due.length === 0) await ledgers.write(route.name, ledger, etag);
}

/** The first digest of a route comes at its time, and not with the next run; so does one that is asked for anew. */
function awaitingDigest(ledger: Ledger, route: Route, now: Date): Ledger {
  const digest = route.digest ? (ledger.digest ?? digestDue(route, now) ?? null) : null;
  return digest === ledger.digest ? ledger : { ...ledger, digest };
}

function entered(ledger: Ledger, { about, digest, type }: DueNotice, delivery: Delivery, now: Date): Ledger {
  const since = delivery.secretSince === undefined ? {} : { secretSince: instant(delivery.secretSince) };
  if (!delivery.delivered) {
    const { because, fix } = delivery;
    return { ...ledger, ...since, failed: { on: instant(now), because, fix } };
  }
  const said =
    type === "digest" || type === "run.completed"
      ? ledger
      : withTold(
          ledger,
          about.map(({ concern }) => concern),
          now,
        );
  return { ...said, ...since, failed: null, ...(digest === undefined ? {} : { digest }) };
}

/** Programs that want everything are told of every run; people have the digest for that. */
const runNotice = (route: Route, { report }: OwnReport, now: Date): readonly DueNotice[] =>
  route.mode === "everything" && route.to.by === "eventBus" && !report.scope.partial && !isQuiet(route, now)
    ? [{ type: "run.completed", about: [] }]
    : [];

const occasionOf = (
  route: Route,
  notifications: Notifications,
  { report, sequence, url, concerns }: OwnReport,
  now: Date,
): Omit<Occasion, "names"> => ({
  fleet: report.scope.fleet ?? "unknown",
  route: route.name,
  report: { sequence, url, result: report.result },
  now,
  open: concerns.filter(isOpen).filter(fitsOf(route, notifications)),
});
