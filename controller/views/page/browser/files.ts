import { hex, utf8 } from "../../../verifier/bytes.ts";
import type { PageData } from "../data.ts";

/** What the page was given to look at, by what each file is. Nothing in it has been checked. */
export interface Files {
  readonly keys: Uint8Array | undefined;
  /** Reports by file name. */
  readonly reports: ReadonlyMap<string, Uint8Array>;
  /** Everything else by the SHA-256 of its bytes, which is the only name that counts. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** Git packs by the commit in their names. */
  readonly packs: ReadonlyMap<string, Uint8Array>;
}

export const NOTHING: Files = { keys: undefined, reports: new Map(), blobs: new Map(), packs: new Map() };

const REPORT = /(?:^|\/)(\d{10}\.dsse\.json)$/;
const PACK = /(?:^|\/)([0-9a-f]{40})\.pack$/;

export const fileNameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The data that this page came with; undefined for a viewer without any. Throws where it is not what the page's builder writes. */
export async function embedded(): Promise<{ readonly files: Files; readonly focus: number | undefined } | undefined> {
  const text = document.getElementById("evidence")?.textContent?.trim();
  if (!text) return undefined;
  const data = JSON.parse(text) as PageData;
  const blobs = new Map<string, Uint8Array>();
  for (const encoded of data.attachments) {
    const bytes = bytesOf(encoded);
    blobs.set(await sha256(bytes), bytes);
  }
  return {
    focus: data.focus ?? undefined,
    files: {
      keys: utf8(data.keys),
      reports: new Map(Object.entries(data.reports).map(([name, envelope]) => [name, utf8(envelope)])),
      blobs,
      packs: new Map(Object.entries(data.packs).map(([commit, encoded]) => [commit, bytesOf(encoded)])),
    },
  };
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

export async function sha256(bytes: Uint8Array): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))));
}

/** Files as they were chosen or dropped, added to those at hand; of the same name the later counts. A `.tar` gives what is in it. */
export async function withGiven(files: Files, given: readonly Given[]): Promise<Files> {
  let keys = files.keys;
  const reports = new Map(files.reports);
  const blobs = new Map(files.blobs);
  const packs = new Map(files.packs);
  for (const { path, bytes } of given.flatMap(unpacked)) {
    const report = REPORT.exec(path)?.[1];
    const commit = PACK.exec(path)?.[1];
    if (report !== undefined) reports.set(report, bytes);
    else if (fileNameOf(path) === "keys.json") keys = bytes;
    else if (commit !== undefined) packs.set(commit, bytes);
    else blobs.set(await sha256(bytes), bytes);
  }
  return { keys, reports, blobs, packs };
}

export interface Given {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function unpacked(file: Given): readonly Given[] {
  return file.path.endsWith(".tar") ? [...tarEntries(file.bytes)] : [file];
}

const BLOCK = 512;

/** The files of a ustar archive with names as an evidence pack has them (POSIX.1-1988); anything else in it is passed over. */
function* tarEntries(archive: Uint8Array): Generator<Given> {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(archive.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + BLOCK <= archive.length;) {
    const name = text(at, 100);
    if (name === "") return;
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (!Number.isSafeInteger(size)) return;
    const prefix = text(at + 345, 155);
    const type = archive[at + 156];
    if (type === 0 || type === 48)
      yield { path: prefix ? `${prefix}/${name}` : name, bytes: archive.slice(at + BLOCK, at + BLOCK + size) };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Everything that was dropped, folders with all that is in them. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly Given[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<readonly Given[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [await read(file, entry.fullPath)];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const found: FileSystemEntry[] = [];
  // A reader hands out its entries in batches, the last of them empty.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) break;
    found.push(...batch);
  }
  return (await Promise.all(found.map(filesIn))).flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

export const chosenFiles = async (list: FileList): Promise<readonly Given[]> =>
  Promise.all([...list].map((file) => read(file, file.webkitRelativePath || file.name)));

const read = async (file: File, path: string): Promise<Given> => ({
  path,
  bytes: new Uint8Array(await file.arrayBuffer()),
});
