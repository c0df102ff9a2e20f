import { HoldfastError } from "../../domain/errors.ts";
import type { Evidence, ObjectStore } from "../../ports.ts";
import { chainBroken } from "../chain/chain.ts";
import { KEYS_FILE } from "../chain/names.ts";
import { parseKeys } from "../sealing/keys.ts";
import { attachingTo } from "./put-attachment.ts";

/**
 * How a worker adds to evidence: lists, to the chain that its coordinator has opened. It begins none and signs nothing (rule 24), so that it
 * needs no key and no right to anything that is signed.
 */
export const attachOnly = (store: ObjectStore): Evidence => ({
  attach: async (name, rows) => attachingTo(store, await chainIn(store)).rows(name, rows),
  recall: coordinatorsOwn,
  open: coordinatorsOwn,
  publish: coordinatorsOwn,
  standDown: coordinatorsOwn,
});

/** Throws HoldfastError `chain-broken`. */
async function chainIn(store: ObjectStore): Promise<string> {
  const object = await store.get(KEYS_FILE);
  const parsed = object ? parseKeys(object.body) : { wrong: "is not there" };
  if ("wrong" in parsed) throw chainBroken(store, `${KEYS_FILE} ${parsed.wrong}`);
  return parsed.keys.chainId;
}

function coordinatorsOwn(): never {
  throw new HoldfastError(
    "operation-not-granted",
    "a worker attaches lists to evidence: everything else is its coordinator's to say",
  );
}
