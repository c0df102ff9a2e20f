import { canonical } from "../../domain/digest.ts";
import { HoldfastError } from "../../domain/errors.ts";
import type { ReportBody } from "../../domain/report.ts";
import type { Clock, Lease, ObjectStore, PublishedReport, Run, Self } from "../../ports.ts";
import { chainBroken, chainReader, type ChainReader, type ChainReport } from "./chain.ts";
import { handOver, type HandOver, type Wish } from "./hand-over.ts";
import { sinceOf } from "../memory/history.ts";
import { encodeKeys, parseKeys, type Keys } from "../sealing/keys.ts";
import {
  announcementsOf,
  ANNOUNCEMENTS,
  CONCERNS,
  concernsOf,
  MISSING,
  sightingsOf,
  TESTED,
  testedOf,
} from "../memory/lists.ts";
import { KEYS_FILE } from "./names.ts";
import { nothingLookedAt } from "../report/nothing-looked-at.ts";
import { publish } from "../publish.ts";
import type { Signer, Signers } from "../sealing/signer.ts";
import type { Attaching } from "../report/subjects.ts";
import { handedOn } from "../report/unchanged.ts";

/** What handing a chain over to other keys takes. */
export interface Rotation {
  readonly store: ObjectStore;
  /** Pinned keys, from outside the store. */
  readonly trust: Keys | undefined;
  readonly wish: Wish;
  /** Whoever may have to sign: the chain's own signers, and the new ones. */
  readonly signers: readonly Signer[];
  readonly clock: Pick<Clock, "now">;
  readonly lease: Pick<Lease, "confirm">;
  readonly run: Pick<Run, "id" | "reporter">;
  readonly self: Self;
  readonly attach: (chainId: string) => Attaching;
}

/** `offered`: the pinned keys are not yet these; nothing was written. `finished`: an earlier try had published the report already. */
export type Rotated =
  | { readonly result: "offered"; readonly keys: Keys; readonly sequence: number }
  | { readonly result: "rotated" | "finished"; readonly keys: Keys; readonly published: PublishedReport };

/**
 * Hands a chain over to other keys: first the report that says so, signed by old and new; then `keys.json`. Whoever dies in between leaves a
 * chain that nobody goes on with until this is run again.
 */
export async function rotate(rotation: Rotation): Promise<Rotated> {
  const { store, trust, wish, lease } = rotation;
  const stored = await storedKeys(store);
  const length = await chainReader(store, stored.keys).length();
  if (length === 0) throw refused("the chain has no report yet: begin it with the keys it is to have");
  const begun = await begunBy(rotation, stored.keys, length);
  const over = begun?.over ?? planned(stored.keys, length + 1, wish);
  const { newPolicy } = over.transition;
  if (trust && canonical(trust) !== canonical(over.keys))
    return { result: "offered", keys: over.keys, sequence: newPolicy.fromSequence - 1 };
  const published = begun?.published ?? (await announce(rotation, over));
  await lease.confirm();
  const put = await store.put(KEYS_FILE, encodeKeys(over.keys), {
    condition: { ifMatch: stored.etag },
    contentType: "application/json",
  });
  if (put === "conflict")
    throw new HoldfastError(
      "publish-failed",
      `${KEYS_FILE} in ${store.url} was changed meanwhile, so it was left as it is: look at it, and run again`,
    );
  return { result: begun ? "finished" : "rotated", keys: over.keys, published };
}

const refused = (message: string): HoldfastError => new HoldfastError("setting-refused", message);

async function storedKeys(store: ObjectStore): Promise<{ readonly keys: Keys; readonly etag: string }> {
  const object = await store.get(KEYS_FILE);
  if (!object) throw refused(`there is no chain in ${store.url}: the first run begins one with the keys it is given`);
  const parsed = parseKeys(object.body);
  if ("wrong" in parsed) throw chainBroken(store, `${KEYS_FILE} is not a list of keys: ${parsed.wrong}`);
  return { keys: parsed.keys, etag: object.etag };
}

function planned(keys: Keys, sequence: number, wish: Wish): HandOver {
  const over = handOver(keys, sequence, wish);
  if (over) return over;
  throw refused(
    wish.revoke === undefined
      ? `the chain is signed by these keys already, from report ${keys.policy.at(-1)?.fromSequence} on: nothing was written`
      : `key ${wish.revoke} signs this chain alone, or not at all. To revoke a key takes another one that signs: without one, hand over with --to while you have this one, or begin a new store`,
  );
}

