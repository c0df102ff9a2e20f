import { RunRecord } from "../../attest/report/record.ts";
import type { Run } from "../../ports.ts";

/** A record as it is handed from process to process: all that the run knows, and nothing of the process that knew it. */
export type RecordData = Omit<RunRecord, "fleet" | "calls" | "observations" | "hear" | "abort">;

export const dataOf = (record: RunRecord): RecordData => {
  const { fleet: _stays, ...data } = record;
  return { ...data, asked: { calls: record.calls, observations: record.observations } };
};

/** The record in another process, which has a deadline of its own. Lists are copied: the data is read by others too. */
export const recordFrom = (data: RecordData, run: Run): RunRecord =>
  Object.assign(new RunRecord(run, data.startedOn), {
    ...data,
    run,
    outcomes: [...data.outcomes],
    recovered: [...data.recovered],
    attachments: [...data.attachments],
    limitations: [...data.limitations],
    unheard: [...data.unheard],
  });
