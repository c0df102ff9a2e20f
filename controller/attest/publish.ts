import { digestOf } from "../domain/digest.ts";
import type { ManifestFile } from "../domain/desired.ts";
import { HoldfastError } from "../domain/errors.ts";
import { type Instant, instant } from "../domain/identity.ts";
import type { Genesis, ReportBody } from "../domain/report.ts";
import type { Clock, ObjectStore, PublishedReport } from "../ports.ts";
import type { ChainReader, ChainReport } from "./chain/chain.ts";
import { ENVELOPE_MEDIA_TYPE } from "./sealing/envelope.ts";
import { fit } from "./report/fit.ts";
import { CARRIED_LISTS } from "./memory/lists.ts";
import { link, LOCAL_KEY, overtaken, UNPINNED_KEYS } from "./chain/link.ts";
import { reportKey } from "./chain/names.ts";
import { seal } from "./sealing/sign.ts";
import type { Signers } from "./sealing/signer.ts";
import { statementBytes, statementOf } from "./report/statement.ts";
import { type Attaching, subjectsOf } from "./report/subjects.ts";
import { handedOn } from "./report/unchanged.ts";

/** How often a report is linked anew because another writer came first (rule 22). */
const RELINKS = 3;

export interface Publishing {
  readonly store: ObjectStore;
  readonly chain: ChainReader;
  readonly signers: Signers;
  readonly clock: Pick<Clock, "now">;
  /** Whether the chain's keys came from outside the store. */
  readonly pinned: boolean;
  readonly nextDueBefore: Instant;
  /** Why the chain begins, for its first report. */
  readonly genesis?: Genesis;
  /** The head that the run's memory rests on, 0 of an empty chain; undefined where it could not be read. */
  readonly remembered: number | undefined;
  readonly attach: Attaching;
  /** The only place that it may get. Absent: the next one, whoever else came first. */
  readonly only?: number;
}

/** Links, signs, verifies and puts a report. The store settles who comes first: one object for each sequence, put if absent. */
export async function publish(
  body: ReportBody,
  manifests: readonly ManifestFile[],
  publishing: Publishing,
): Promise<PublishedReport> {
  const { store, chain, signers, attach } = publishing;
  const { subject, attachments } = await subjectsOf(body.source, manifests, attach);
  const statementAfter = (tip: ChainReport | null, body: ReportBody) =>
    statementOf(link(body, tip, { ...publishing, keys: chain.keys }), subject);
  const fitted = await fit(
    {
      ...body,
      attachments: [...body.attachments, ...attachments],
      limitations: [...body.limitations, ...trustLimitations(publishing)],
    },
    (body) => statementBytes(statementAfter(null, body)).length,
    attach.rows,
  );
  for (let relinks = 0; relinks <= RELINKS; relinks++) {
    const tip = await chain.tip();
    // An earlier try of this run whose answer was lost: the report is there. One that was there before the run began is another's.
    if (tip?.report.run.id === body.run.id && tip.sequence !== publishing.remembered) return published(tip, store);
    const place = (tip?.sequence ?? 0) + 1;
    if (publishing.only !== undefined && place !== publishing.only)
      throw new HoldfastError(
        "publish-failed",
        `another writer published report ${publishing.only} in ${store.url} first: look at what it says, and run again`,
      );
    const statement = statementAfter(tip, rebased(fitted, tip, publishing));
    const payload = statementBytes(statement);
    const report = statement.predicate;
    const key = reportKey(chain.keys.chainId, report.chain.sequence);
    const put = await store.put(key, await seal(payload, signers), {
      condition: { ifAbsent: true },
      contentType: ENVELOPE_MEDIA_TYPE,
    });
    if (put !== "conflict")
      return { sequence: report.chain.sequence, url: `${store.url}/${key}`, payloadSha256: digestOf(payload), report };
  }
  throw new HoldfastError(
    "publish-failed",
    `another writer came first ${RELINKS + 1} times in ${store.url}: only the lease's holder may append, so find out who else does`,
  );
}

const published = ({ name, sequence, payloadSha256, report }: ChainReport, store: ObjectStore): PublishedReport => ({
  sequence,
  url: `${store.url}/${name}`,
  payloadSha256,
  report,
});

/** A body as it stands after the tip there is, which need not be the one that the run remembers. */
function rebased(body: ReportBody, tip: ChainReport | null, { remembered, clock }: Publishing): ReportBody {
  if (tip === null) return body;
  // A run that could not read its memory does not end everyone's: it hands on what the last report remembered.
  if (remembered === undefined) {
    const lists = tip.report.attachments.filter(({ name }) => CARRIED_LISTS.includes(name));
    return {
      ...body,
      carried: handedOn(tip.report.carried, tip.payloadSha256),
      attachments: [...body.attachments, ...lists],
    };
  }
  return tip.sequence === remembered ? body : overtaken(body, remembered + 1, tip, instant(clock.now()));
}

const trustLimitations = ({ pinned, signers }: Publishing): readonly string[] => [
  ...(pinned ? [] : [UNPINNED_KEYS]),
  ...(signers.some(({ protection }) => protection === "local-file") ? [LOCAL_KEY] : []),
];
