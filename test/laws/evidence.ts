import { Statement, type Report } from "../../controller/domain/report.ts";
import { currentObject } from "../simulator/s3/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { BUCKETS } from "../support/universe.ts";

const textOf = (body: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(body);

/** Every report in the evidence bucket, in order: read as the store has them, by nothing that publishes or verifies. */
export function reportsIn(simulator: Simulator): readonly Report[] {
  const bucket = simulator.bucket(BUCKETS.evidence);
  return bucket.keys
    .filter((key) => /\/reports\/\d{10}\.dsse\.json$/.test(key))
    .map((key) => {
      const object = currentObject(bucket, key);
      const { payload } = JSON.parse(textOf(object?.body ?? new Uint8Array())) as { readonly payload: string };
      return Statement.parse(JSON.parse(textOf(Buffer.from(payload, "base64")))).predicate;
    });
}
