import { SHOP, VAULTS } from "../support/universe.ts";
import type { Announced } from "./announced.ts";
import { deleteOn } from "./facts.ts";
import { leastDays, type Matched, mostDays } from "./policies.ts";
import type { Sight } from "./witness.ts";

const DAY_MS = 86_400_000;
const LEAST_GRACE_DAYS = 3;
const USUAL_GRACE_DAYS = 14;

/** What is not as the announcement has it: the cause, the grace, the date (rules 2–6). */
export function causeProblems(
  sight: Sight,
  announced: Announced,
  policies: readonly Matched[],
  goneSince: Date | undefined,
): readonly string[] {
  const { row, begunOn } = announced;
  if (!row || !begunOn) return [];
  const policy = policies.find(({ name }) => name === row.policy);
  const asked = row.cause === "copied" ? policy?.copies : policy?.orphans;
  const grace = Math.max(LEAST_GRACE_DAYS, asked?.graceDays ?? USUAL_GRACE_DAYS) * DAY_MS;
  const graceEnds = begunOn.getTime() + grace;
  const early = sight.at.getTime() < graceEnds ? [`its grace ends on ${new Date(graceEnds).toISOString()}`] : [];
  return [
    ...early,
    ...(row.cause === "copied"
      ? copiedProblems(sight, policies)
      : sight.operation === "DeleteRecoveryPoint"
        ? orphanProblems(sight, row.cause, policies, policy, { goneSince, begunOn })
        : shorteningProblems(sight, row, policies, begunOn.getTime() + grace)),
  ];
}

interface Since {
  readonly goneSince: Date | undefined;
  readonly begunOn: Date;
}

function orphanProblems(
  { point, status, days, plan, resourceLives, owned, at }: Sight,
  cause: string,
  policies: readonly Matched[],
  policy: Matched | undefined,
  { goneSince, begunOn }: Since,
): readonly string[] {
  const wrong = (is: boolean, why: string): readonly string[] => (is ? [why] : []);
  const asked = policy?.orphans?.action === "delete" && policy.orphans.when.some((one) => one === cause);
  const least = leastDays(policies);
  const common = [
    ...wrong(!asked, `policy ${policy?.name} does not ask for it`),
    ...wrong(at.getTime() < deleteOn(point, least), `a policy keeps it for ${least} days`),
  ];
  if (cause === "expired") return [...common, ...wrong(status !== "EXPIRED", `it is ${status}`)];
  const ageing = wrong(Number.isFinite(days), `it goes by itself after ${days} days`);
  if (cause === "unowned")
    return [
      ...common,
      ...ageing,
      ...wrong(owned, "a tag says whose it is"),
      ...wrong(!resourceLives, "its resource is gone, which no tag could say anything of"),
      ...wrong(point.sourceBackupVaultArn !== undefined, "it is a copy, and the tags of its resource are elsewhere"),
    ];
  const orphan = [...wrong(plan === "none", "it was made by hand"), ...ageing];
  if (cause === "planDeleted")
    return [
      ...common,
      ...orphan,
      ...wrong(plan !== "gone", "its plan lives"),
      ...wrong(!inFleet(point.createdBy?.BackupPlanArn), "its plan was none of the fleet's"),
    ];
  const missing = Math.max(1, policy?.orphans?.minMissingDays ?? 30) * DAY_MS;
  return [
    ...common,
    ...orphan,
    ...wrong(resourceLives || goneSince === undefined, "its resource lives"),
    ...wrong(
      !inFleet(point.resourceArn) && !point.resourceArn.includes(":s3:"),
      "its resource was none of the fleet's",
    ),
    ...wrong(
      goneSince !== undefined && begunOn.getTime() - goneSince.getTime() < missing,
      `it was announced ${begunOn.toISOString()}, and its resource is missing since ${goneSince?.toISOString()} only`,
    ),
  ];
}

/** Left to its copies (rule 20): in every vault that any policy asks for one exactly one, fit to restore from, and long enough beside them. */
function copiedProblems({ point, status, at, copyProblems }: Sight, policies: readonly Matched[]): readonly string[] {
  const wrong = (is: boolean, why: string): readonly string[] => (is ? [why] : []);
  const asking = policies.flatMap((policy) => policy.copies ?? []);
  const to = asking.flatMap((one) => one.to);
  const [least, beside] = [leastDays(policies), Math.min(...asking.map(({ keepLocalDays }) => keepLocalDays))];
  return [
    ...wrong(asking.length === 0, "no policy asks for copies of it"),
    ...wrong(status !== "COMPLETED", `it is ${status}`),
    ...wrong(point.sourceBackupVaultArn !== undefined, "it is a copy itself"),
    ...wrong(at.getTime() < deleteOn(point, beside), `it stays beside its copy for ${beside} days`),
    ...wrong(at.getTime() < deleteOn(point, least), `a policy keeps it for ${least} days`),
    ...to.flatMap((vault) => copyProblems[vault] ?? []),
  ];
}

const inFleet = (arn: string | undefined): boolean => [SHOP, VAULTS].includes(arn?.split(":")[4] ?? "");

function shorteningProblems(
  { point, input, days, coldDays, status }: Sight,
  { deleteOn: announcedOn }: NonNullable<Announced["row"]>,
  policies: readonly Matched[],
  graceEnds: number,
): readonly string[] {
  const lifecycle = input["Lifecycle"] as Readonly<Record<string, number | undefined>>;
  const [wanted, cold] = [
    lifecycle["DeleteAfterDays"] ?? Number.POSITIVE_INFINITY,
    lifecycle["MoveToColdStorageAfterDays"],
  ];
  const wrong = (is: boolean, why: string): readonly string[] => (is ? [why] : []);
  const [least, most] = [leastDays(policies), mostDays(policies)];
  return [
    ...wrong(status === "EXPIRED", "it is expired"),
    ...wrong(deleteOn(point, wanted) < graceEnds, `it would go after ${wanted} days, before its grace ends`),
    ...wrong(
      Math.abs(deleteOn(point, wanted) - Date.parse(announcedOn ?? "")) > DAY_MS / 2,
      `it would go after ${wanted} days, and ${announcedOn} was announced`,
    ),
    ...wrong(wanted < least, `a policy keeps it for ${least} days`),
    ...wrong(days <= most, `it is kept for ${days} days, and ${most} are allowed`),
    ...wrong(cold !== coldDays, `cold storage after ${cold} days instead of ${coldDays}`),
    ...wrong(coldDays !== undefined && wanted < coldDays + 90, "it must be in cold storage for 90 days"),
  ];
}
