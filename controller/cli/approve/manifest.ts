import { stringify } from "yaml";
import { PlainName } from "../../load/manifests/common.ts";
import type { ApprovalSpec } from "../../load/manifests/approval.ts";
import { refused, type Request } from "./request.ts";
import type { Resolved } from "./resolve.ts";

/** An Approval's name, as asked for or after what it names first. */
export function nameOf({ name, ids, standing }: Request): string {
  const given = name ?? ids[0] ?? (standing[0] === undefined ? "last-points" : `standing-${standing[0]}`);
  const parsed = PlainName.safeParse(given);
  if (!parsed.success) throw refused(`--name ${given} is no name: 1 to 63 lower-case letters, digits and hyphens`);
  return parsed.data;
}

/** What was not asked for is not there: an empty list would approve nothing, and say so. */
export const specOf = ({ reason, ticket, expires }: Request, resolved: Resolved): ApprovalSpec => ({
  ...(resolved.changes.length > 0 ? { changes: [...resolved.changes] } : {}),
  ...(resolved.groups.length > 0 ? { groups: resolved.groups.map((one) => ({ ...one })) } : {}),
  ...(resolved.standing.length > 0 ? { standing: resolved.standing.map((one) => ({ ...one })) } : {}),
  ...(resolved.lastPoints.length > 0 ? { lastPoints: [...resolved.lastPoints] } : {}),
  reason,
  ...(ticket === undefined ? {} : { ticket }),
  expires,
});

/** The manifest as a reviewer reads it: what its ids stood for when it was written is told above it. */
export const manifestText = (name: string, spec: ApprovalSpec, remarks: readonly string[]): string =>
  [
    ...remarks.map((remark) => `# ${remark}`),
    stringify({ apiVersion: "holdfast/v1", kind: "Approval", metadata: { name }, spec }, { lineWidth: 0 }),
  ].join("\n");
