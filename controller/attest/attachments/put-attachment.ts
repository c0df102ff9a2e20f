import { digestOf } from "../../domain/digest.ts";
import type { Attachment } from "../../domain/report.ts";
import type { ObjectStore } from "../../ports.ts";
import { checkAttachment, packRows, ROWS_MEDIA_TYPE } from "./packed-rows.ts";
import { refusedIsBroken } from "../chain/chain.ts";
import { attachmentKey } from "../chain/names.ts";
import type { Attaching } from "../report/subjects.ts";

/** Puts attachments beside a chain's reports. */
export const attachingTo = (store: ObjectStore, chainId: string): Attaching => ({
  rows: async (name, rows) => put(store, chainId, { name, mediaType: ROWS_MEDIA_TYPE, bytes: await packRows(rows) }),
  text: (name, bytes) => put(store, chainId, { name, mediaType: "text/plain; charset=utf-8", bytes }),
});

/** Under its digest, so that a second put of the same bytes is the same attachment. */
async function put(
  store: ObjectStore,
  chainId: string,
  { name, mediaType, bytes }: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array },
): Promise<Attachment> {
  const sha256 = digestOf(bytes);
  const attachment = { name, mediaType, size: bytes.length, digest: { sha256 } };
  const key = attachmentKey(chainId, sha256);
  const answer = await store.put(key, bytes, { condition: { ifAbsent: true }, contentType: mediaType });
  if (answer === "conflict") {
    const there = await store.get(key);
    refusedIsBroken(store, key, () => checkAttachment(there?.body ?? new Uint8Array(), attachment));
  }
  return attachment;
}
