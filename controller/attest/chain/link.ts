import type { Carried } from "../../domain/carried.ts";
import type { Instant } from "../../domain/identity.ts";
import type { ChainLink, Genesis, Report, ReportBody, SigningKeyRow } from "../../domain/report.ts";
import type { ChainReport } from "./chain.ts";
import { append, type Frontier, rootOf } from "./frontier.ts";
import type { Keys } from "../sealing/keys.ts";
import type { Signer, Signers } from "../sealing/signer.ts";

export const UNPINNED_KEYS =
  "The keys that earlier reports were verified with lay beside them, unpinned: who can write there could have replaced both.";
export const LOCAL_KEY =
  "The signing key is a file: it shows alterations by outsiders only, not by those who can read the file.";

/** What a report's place in its chain rests on besides the report before it. */
export interface Place {
  readonly keys: Keys;
  readonly signers: Signers;
  readonly nextDueBefore: Instant;
  /** Of a chain's first report. */
  readonly genesis?: Genesis;
}

/** A run's body in its place after the tip, as its keys will sign it. */
export function link(body: ReportBody, tip: ChainReport | null, place: Place): Report {
  const { signers } = place;
  const frontier = tip ? append(tip.report.carried.frontier, tip.sequence - 1, tip.payloadSha256) : [];
  return {
    ...body,
    carried: { ...body.carried, frontier: [...frontier] },
    chain: chainLink(body, tip, frontier, place),
    signing: { required: signers.map(({ keyid }) => keyid), keys: signers.map(signingRow) },
  };
}

const signingRow = ({ keyid, algorithm, protection, origin, kmsKeyArn }: Signer): SigningKeyRow => ({
  keyid,
  algorithm,
  protection,
  origin,
  ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
});
function chainLink(
  { run }: ReportBody,
  tip: ChainReport | null,
  frontier: Frontier,
  { keys, nextDueBefore, genesis = { reason: "the first report" } }: Place,
): ChainLink {
  // No moment between two reports is left out, and none is told twice: also where a clock went back.
  const from = tip?.report.chain.window.to ?? run.startedOn;
  return {
    id: keys.chainId,
    sequence: (tip?.sequence ?? 0) + 1,
    previous: tip && {
      sequence: tip.sequence,
      payloadSha256: tip.payloadSha256,
      envelopeSha256: tip.envelopeSha256,
    },
    log: { size: tip?.sequence ?? 0, rootHash: rootOf(frontier) },
    window: { from, to: run.finishedOn < from ? from : run.finishedOn },
    nextDueBefore,
    ...(tip ? {} : { genesis }),
  };
}

/**
 * The body of a run that another writer overtook. Entries that it began name the place it gets, not the one it had in mind, and the other is
 * named: only a lease's holder appends (rule 22). What the other one alone remembered is not taken over: forgetting only ever holds more.
 */
export function overtaken(body: ReportBody, from: number, tip: ChainReport, now: Instant): ReportBody {
  const to = tip.sequence + 1;
  return {
    ...body,
    carried: moveSince(body.carried, from, to),
    run: { ...body.run, finishedOn: body.run.finishedOn < now ? now : body.run.finishedOn },
    limitations: [
      ...body.limitations,
      `A second writer: run ${tip.report.run.id} published report ${tip.sequence} while this run held the lease.`,
    ],
  };
}

function moveSince(carried: Carried, from: number, to: number): Carried {
  const move = <T extends { readonly since: number }>(entry: T): T =>
    entry.since === from ? { ...entry, since: to } : entry;
  return {
    ...carried,
    corrections: carried.corrections.map(move),
    adopted: carried.adopted.map(move),
    declared: carried.declared && move(carried.declared),
    calls: carried.calls && move(carried.calls),
    source: carried.source && move(carried.source),
    ...(carried.surveyed && { surveyed: move(carried.surveyed) }),
    ...(carried.full?.payloadSha256 === null ? { full: { ...carried.full, sequence: to } } : {}),
  };
}
