import type { Call } from "../simulator/calls.ts";
import type { RecoveryPoint } from "../simulator/backup/state.ts";
import { SHOP, VAULTS } from "../support/universe.ts";
import type { Kept } from "./archive.ts";
import { copiesIn, daysOf, isHeld, isOwned, KEEP, planOf, resourceLives, stateOf, untouchable } from "./facts.ts";
import { ASKED_PLACES, ASKED_REGION, type Copies } from "./desired.ts";
import type { Run } from "./oracle.ts";
import { type Land, pointsOf } from "./people.ts";
import { isWaived, mostDays, policiesOf } from "./policies.ts";

/** What is wrong with a report, held against the world it is about. */
export function reportProblems(report: Kept, run: Run, land: Land, gone: ReadonlyMap<string, Date>): readonly string[] {
  const unsaid = report.held.filter(({ reason, because, release }) => !reason || !because || !release);
  const always = [
    ...report.problems,
    ...judgedAgainstTheRules(report, land),
    ...unsaid.map(({ key }) => `${key.name} is held, and nobody says why or until when`),
  ];
  if (!run.clean || run.how !== "whole" || report.run.failure !== undefined) return always;
  return [...always, ...untoldDrift(report, run, land), ...staleAnnouncements(report, run, land, gone)];
}

/** Some points nobody may judge at all, whatever comes of it (rule 10). */
function judgedAgainstTheRules({ held, changes }: Kept, land: Land): readonly string[] {
  const doomed = [...held, ...changes].filter(
    ({ effect, key }) => effect === "destroys" && key.kind === "recovery-point",
  );
  return doomed.flatMap(({ key: { name, target } }) => {
    const points = pointsOf(land).filter(
      ({ arn, vault }) => arn === name && vault.account === target.account && vault.region === target.region,
    );
    const [why] = points.flatMap((point) => untouchable(point) ?? []);
    return why === undefined ? [] : [`${name} is judged for destruction, and ${why}`];
  });
}

/**
 * Drift that would be mended by destroying, and that the report neither mends nor holds, nor leaves to the next run because a change before
 * it left room: nothing may go unsaid.
 */
function untoldDrift({ held, changes, resources, deletions }: Kept, { committed }: Run, land: Land): readonly string[] {
  const told = new Set([...held, ...changes, ...resources].map(({ key }) => key.name));
  for (const { key } of deletions) told.add(key.name);
  return pointsOf(land)
    .filter((point) => !told.has(point.arn))
    .flatMap((point) => {
      const cause = driftOf(point, committed, land);
      return cause === undefined ? [] : [`${point.arn} is drift (${cause}), and nothing is said of it`];
    });
}

const inFleet = (land: Land, arn: string | undefined): boolean => {
  const [, , , region = "", account = ""] = (arn ?? "").split(":");
  return [SHOP, VAULTS].includes(account) && land.regions.includes(region);
};

/** Why a policy would have a point go, if one would: only what is certain. */
function driftOf(point: RecoveryPoint, committed: Run["committed"], land: Land): string | undefined {
  const policies = policiesOf(point, committed);
  const settled = point.status === "COMPLETED" || point.status === "EXPIRED";
  if (untouchable(point) !== undefined || !settled || policies.some(({ mode }) => mode === "suspended"))
    return undefined;
  const asked = (cause: "expired" | "planDeleted") =>
    policies.some(({ orphans }) => orphans?.action === "delete" && orphans.when.includes(cause)) &&
    // The first of several decides: only where all are of one mind is it certain.
    policies.every(({ orphans, mode }) => orphans === undefined || (orphans.action === "delete" && mode === "enforce"));
  if (point.status === "EXPIRED") return asked("expired") ? "expired" : undefined;
  if (daysOf(point) > mostDays(policies)) return "too long";
  const orphaned = planOf(land.simulator, point) === "gone" && inFleet(land, point.createdBy?.BackupPlanArn);
  return orphaned && daysOf(point) === Number.POSITIVE_INFINITY && asked("planDeleted") ? "planDeleted" : undefined;
}

const DAY_MS = 86_400_000;

