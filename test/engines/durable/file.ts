import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import type { Kept } from "../../simulator/durable/execution.ts";

/** Whole or not at all, whenever the process that writes it dies. */
export function putDown(file: string, execution: Kept): void {
  writeFileSync(`${file}.new`, serialize(execution));
  renameSync(`${file}.new`, file);
}

export const takeUp = (file: string): Kept => deserialize(readFileSync(file)) as Kept; // `putDown` wrote it
