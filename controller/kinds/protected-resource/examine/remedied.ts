import {
  type describeKey,
  type listBackupJobs,
  type listCopyJobs,
  listRecoveryPoints,
} from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Finding } from "../../../domain/change.ts";
import { AwsError, type AwsFailure } from "../../../domain/errors.ts";
import type { Settled } from "../../../domain/inventory.ts";
import type { Examined, ExamineContext } from "../../kind.ts";
import { pages } from "../../../aws/pages.ts";
import { placeOf } from "../../place.ts";
import { examineCopies } from "../../copy-jobs.ts";
import { DROPPED } from "../../dropped.ts";
import { joinKey, mayBeFrom } from "../../copy-match.ts";
import { CopyMend } from "../../copy-mend.ts";
import { type RecoveryPointRow, toRow } from "../../point-row.ts";
import { type Choice, REMEDY_UNCOPIED, type RemediedInput } from "../judge/remedied.ts";
import { MISSED } from "../remedy-tag.ts";
import type { Remedied } from "../survey/remedied.ts";
import { eachJob } from "./jobs.ts";

type RemedyCall = Call<typeof listBackupJobs | typeof listCopyJobs | typeof describeKey>;
type Elsewhere = Pick<ExamineContext<unknown>, "now" | "elsewhere">;

/** Of each backup that was made up for the copies that its rule would have made and that are neither there nor on their way. */
export async function examineRemedied(
  call: RemedyCall,
  parts: readonly Examined[],
  context: Elsewhere,
): Promise<readonly Settled[]> {
  return Promise.all(
    parts.map(async (part) => {
      const open = part.findings.filter(isOpen);
      if (open.length === 0) return part;
      const { lacking, doubt } = await lackingOf(call, open, context);
      const examined = await examineCopies(call, lacking, context);
      const told = lacking.map((one) => examined.get(one) ?? one).filter(({ cause }) => cause !== DROPPED);
      const unsure = part.doubt ?? doubt;
      return {
        ...part,
        findings: [...part.findings.filter((one) => !isOpen(one)), ...told],
        tallies: [...part.tallies, ...talliesOf(told)],
        ...(unsure ? { doubt: unsure } : {}),
      };
    }),
  );
}

const isOpen = ({ cause }: Finding): boolean => cause === REMEDY_UNCOPIED;

const talliesOf = (findings: readonly Finding[]): Settled["tallies"] =>
  [...Map.groupBy(findings, ({ rule }) => rule.name)].map(([policy, all]) => ({
    policy,
    cause: REMEDY_UNCOPIED,
    points: all.length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  }));

/** What could not be read is in doubt, and never lacking (law 1). */
async function lackingOf(call: RemedyCall, open: readonly Finding[], context: Elsewhere) {
  const lacking: Finding[] = [];
  let doubt: AwsFailure | undefined;
  for (const finding of open) {
    // As judging left it, in this run: it was never written down.
    const input = finding.mend?.input as RemediedInput | undefined;
    if (!input) continue;
    const { remedied, choices } = input;
    try {
      const choice = await choiceFor(call, remedied, choices);
      for (const one of choice?.findings ?? []) if (await isLacking(remedied, one, context)) lacking.push(one);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      doubt ??= error.failure;
    }
  }
  return { lacking, doubt };
}

/** The rule whose job failed, where that is known; else the one that is repeated when it is not: the most frequent. */
async function choiceFor(
  call: Call<typeof listBackupJobs>,
  { failedJob, row }: Remedied,
  choices: readonly Choice[],
): Promise<Choice | undefined> {
  if (failedJob === MISSED || choices.length < 2) return choices[0];
  let found: Choice | undefined;
  await eachJob(call, { ByResourceArn: row.resourceArn }, ({ BackupJobId, CreatedBy: by }) => {
    if (BackupJobId === failedJob)
      found = choices.find((one) => one.planId === by?.BackupPlanId && one.ruleName === by.BackupRuleName);
  });
  return found ?? choices[0];
}

/** Nothing there can be its copy. Several that can settle nothing, and a vault beyond this run's part of the fleet is another run's to judge. */
async function isLacking({ row, vaultArn }: Remedied, finding: Finding, { elsewhere }: Elsewhere): Promise<boolean> {
  const { destination } = CopyMend.parse(finding.mend?.input);
  const place = placeOf(destination);
  const there = place && (elsewhere(place) as Call<typeof listRecoveryPoints> | undefined);
  if (!there) return false;
  const found = await besideIn(there, destination.slice(destination.lastIndexOf(":") + 1), row);
  return !found.some(
    (one) =>
      one.arn !== row.arn && one.status !== "DELETING" && mayBeFrom(vaultArn, one) && joinKey(one) === joinKey(row),
  );
}

/** Bounds may or may not be included: edges overlap (rule 20). Milliseconds. */
const OVERLAP_MS = 1_000;

/** What a vault holds of the same resource and moment. */
async function besideIn(
  call: Call<typeof listRecoveryPoints>,
  BackupVaultName: string,
  { resourceArn, createdOn }: RecoveryPointRow,
): Promise<readonly RecoveryPointRow[]> {
  const filter = {
    ByResourceArn: resourceArn,
    ByCreatedAfter: new Date(createdOn - OVERLAP_MS),
    ByCreatedBefore: new Date(createdOn + OVERLAP_MS),
  };
  const read = (NextToken: string | undefined) => call(listRecoveryPoints, { BackupVaultName, ...filter, NextToken });
  const rows: RecoveryPointRow[] = [];
  for await (const page of pages(listRecoveryPoints.name, read))
    rows.push(...(page.RecoveryPoints ?? []).flatMap((point) => toRow(point) ?? []));
  return rows;
}