/** Announcements of what must not, or need not, go any more: an objection ends them (rule 6). */
function staleAnnouncements(
  { announcements, run: { finishedOn } }: Kept,
  { committed, at }: Run,
  land: Land,
  gone: ReadonlyMap<string, Date>,
): readonly string[] {
  const points = new Map(pointsOf(land).map((point) => [`${point.vault.name} ${point.arn}`, point]));
  return announcements.flatMap(({ subject, partition, cause, policy: name }) => {
    const point = points.get(`${partition} ${subject}`);
    const say = (is: boolean, why: string) => (is ? [`${subject} stands announced (${cause}), and ${why}`] : []);
    if (!point) return say(true, "it is not there");
    if (point.status === "DELETING") return [];
    const policy = policiesOf(point, committed).find((one) => one.name === name);
    const missing = Math.max(1, policy?.orphans?.minMissingDays ?? 30) * DAY_MS;
    const since = gone.get(point.resourceArn);
    return [
      ...say(isHeld(stateOf(land.simulator, point), point), "it is under a legal hold"),
      ...say(KEEP in point.tags, "it is marked to be kept"),
      ...say(point.vault.lock !== undefined, "its vault is locked"),
      ...say(isWaived(committed, subject, at), "it is waived"),
      ...say(policy?.mode !== "enforce", "no enforced policy reaches it"),
      ...say(untouchable(point) !== undefined, "nobody may judge it"),
      ...say(cause === "expired" && point.status !== "EXPIRED", `it is ${point.status}`),
      ...say(cause === "planDeleted" && planOf(land.simulator, point) !== "gone", "its plan lives"),
      ...say(cause === "resourceDeleted" && resourceLives(land.simulator, point, SHOP), "its resource lives"),
      ...say(cause === "unowned" && isOwned(land.simulator, point, SHOP), "a tag says whose it is"),
      ...(cause === "copied" ? (policy?.copies?.to ?? []) : []).flatMap((name) => {
        const { length } = copiesIn(askedVault(land, name), point);
        return say(length !== 1, `${name} has ${length} copies of it`);
      }),
      ...say(
        cause === "resourceDeleted" && since !== undefined && Date.parse(finishedOn) - since.getTime() < missing,
        `its resource is missing since ${since?.toISOString()} only`,
      ),
    ];
  });
}

const askedVault = ({ simulator }: Land, name: Copies["to"][number]) =>
  simulator.backup(ASKED_PLACES[name], ASKED_REGION).vaults.get(name);

/** Changes that AWS carried out and no report tells of (law 10). */
export function mutationsUntold(
  calls: readonly Call[],
  runs: ReadonlyMap<string, Run>,
  reports: readonly Kept[],
): readonly string[] {
  const requests = new Set(reports.flatMap(({ actions }) => actions.map(({ requestId }) => requestId)));
  const changed = calls.filter(
    ({ service, mutating, outcome, sourceIdentity }) =>
      mutating && outcome === "ok" && service !== "s3" && runs.has(sourceIdentity ?? ""),
  );
  return changed
    .filter((call) => !requests.has(call.requestId) && !isToldByLooking(call, reports))
    .map(
      ({ operation, sourceIdentity, input }) =>
        `nobody tells of ${operation} by ${sourceIdentity}: ${JSON.stringify(input)}`,
    );
}

/** Nobody got an answer, so nobody has the request id: the report says that it was tried, or what a dead run seems to have done. */
function isToldByLooking(call: Call, reports: readonly Kept[]): boolean {
  const subject = subjectOf(call);
  const own = reports.filter(({ run }) => run.id === call.sourceIdentity);
  const tried = own
    .flatMap(({ actions }) => actions)
    .some(
      ({ operation, outcome, key }) =>
        operation.includes(call.operation) && outcome === "unanswered" && key.name.endsWith(subject),
    );
  const recovered = reports
    .flatMap((report) => report.recovered)
    .some(({ run, key }) => run === call.sourceIdentity && key.name.endsWith(subject));
  return (!call.delivered && tried) || recovered;
}

function subjectOf({ input }: Call): string {
  const { RecoveryPointArn, ResourceArn, ResourceName, Resources } = input;
  const [first] = Array.isArray(Resources) ? (Resources as readonly unknown[]) : [];
  return String(RecoveryPointArn ?? ResourceArn ?? ResourceName ?? first);
}
