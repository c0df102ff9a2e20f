import * as z from "zod";
import { unpackRows } from "../attest/attachments/packed-rows.ts";
import { decodeEnvelope, type Envelope } from "../attest/sealing/envelope.ts";
import { Refused } from "../attest/chain/refused.ts";
import { digestOf } from "../domain/digest.ts";
import { Attachment } from "../domain/report.ts";
import {
  Told,
  ToldAction,
  ToldChange,
  ToldException,
  ToldHold,
  ToldJob,
  ToldMisnamed,
  ToldResource,
  ToldRestoreTest,
  ToldRestoreTimes,
  ToldStatement,
  ToldUnprotected,
  ToldVault,
} from "./told.ts";

/** One file of a chain as exports take it. Nothing here verifies: that is the verifier's, and a pack says what the verifier said. */
export interface ExportReport {
  /** From the file's name. */
  readonly sequence: number;
  readonly payloadSha256: string;
  readonly envelopeSha256: string;
  readonly envelope: Envelope;
  /** Undefined of a key transition, which is a link of the chain and no report. */
  readonly told: Told | undefined;
  readonly predicateType: string;
  /** The blob id of the first manifest that it names. */
  readonly gitBlob: string | undefined;
}

/** A file that cannot be read as a report, and why; it is exported as a line of the index and nothing more. */
export interface UnreadableFile {
  readonly sequence: number;
  readonly envelopeSha256: string;
  readonly unreadable: string;
}
export type ExportFile = ExportReport | UnreadableFile;

export const isReadable = (file: ExportFile): file is ExportReport => !("unreadable" in file);

/** The bytes with this SHA-256; undefined where they are not at hand. */
export type ReadAttachment = (sha256: string) => Promise<Uint8Array | undefined>;

const TRANSITION = "https://holdfast.dev/key-transition/";

/** Reads a file, and what the report moved out into attachments (rule 34) with it. */
export async function readExportFile(
  sequence: number,
  bytes: Uint8Array,
  attachment: ReadAttachment,
): Promise<ExportFile> {
  const envelopeSha256 = digestOf(bytes);
  try {
    const envelope = decodeEnvelope(bytes);
    const statement = ToldStatement.parse(
      JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(envelope.payload)),
    );
    const { predicateType, subject } = statement;
    const gitBlob = subject.find(({ digest }) => digest["gitBlob"] !== undefined)?.digest["gitBlob"];
    const read = { sequence, payloadSha256: digestOf(envelope.payload), envelopeSha256, envelope, gitBlob };
    if (predicateType.startsWith(TRANSITION)) return { ...read, predicateType, told: undefined };
    return { ...read, predicateType, told: await withMovedRows(Told.parse(statement.predicate), attachment) };
  } catch (error) {
    return { sequence, envelopeSha256, unreadable: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `is not a report: ${z.prettifyError(error)}`;
  if (error instanceof Refused || error instanceof SyntaxError || error instanceof TypeError) return error.message;
  throw error;
}

/** Lists that a long report stores as attachments, back in their places. One whose bytes are not at hand stays empty. */
async function withMovedRows(told: Told, attachment: ReadAttachment): Promise<Told> {
  const rows = async <Row>(section: string, row: z.ZodType<Row>, here: readonly Row[]): Promise<Row[]> => {
    if (here.length > 0 || (told.summary[section] ?? 0) === 0) return [...here];
    const moved = await attachedRows(told, `${section}.ndjson.gz`, attachment);
    return moved === undefined ? [] : z.array(row).parse(moved);
  };
  const { coverage, jobs } = told;
  return {
    ...told,
    ...(coverage && {
      coverage: { ...coverage, unprotected: await rows("coverage.unprotected", ToldUnprotected, coverage.unprotected) },
    }),
    ...(jobs && { jobs: { ...jobs, failed: await rows("jobs.failed", ToldJob, jobs.failed) } }),
    restoreTests: await rows("restoreTests", ToldRestoreTest, told.restoreTests ?? []),
    vaults: await rows("vaults", ToldVault, told.vaults ?? []),
    exceptions: await rows("exceptions", ToldException, told.exceptions ?? []),
    ...(told.misnamed && { misnamed: await rows("misnamed", ToldMisnamed, told.misnamed) }),
    ...(told.restoreTimes && { restoreTimes: await rows("restoreTimes", ToldRestoreTimes, told.restoreTimes) }),
    resources: await rows("resources", ToldResource, told.resources),
    held: await rows("held", ToldHold, told.held),
    changes: await rows("changes", ToldChange, told.changes),
    actions: await rows("actions", ToldAction, told.actions),
  };
}

/**
 * The rows of a report's attachment of that name, or of all that a pattern names: lists that many processes made are an attachment each.
 * Undefined where it has none, or where some bytes are not at hand or are not the signed ones: what nobody signed is not exported as if
 * somebody had, and part of a list not as if it were all.
 */
export async function attachedRows(
  told: Told,
  name: string | RegExp,
  attachment: ReadAttachment,
): Promise<readonly unknown[] | undefined> {
  const found = told.attachments.filter((one) => isNamed(one.name, name));
  if (found.length === 0) return undefined;
  try {
    const all: unknown[] = [];
    for (const one of found) {
      const bytes = await attachment(one.digest.sha256);
      if (!bytes) return undefined;
      for (const row of unpackRows(bytes, Attachment.parse(one))) all.push(row);
    }
    return all;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

export const isNamed = (name: string, wanted: string | RegExp): boolean =>
  typeof wanted === "string" ? name === wanted : wanted.test(name);
