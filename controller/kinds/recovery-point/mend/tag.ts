import * as z from "zod";
import type { Finding } from "../../../domain/change.ts";
import { HoldfastError } from "../../../domain/errors.ts";
import type { Target } from "../../../domain/identity.ts";
import type { AmendResult } from "../../kind.ts";
import { type TagCall, tagger } from "./taggers.ts";

export const TagMend = z.strictObject({
  vault: z.string(),
  arn: z.string(),
  tags: z.record(z.string(), z.string()),
});
export type TagMend = z.infer<typeof TagMend>;

/** Adds tags. Doing it twice leaves the same behind. */
export async function addTags(call: TagCall, _target: Target, finding: Finding): Promise<AmendResult> {
  const { arn, tags } = TagMend.parse(finding.mend?.input);
  const tag = tagger(arn);
  if (!tag) throw new HoldfastError("internal", `${arn} takes no tags`);
  await tag(call, tags);
  return "updated";
}
