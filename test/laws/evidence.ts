import { type Report, Statement } from "../../controller/domain/report.ts";
import { readKeys } from "../../controller/verifier/keys.ts";
import { nodePrimitives } from "../../controller/verifier/node.ts";
import { verifyChain } from "../../controller/verifier/verify.ts";
import { currentObject } from "../simulator/s3/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { BUCKETS } from "../support/universe.ts";

/**
 * The last report as an auditor has it: the whole chain taken out of the bucket and given to the verifier, with every attachment, pack and
 * the keys that lie there. Throws where anything does not verify; answers what the verifier read, never what a run said it published.
 */
export async function verifiedTip(simulator: Simulator, name: string = BUCKETS.evidence): Promise<Report> {
  const bucket = simulator.bucket(name);
  const bytesOf = (key: string) => currentObject(bucket, key)?.body;
  const keys = await readKeys(bytesOf("keys.json") ?? new Uint8Array(), nodePrimitives);
  const at = (place: string) => `v1/${keys.chainId}/${place}`;
  const files = bucket.keys
    .filter((key) => key.startsWith(at("reports/")))
    .map((key) => ({ name: key.slice(key.lastIndexOf("/") + 1), bytes: bytesOf(key) ?? new Uint8Array() }));
  let last: unknown;
  const verification = await verifyChain(
    files,
    keys,
    {
      attachment: async (sha256) => bytesOf(at(`attachments/${sha256}`)),
      each: ({ statement }) => (last = statement.raw),
    },
    nodePrimitives,
  );
  const { intact, complete, problems } = verification;
  if (intact !== "yes" || complete !== "yes") throw new Error(`the chain does not verify: ${JSON.stringify(problems)}`);
  return Statement.parse(last).predicate;
}

const textOf = (body: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(body);

/** Every report in the evidence bucket, in order: read as the store has them, by nothing that publishes or verifies. */
export function reportsIn(simulator: Simulator, name: string = BUCKETS.evidence): readonly Report[] {
  const bucket = simulator.bucket(name);
  return bucket.keys
    .filter((key) => /\/reports\/\d{10}\.dsse\.json$/.test(key))
    .map((key) => {
      const object = currentObject(bucket, key);
      const { payload } = JSON.parse(textOf(object?.body ?? new Uint8Array())) as { readonly payload: string };
      return Statement.parse(JSON.parse(textOf(Buffer.from(payload, "base64")))).predicate;
    });
}
