import { randomUUID } from "node:crypto";
import { encodeKeys, firstKeys } from "../../attest/sealing/keys.ts";
import { openSigners } from "../../world.ts";
import { settingsOf, type Invocation } from "../invocation.ts";

/**
 * Prints the `keys.json` of a chain yet to begin, or of a sync key: what is committed and pinned before anything is signed, so that nobody
 * has to trust the first thing they see. Signs nothing.
 */
export async function keysCommand(invocation: Invocation): Promise<number> {
  // It looks at keys and at nothing that is desired.
  const signers = await openSigners(settingsOf(invocation, "."));
  invocation.terminal.out(new TextDecoder().decode(encodeKeys(firstKeys(randomUUID(), signers))));
  return 0;
}
