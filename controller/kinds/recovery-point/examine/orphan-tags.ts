import type { Finding } from "../../../domain/change.ts";
import type { FoldMemory } from "../../kind.ts";
import { TagMend } from "../mend/tag.ts";
import { ORPHAN_CAUSES } from "../spec.ts";
import { dropped } from "../../dropped.ts";
import type { ExamineCall } from "./examine.ts";
import { listTagged } from "../../tagged.ts";
import { DELETE_AFTER_TAG, NO_MARK, ORPHAN_TAG } from "./marks.ts";

/** Which marks of orphans are already there: setting them again would be a write for nothing (law 8). */
export async function examineTags(
  call: ExamineCall,
  findings: readonly Finding[],
  memory: FoldMemory,
): Promise<ReadonlyMap<Finding, Finding>> {
  const marks = findings.filter((finding) => isMark(finding));
  if (marks.length === 0) return new Map();
  const tagged = await listTagged(call, ORPHAN_TAG);
  return new Map(
    marks.map((finding): [Finding, Finding] => {
      if ("failure" in tagged)
        return [
          finding,
          {
            ...finding,
            bars: [
              ...finding.bars,
              {
                reason: "unknown-state",
                because: `its tags could not be listed: ${tagged.failure.operation}: ${tagged.failure.message}`,
                release: "leave to read them",
              },
            ],
          },
        ];
      const due = memory.dueOn.get(finding.subject);
      const there = tagged.get(finding.subject) ?? {};
      const wanted = {
        [ORPHAN_TAG]: finding.cause,
        ...(due !== undefined && { [DELETE_AFTER_TAG]: dayOf(due) }),
        ...(due === undefined && DELETE_AFTER_TAG in there && { [DELETE_AFTER_TAG]: NO_MARK }),
      };
      const missing = Object.entries(wanted).filter(([key, value]) => there[key] !== value);
      return [finding, missing.length === 0 ? dropped(finding) : withTags(finding, Object.fromEntries(missing), there)];
    }),
  );
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** The marks of orphans, not the tags that a policy asks for. */
const isMark = ({ mend, cause }: Finding): boolean =>
  mend?.step === "tag" && (ORPHAN_CAUSES as readonly string[]).includes(cause);

function withTags(
  finding: Finding,
  tags: Readonly<Record<string, string>>,
  there: Readonly<Record<string, string>>,
): Finding {
  const { mend } = finding;
  if (!mend) return finding;
  const input: TagMend = { ...TagMend.parse(mend.input), tags: { ...tags } };
  const fields = Object.entries(tags).map(([key, value]) => ({
    path: `tags.${key}`,
    live: there[key],
    desired: value,
    effect: "neutral" as const,
    on: "in-place" as const,
    hazards: [],
  }));
  return { ...finding, mend: { ...mend, fields, input } };
}