/** What an earlier try has published and did not come to name: a last report that is this very transition. */
async function begunBy({ store, wish }: Rotation, keys: Keys, length: number) {
  const over = handOver(keys, length, wish);
  if (!over || keys.policy.some(({ fromSequence }) => fromSequence > length)) return undefined;
  const tip = await transitionAt(chainReader(store, over.keys), length);
  const { from, to, newPolicy } = over.transition;
  const said = tip?.report.transition;
  if (!tip || !said || canonical([said.from, said.to, said.newPolicy]) !== canonical([from, to, newPolicy]))
    return undefined;
  const published = {
    sequence: tip.sequence,
    url: `${store.url}/${tip.name}`,
    payloadSha256: tip.payloadSha256,
    report: tip.report,
  };
  return { over, published };
}

/** By the keys that it would have made: a last report that is no such transition does not verify with them. */
async function transitionAt(chain: ChainReader, sequence: number): Promise<ChainReport | undefined> {
  try {
    return await chain.report(sequence);
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "chain-broken") return undefined;
    throw error;
  }
}

async function announce(rotation: Rotation, over: HandOver): Promise<PublishedReport> {
  const { store, clock, trust } = rotation;
  // What was published so far verifies with the new keys.json as with the old: the old policies are in it.
  const chain = chainReader(store, over.keys);
  const tip = await chain.tip();
  if (!tip) throw chainBroken(store, "the last report is gone");
  const attach = rotation.attach(chain.keys.chainId);
  return publish(await transitionBody(rotation, over, tip, chain, attach), [], {
    store,
    chain,
    signers: signersOf(rotation.signers, over, tip.sequence + 1),
    clock,
    pinned: trust !== undefined,
    remembered: tip.sequence,
    nextDueBefore: tip.report.chain.nextDueBefore,
    attach,
    only: over.transition.newPolicy.fromSequence - 1,
  });
}

function signersOf(given: readonly Signer[], { signers }: HandOver, sequence: number): Signers {
  const found = signers.map((keyid) => {
    const signer = given.find((one) => one.keyid === keyid);
    if (signer) return signer;
    throw new HoldfastError(
      "signer-unusable",
      `report ${sequence}, which hands the chain over, must be signed by key ${keyid} too: give it as --signer or --second-signer, or revoke it with --revoke ${keyid} if it is lost`,
    );
  });
  const [primary, ...others] = found;
  if (!primary) throw new RangeError("a transition is signed by somebody");
  return [primary, ...others];
}

/** A report of no run, through which the chain's memory passes whole: each entry with the report that began it. */
async function transitionBody(
  { run, self, clock }: Rotation,
  { transition }: HandOver,
  { report, sequence, payloadSha256 }: ChainReport,
  chain: ChainReader,
  attach: Attaching,
): Promise<ReportBody> {
  const lists = [
    [ANNOUNCEMENTS, await announcementsOf(report, chain.attachment)],
    [MISSING, await sightingsOf(report, chain.attachment)],
    [CONCERNS, await concernsOf(report, chain.attachment)],
    [TESTED, await testedOf(report, chain.attachment)],
  ] as const;
  const attachments = await Promise.all(
    lists.flatMap(([name, rows]) => (rows.length > 0 ? [attach.rows(name, rows)] : [])),
  );
  const bound = (at: 0 | 1 | 2) => {
    const [name, rows] = lists[at];
    const attachment = attachments.find((one) => one.name === name);
    return attachment && { count: rows.length, sha256: attachment.digest.sha256 };
  };
  const [missing, concerns] = [bound(1), bound(2)];
  const {
    missing: _missing,
    concerns: _concerns,
    ...carried
  } = handedOn(sinceOf(report.carried, sequence), payloadSha256);
  return {
    ...nothingLookedAt(run, self, clock.now()),
    ...(report.announced ? { announced: report.announced } : {}),
    carried: {
      ...carried,
      announcements: bound(0) ?? [],
      ...(missing ? { missing } : {}),
      ...(concerns ? { concerns } : {}),
    },
    transition,
    attachments,
    limitations: ["No run: nothing of the fleet was looked at. This report hands the chain over to other keys."],
  };
}
