import { reportName } from "../../attest/chain/names.ts";
import type { ExportFile } from "../export-report.ts";
import { isReadable } from "../export-report.ts";
import { csvHead, csvLines, several, type Cell } from "./csv.ts";

/** One line a file of the chain, key transitions and files that cannot be read among them: sequence and time without a gap, or not. */
export const INDEX_FILE = "reports.csv";

const COLUMNS = [
  "sequence",
  "payloadSha256",
  "commit",
  "file",
  "envelopeSha256",
  "what",
  "result",
  "trigger",
  "mode",
  "partial",
  "startedOn",
  "finishedOn",
  "windowFrom",
  "windowTo",
  "nextDueBefore",
  "previousPayloadSha256",
  "logSize",
  "logRootHash",
  "signedBy",
  "unchangedSince",
  "resources",
  "held",
  "actions",
  "population",
  "protected",
  "jobsFailed",
  "restoreTests",
] as const;

export const indexHead: string = csvHead(COLUMNS);

export const indexLines = (files: readonly ExportFile[]): string =>
  csvLines(files.map((file) => COLUMNS.map((column) => cellsOf(file)[column])));

type Cells = Partial<Record<(typeof COLUMNS)[number], Cell>>;

function cellsOf(file: ExportFile): Cells {
  const { sequence, envelopeSha256 } = file;
  const known = { sequence, file: reportName(sequence), envelopeSha256 };
  if (!isReadable(file)) return { ...known, what: `unreadable: ${file.unreadable}` };
  const { payloadSha256, told } = file;
  const signedBy = several(file.envelope.signatures.map(({ keyid }) => keyid));
  if (!told) return { ...known, payloadSha256, signedBy, what: "key transition" };
  const { chain, run, summary } = told;
  return {
    ...known,
    payloadSha256,
    signedBy,
    what: told.unchanged ? "no change" : "report",
    commit: told.source?.commit,
    result: told.result,
    trigger: run.trigger,
    mode: run.mode,
    partial: told.scope.partial,
    startedOn: run.startedOn,
    finishedOn: run.finishedOn,
    windowFrom: chain.window?.from,
    windowTo: chain.window?.to,
    nextDueBefore: chain.nextDueBefore,
    previousPayloadSha256: chain.previous?.payloadSha256,
    logSize: chain.log?.size,
    logRootHash: chain.log?.rootHash,
    unchangedSince: told.unchanged?.since.sequence,
    resources: summary["resources"],
    held: summary["held"],
    actions: summary["actions"],
    population: told.coverage?.population,
    protected: told.coverage?.protected,
    jobsFailed: summary["jobs.failed"] ?? told.jobs?.failed.length,
    restoreTests: summary["restoreTests"] ?? told.restoreTests?.length,
  };
}
