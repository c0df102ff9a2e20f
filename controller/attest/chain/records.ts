import * as z from "zod";
import { canonical } from "../../domain/digest.ts";
import { Instant } from "../../domain/identity.ts";
import { RECORD_TYPE } from "../sealing/envelope.ts";
import { policyFrom, type Keys } from "../sealing/keys.ts";
import { Refused } from "./refused.ts";
import { seal } from "../sealing/sign.ts";
import { openEnvelope } from "../sealing/signature.ts";
import type { Signers } from "../sealing/signer.ts";
import { encodeUtf8, parseCanonical } from "../sealing/strict-json.ts";

/** Signed records without a place in the chain. `after`: the chain's last sequence when the record was made. */
const Common = { chain: z.uuid(), after: z.int().min(0), run: z.string(), on: Instant };
export const ChainRecord = z.discriminatedUnion("record", [
  /** A run about to write has proven that it can sign and publish (rule 23). */
  z.strictObject({ record: z.literal("opening"), ...Common }),
  /** A run found the fleet's lease taken, and left (rule 22). */
  z.strictObject({ record: z.literal("stand-down"), ...Common, holder: z.string() }),
]);
export type ChainRecord = z.infer<typeof ChainRecord>;

export const sealRecord = (record: ChainRecord, signers: Signers): Promise<Uint8Array> =>
  seal(encodeUtf8(canonical(ChainRecord.parse(record))), signers, RECORD_TYPE);

/** A record, once a key trusted for the report after it has signed it. Throws `Refused`. */
export function openRecord(file: Uint8Array, keys: Keys, after: number): ChainRecord {
  const payload = payloadOf(file, keys, after);
  const record = ChainRecord.safeParse(parseCanonical(payload));
  if (!record.success) throw new Refused("schema", `is not a record: ${z.prettifyError(record.error)}`);
  if (record.data.chain !== keys.chainId || record.data.after !== after)
    throw new Refused("chain-id", `belongs after report ${record.data.after} of chain ${record.data.chain}`);
  return record.data;
}

/** Whoever stood down while the chain was handed over may not have known of it: its keys are those of the report before. */
function payloadOf(file: Uint8Array, keys: Keys, after: number): Uint8Array {
  try {
    return openEnvelope(file, RECORD_TYPE, keys, after + 1).payload;
  } catch (error) {
    if (!(error instanceof Refused) || !policyFrom(keys, after + 1)) throw error;
    return openEnvelope(file, RECORD_TYPE, keys, after).payload;
  }
}
