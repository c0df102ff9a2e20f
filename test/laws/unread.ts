import type { Call } from "../simulator/calls.ts";
import type { Simulator } from "../simulator/simulator.ts";

/**
 * Where a question was put to AWS and its last answer in this run was none: `account/region`, or the account alone where its role
 * could not be assumed. "Not found" is an answer.
 */
export function unreadTargets(calls: readonly Call[]): ReadonlySet<string> {
  const last = new Map<string, { readonly where: string; readonly answered: boolean }>();
  for (const call of calls) {
    const where = placeOf(call);
    if (where !== undefined) last.set(questionOf(call), { where, answered: isAnswer(call) });
  }
  return new Set([...last.values()].filter(({ answered }) => !answered).map(({ where }) => where));
}

function placeOf({ service, mutating, operation, account, region, input, sourceIdentity }: Call): string | undefined {
  if (operation === "AssumeRole") return String(input["RoleArn"]).split(":")[4];
  if (mutating || sourceIdentity === undefined || isSurvey({ operation, input })) return undefined;
  return service === "backup" || operation === "DescribeKey" ? `${account}/${region}` : undefined;
}

/** Read for the report alone, when all is judged: what breaks off there leaves the report's own sections incomplete. */
const isSurvey = ({ operation, input }: Pick<Call, "operation" | "input">): boolean =>
  ["ListBackupJobs", "ListProtectedResources", "ListRestoreJobs"].includes(operation) ||
  (operation === "ListCopyJobs" && input["ByState"] === undefined);

const questionOf = ({ operation, account, region, input }: Call): string =>
  JSON.stringify([operation, account, operation === "AssumeRole" ? "" : region, input]);

const isAnswer = ({ outcome, delivered }: Call): boolean =>
  delivered && (outcome === "ok" || outcome === "ResourceNotFoundException");

/** Owned twice: live plans that bear one mark in one target, and selections of one plan made for one key. */
export function twins(simulator: Simulator): readonly string[] {
  const owned = [...simulator.organization.accounts.keys()].flatMap((account) =>
    simulator.regions.flatMap((region) => {
      const plans = [...simulator.backup(account, region).plans.values()].filter(
        (one) => one.deletionDate === undefined,
      );
      const at = `${account}/${region}`;
      return plans.flatMap(({ id, tags, selections }) => [
        ...(tags["holdfast:resource"] === undefined
          ? []
          : [`${at} ${tags["holdfast:fleet"]} ${tags["holdfast:resource"]}`]),
        ...[...selections].flatMap(({ creatorRequestId }) => {
          const [, made] = /^(hf\.[a-z2-7]+\.[a-z2-7]+)\.\d+$/.exec(creatorRequestId ?? "") ?? [];
          return made === undefined ? [] : [`${at} ${id} ${made}`];
        }),
      ]);
    }),
  );
  return [...Map.groupBy(owned, (one) => one)].filter(([, all]) => all.length > 1).map(([one]) => one);
}
