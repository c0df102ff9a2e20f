import * as z from "zod";
import { canonical } from "../domain/digest.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { Journal, JournalPart, ObjectStore, OpenJournal } from "../ports.ts";
import { enterRun, readOpenRuns, strikeRun } from "./open-runs.ts";
import { ChangeRow, OutcomeRow } from "./rows.ts";

const folderOf = (run: string): string => `runs/${encodeURIComponent(run)}/journal/`;
const waveOf = (wave: number): string => String(wave).padStart(4, "0");
/** `0002.intents.ndjson`, or `0002.s0017.c8f0.intents.ndjson` of an attempt at a part of the wave. */
const fileOf = (run: string, wave: number, what: "intents" | "outcomes", part?: JournalPart): string =>
  [`${folderOf(run)}${waveOf(wave)}`, ...(part ? [part.name, part.attempt] : []), what, "ndjson"].join(".");
const closingOf = (run: string): string => `${folderOf(run)}closed.json`;

/** Journals in a store: an object for the intents of each wave and one for its outcomes, put once and whole (rule 23). */
export function createJournal({ store }: { readonly store: ObjectStore }): Journal {
  const entered = new Set<string>();
  const enter = async (run: string): Promise<void> => {
    if (!entered.has(run)) await enterRun(store, run);
    entered.add(run);
  };
  return {
    unclosed: async () => {
      const journals: OpenJournal[] = [];
      for (const run of await readOpenRuns(store)) {
        const keys = await store.list(folderOf(run));
        // Closed, and died before it was struck from the list.
        if (keys.includes(closingOf(run))) await strikeRun(store, run);
        else journals.push({ run, waves: await readWaves(store, keys) });
      }
      return journals;
    },
    enter: (run) => enter(run),
    intend: async (run, wave, changes, part) => {
      await enter(run);
      await putOnce(store, fileOf(run, wave, "intents", part), rowsOf(changes));
    },
    conclude: async (run, wave, outcomes, part) => {
      await putOnce(store, fileOf(run, wave, "outcomes", part), rowsOf(outcomes));
    },
    attempts: async (run, wave, part) => readWaves(store, await store.list(`${folderOf(run)}${waveOf(wave)}.${part}.`)),
    close: async (run, reportSequence) => {
      if (!(await readOpenRuns(store)).includes(run)) return; // it wrote nothing, or it is closed
      await putOnce(store, closingOf(run), canonical({ version: 1, run, report: reportSequence }));
      await strikeRun(store, run);
    },
  };
}

const rowsOf = (rows: readonly unknown[]): string => rows.map((row) => `${canonical(row)}\n`).join("");

/** The same bytes twice are an earlier try whose answer was lost; other bytes are another writer's. */
async function putOnce(store: ObjectStore, key: string, text: string): Promise<void> {
  const body = new TextEncoder().encode(text);
  const contentType = key.endsWith(".json") ? "application/json" : "application/x-ndjson";
  if ((await store.put(key, body, { condition: { ifAbsent: true }, contentType })) !== "conflict") return;
  const there = await store.get(key);
  if (there && new TextDecoder().decode(there.body) === text) return;
  throw new HoldfastError(
    "lease-lost",
    `${store.url}/${key} was written by another process: two of them run under one id, and this one stops`,
  );
}

const INTENTS = /\/(?<wave>\d{4,})(?:\.[\w-]+\.[\w-]+)?\.intents\.ndjson$/;

/** One entry for each file of intents: of a wave, or of an attempt at a part of one. */
async function readWaves(store: ObjectStore, keys: readonly string[]): Promise<OpenJournal["waves"]> {
  const waves: OpenJournal["waves"][number][] = [];
  for (const key of keys) {
    const wave = INTENTS.exec(key)?.groups?.["wave"];
    if (wave === undefined) continue;
    const outcomes = key.replace(/intents\.ndjson$/, "outcomes.ndjson");
    waves.push({
      wave: Number(wave),
      intents: await readRows(store, key, ChangeRow),
      outcomes: keys.includes(outcomes) ? await readRows(store, outcomes, OutcomeRow) : null,
    });
  }
  return waves.toSorted((a, b) => a.wave - b.wave);
}

async function readRows<T>(store: ObjectStore, key: string, row: z.ZodType<T>): Promise<readonly T[]> {
  const object = await store.get(key);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(object?.body);
    const lines = text.split("\n").slice(0, -1);
    return z.array(row).parse(lines.map((line): unknown => JSON.parse(line)));
  } catch (cause) {
    throw new HoldfastError(
      "store-unreachable",
      `${store.url}/${key} cannot be read, so nobody can tell what that run did: see its writes in CloudTrail by its run id, then take it out of open-runs.json`,
      { cause },
    );
  }
}
