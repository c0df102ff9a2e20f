import { EVERY_CHANGE } from "../../domain/announcement.ts";
import type { Approval, Revision } from "../../domain/desired.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { type Instant, instant } from "../../domain/identity.ts";
import type { ReportBody } from "../../domain/report.ts";
import type { Clock, Lease, ObjectStore, PublishedReport, Run, Self } from "../../ports.ts";
import type { BrokenChain } from "./broken-chain.ts";
import { NOTHING_CARRIED } from "../memory/carry.ts";
import { chainReader, type ChainReport } from "./chain.ts";
import { assertSigns } from "./genesis.ts";
import { keepPack, withPack } from "../git/keep-pack.ts";
import { encodeKeys, type Keys } from "../sealing/keys.ts";
import { chainPrefix, KEYS_FILE } from "./names.ts";
import { publish } from "../publish.ts";
import { nothingLookedAt } from "../report/nothing-looked-at.ts";
import { sourceSection } from "../report/source-section.ts";
import type { Attaching } from "../report/subjects.ts";
import type { Signers } from "../sealing/signer.ts";

/** What a new chain begins with. */
export interface Beginning {
  readonly store: ObjectStore;
  readonly signers: Signers;
  readonly clock: Pick<Clock, "now">;
  readonly lease: Pick<Lease, "confirm">;
  readonly broken: BrokenChain;
  readonly keys: Keys;
  /** Whether the keys came from outside the store. */
  readonly pinned: boolean;
  readonly run: Pick<Run, "id" | "reporter">;
  readonly self: Self;
  readonly attach: Attaching;
  readonly reason: string;
  readonly revision: Revision;
  /** The bytes of the revision's git pack: a new chain keeps its own. */
  readonly pack?: Uint8Array;
  readonly approvals: readonly Approval[];
}

/**
 * Begins a chain in the place of one that does not verify (rule 27). Its first report is there before `keys.json` names it: whoever dies
 * in between has changed nothing, and what is found afterwards is taken up. The old reports stay where they are, with their keys.
 */
export async function supersede(beginning: Beginning): Promise<PublishedReport> {
  const { store, keys, broken, lease } = beginning;
  const published = await firstReport(beginning);
  const contentType = "application/json";
  if (broken.keys)
    // Beside the old reports, so that what of them still verifies can be verified.
    await store.put(`${chainPrefix(broken.chainId)}${KEYS_FILE}`, encodeKeys(broken.keys), {
      condition: { ifAbsent: true },
      contentType,
    });
  await lease.confirm();
  const put = await store.put(KEYS_FILE, encodeKeys(keys), {
    condition: broken.etag === undefined ? { ifAbsent: true } : { ifMatch: broken.etag },
    contentType,
  });
  if (put === "conflict")
    throw new HoldfastError(
      "publish-failed",
      `${KEYS_FILE} in ${store.url} was changed meanwhile, so it was left as it is: look at it, and run again`,
    );
  return published;
}

async function firstReport(beginning: Beginning): Promise<PublishedReport> {
  const { store, keys, broken, signers, clock, pinned, revision, reason, self } = beginning;
  const chain = chainReader(store, keys);
  const tip = await chain.tip();
  if (tip) return takenUp(tip, broken, store);
  await assertSigns(signers, chain, store);
  const kept = await keepPack(store, keys.chainId, revision, beginning.pack);
  return publish(withPack(genesisBody(beginning), kept), revision.files, {
    store,
    chain,
    signers,
    clock,
    pinned,
    remembered: 0,
    nextDueBefore: instant(new Date(clock.now().getTime() + self.nextReportWithin)),
    genesis: {
      reason,
      supersedes: { chainId: broken.chainId, sequence: broken.reports, payloadSha256: broken.payloadSha256 ?? null },
    },
    attach: beginning.attach,
  });
}

/** What an earlier try has begun and did not come to name. */
function takenUp(tip: ChainReport, broken: BrokenChain, store: ObjectStore): PublishedReport {
  const { name, sequence, payloadSha256, report } = tip;
  if (sequence !== 1 || report.chain.genesis?.supersedes?.chainId !== broken.chainId)
    throw new HoldfastError(
      "setting-refused",
      `chain ${report.chain.id} has reports already: a new chain takes keys of a chain id that was never used`,
    );
  return { sequence, url: `${store.url}/${name}`, payloadSha256, report };
}

/** A report of no run: nothing was looked at, so nothing is said to be well. */
function genesisBody({ run, self, revision, approvals, clock }: Beginning): ReportBody {
  const now = instant(clock.now());
  return {
    ...nothingLookedAt(run, self, clock.now()),
    source: sourceSection(revision),
    carried: {
      ...NOTHING_CARRIED,
      // From what is desired now, not from what does not verify: an older HEAD must not pass for a first one (rule 25).
      source: { commit: revision.commit, sequence: revision.sequence, since: 1 },
      consumed: approvals.flatMap((approval) => usedUp(approval, now)),
    },
    limitations: [
      "No run: nothing of the fleet was looked at. This report begins a chain in the place of one that does not verify.",
    ],
  };
}

/** Which of its uses are over is what nobody can tell any more, so all of them are. */
const usedUp = ({ name, digest, expiresOn }: Approval, on: Instant) =>
  expiresOn > on ? [{ approval: name, digest, change: EVERY_CHANGE, on, expiresOn }] : [];
