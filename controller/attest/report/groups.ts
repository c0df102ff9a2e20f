import * as z from "zod";
import { type FindingGroup, groupId } from "../../domain/announcement.ts";
import type { GroupRow } from "../../domain/report-rows.ts";
import type { Report } from "../../domain/report.ts";
import { unpackRows } from "../attachments/packed-rows.ts";
import { Refused } from "../chain/refused.ts";

/** The members of every group, a row each: what an approval of a group covers (rule 7). */
export const GROUP_MEMBERS = "group-members.ndjson.gz";
const MembersRow = z.strictObject({ id: z.string(), members: z.array(z.string()) });

export const groupRow = ({ members, ...group }: FindingGroup): GroupRow => ({ ...group, points: members.length });

export function* memberRows(groups: readonly FindingGroup[]): Generator<z.infer<typeof MembersRow>> {
  for (const { id, members } of groups) yield { id, members: [...members] };
}

/** The members that a report lists for a group. The id is their digest, so they prove themselves. Throws `Refused`. */
export async function membersOf(
  { attachments }: Report,
  id: string,
  read: (sha256: string) => Promise<Uint8Array | undefined>,
): Promise<readonly string[] | undefined> {
  const attachment = attachments.find(({ name }) => name === GROUP_MEMBERS);
  const bytes = attachment && (await read(attachment.digest.sha256));
  if (!attachment || !bytes) return undefined;
  const rows = z.array(MembersRow).safeParse(unpackRows(bytes, attachment));
  if (!rows.success) throw new Refused("attachment", `${GROUP_MEMBERS} holds other rows`, { cause: rows.error });
  const members = rows.data.find((row) => row.id === id)?.members;
  if (members && groupId(members) !== id)
    throw new Refused("attachment", `group ${id} has other members than its id says`);
  return members;
}
