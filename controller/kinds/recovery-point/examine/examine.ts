import {
  describeKey,
  listCopyJobs,
  listLegalHolds,
  listRecoveryPointsByLegalHold,
} from "../../../aws/backup-operations.ts";
import { describeDbClusterSnapshots, describeDbSnapshots, getTaggedResources } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Target } from "../../../domain/identity.ts";
import type { Settled } from "../../../domain/inventory.ts";
import type { Examined, ExamineContext } from "../../kind.ts";
import { OWNER_READS } from "../../../owner-services/service.ts";
import type { RecoveryPointRuleSpec } from "../spec.ts";
import { examineCopies } from "../../copy-jobs.ts";
import { DROPPED } from "../../dropped.ts";
import { examineDestructions } from "./destructions.ts";
import { judgeAbsent, withoutLiving } from "./missing.ts";
import { OBSTACLE_READS } from "./obstacles.ts";
import { examineTags } from "./orphan-tags.ts";

/** The reads that no listing of points makes unnecessary, each made only where some finding depends on it. */
export const EXAMINATIONS = [
  listLegalHolds,
  listRecoveryPointsByLegalHold,
  listCopyJobs,
  describeKey,
  getTaggedResources,
  describeDbSnapshots,
  describeDbClusterSnapshots,
  ...OBSTACLE_READS,
] as const;
/** What is looked at where a resource or a copy's key belongs, which may be another target. */
export const ELSEWHERE = [describeKey, ...OWNER_READS] as const;
export type ExamineCall = Call<(typeof EXAMINATIONS)[number]>;

/**
 * Looks up what the findings of a target depend on: whether missing resources are gone, and what forbids each destruction, mark and
 * copy. Only findings are looked at, never every point.
 */
export async function examinePoints(
  call: ExamineCall,
  _target: Target,
  parts: readonly Examined[],
  context: ExamineContext<RecoveryPointRuleSpec>,
): Promise<readonly Settled[]> {
  const missing = await judgeAbsent(call, parts, context);
  const living = parts.map((part) => withoutLiving(part, missing, context));
  const findings = living.flatMap((part) => part.findings);
  const { examined: destructions, forbids } = await examineDestructions(call, findings, context);
  const examined = new Map([
    ...(await examineTags(call, findings, context.memory)),
    ...destructions,
    ...(await examineCopies(call, findings, context)),
  ]);
  return living.map(({ findings: kept, ...part }) => ({
    ...part,
    findings: kept.map((one) => examined.get(one) ?? one).filter((one) => one.cause !== DROPPED),
    sightings: part.absent.flatMap(({ resource }) => missing.sightings.get(resource) ?? []),
    ...(forbids ? { forbids } : {}),
  }));
}
