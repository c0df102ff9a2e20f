import pLimit from "p-limit";
import type { BackupJob, CopyJob, RecoveryPointByBackupVault, RestoreJobsListMember } from "@aws-sdk/client-backup";
import {
  describeRegionSettings,
  listBackupJobs,
  listBackupVaults,
  listCopyJobs,
  listRecoveryPoints,
  listRestoreJobs,
} from "../aws/backup-operations.ts";
import { type Call, runStep, step } from "../aws/operation.ts";
import { getTaggedResources } from "../aws/owner-operations.ts";
import type { DesiredState } from "../domain/desired.ts";
import { AwsError, failureOf } from "../domain/errors.ts";
import type { Target } from "../domain/identity.ts";
import { isClean } from "../domain/jobs.ts";
import { testingPlanName } from "../domain/tested.ts";
import { declaredSteps } from "../kinds/define-kind.ts";
import { kinds } from "../kinds/index.ts";
import { pages } from "../aws/pages.ts";
import { type VaultMember, vaultsOf } from "../kinds/listing.ts";
import type { Owned } from "../owner-services/owned.ts";
import { OWNER_READS, type OwnerService } from "../owner-services/service.ts";
import { ownerOf } from "../owner-services/services.ts";
import { askOutside, OUTSIDE_READS } from "../kinds/protected-resource/outside/ask.ts";
import { type Heard as Kept, outsideText } from "../kinds/protected-resource/outside/outside.ts";
import { holdingOf } from "../kinds/protected-resource/survey/vault-points.ts";
import { toRow } from "../kinds/point-row.ts";
import { tagsIn } from "../kinds/tagged.ts";
import { listKind } from "../observe/declared.ts";
import { memoised } from "../observe/memoised.ts";
import type { Clock, FleetReader } from "../ports.ts";
import {
  failureText,
  type Facts,
  type Heard,
  type JobFacts,
  type Subject,
  type TestFacts,
  type VaultFacts,
} from "./facts.ts";

const DAY_MS = 86_400_000;
/** Job records live so long (semantics §5.4). Milliseconds. */
const JOBS_MS = 30 * DAY_MS;

const resourceTags = step("observe")([getTaggedResources], async (call, _target, arn: string) => {
  const { ResourceTagMappingList: [found] = [] } = await call(getTaggedResources, { ResourceARNList: [arn] });
  // What is not listed has no tag, and never had one (semantics §9.2).
  return tagsIn(found?.Tags);
});

const optedIn = step("observe")([describeRegionSettings], async (call) => {
  const { ResourceTypeOptInPreference: optIns } = await call(describeRegionSettings, {});
  if (optIns) return optIns;
  throw new AwsError({
    kind: "unavailable",
    operation: describeRegionSettings.name,
    message: "the answer does not say which types are opted in",
  });
});

const described = step("observe")(OWNER_READS, (call, _target, service: OwnerService, arn: string) =>
  service.read(call, arn),
);

const serviceOf = ({ arn, types }: Subject): OwnerService | undefined =>
  types.map((type) => ownerOf(type, arn)).find((one) => one !== undefined)?.[1];

const keptOutside = step("observe")(OUTSIDE_READS, async (call, _target, { arn, types }: Subject) => {
  const heard = await askOutside(call, [{ arn, type: types.join(", ") }]);
  return heard.get(arn);
});

const jobFacts = (kind: JobFacts["kind"], id: string | undefined, job: BackupJob | CopyJob): readonly JobFacts[] => {
  const { State, StatusMessage: message = "", CreationDate, CreatedBy } = job;
  if (id === undefined || State === undefined || CreationDate === undefined) return [];
  const plan = CreatedBy?.BackupPlanName ?? CreatedBy?.BackupPlanId;
  return [
    {
      kind,
      id,
      state: State,
      message,
      clean: isClean(job),
      createdOn: CreationDate,
      ...(plan === undefined ? {} : { plan }),
    },
  ];
};

const backupsOf = step("observe")([listBackupJobs], async (call, _target, ByResourceArn: string, since: Date) => {
  const jobs: JobFacts[] = [];
  const read = (NextToken: string | undefined) =>
    call(listBackupJobs, { ByResourceArn, ByCreatedAfter: since, NextToken });
  for await (const page of pages(listBackupJobs.name, read))
    jobs.push(...(page.BackupJobs ?? []).flatMap((job) => jobFacts("backup", job.BackupJobId, job)));
  return jobs;
});

const copiesOf = step("observe")([listCopyJobs], async (call, _target, ByResourceArn: string, since: Date) => {
  const jobs: JobFacts[] = [];
  const read = (NextToken: string | undefined) =>
    call(listCopyJobs, { ByResourceArn, ByCreatedAfter: since, NextToken });
  for await (const page of pages(listCopyJobs.name, read))
    jobs.push(...(page.CopyJobs ?? []).flatMap((job) => jobFacts("copy", job.CopyJobId, job)));
  return jobs;
});

/** AWS takes no resource to filter by: every job of the target is read. A person's own restore is no test. */
const testsOf = step("observe")([listRestoreJobs], async (call, _target, resource: string, since: Date) => {
  const tests: TestFacts[] = [];
  const read = (NextToken: string | undefined) => call(listRestoreJobs, { ByCreatedAfter: since, NextToken });
  for await (const page of pages(listRestoreJobs.name, read))
    tests.push(
      ...(page.RestoreJobs ?? []).flatMap((job) => (job.SourceResourceArn === resource ? testFacts(job) : [])),
    );
  return tests;
});

function testFacts(job: RestoreJobsListMember): readonly TestFacts[] {
  const { RestoreJobId: id, CreationDate, CompletionDate, Status: status = "", ValidationStatus, CreatedBy } = job;
  const plan = testingPlanName(CreatedBy?.RestoreTestingPlanArn ?? "");
  if (id === undefined || CreationDate === undefined || plan === "") return [];
  return [
    {
      id,
      plan,
      status,
      ...(ValidationStatus === undefined ? {} : { validation: ValidationStatus }),
      createdOn: CreationDate,
      ...(CompletionDate === undefined ? {} : { endedOn: CompletionDate }),
    },
  ];
}

/** Every vault of a target, with the points of one resource in it. */
const pointsOf = step("observe")(
  [listBackupVaults, listRecoveryPoints],
  async (call, target, resource: string, now: Date): Promise<readonly VaultFacts[]> => {
    const vaults = await Array.fromAsync(vaultsOf(call));
    return Promise.all(
      vaults.map(async (vault) => ({ target, ...vaultFacts(vault), ...(await heldIn(call, vault, resource, now)) })),
    );
  },
);

const vaultFacts = ({ name, arn, VaultType, Locked, LockDate }: VaultMember) => ({
  name,
  arn,
  airGapped: VaultType === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
  lock:
    Locked !== true ? ("open" as const) : LockDate === undefined ? ("governance" as const) : ("compliance" as const),
});

async function heldIn(
  call: Call<typeof listRecoveryPoints>,
  vault: VaultMember,
  ByResourceArn: string,
  now: Date,
): Promise<Pick<VaultFacts, "points" | "holding">> {
  const listed: RecoveryPointByBackupVault[] = [];
  const read = (NextToken: string | undefined) =>
    call(listRecoveryPoints, { BackupVaultName: vault.name, ByResourceArn, NextToken });
  try {
    for await (const page of pages(listRecoveryPoints.name, read)) listed.push(...(page.RecoveryPoints ?? []));
    return {
      points: { answer: listed.flatMap((point) => toRow(point) ?? []) },
      holding: holdingOf(vault, listed, now.getTime()),
    };
  } catch (error) {
    const failure = failureOf(error);
    return {
      points: { unread: failureText(failure) },
      holding: { ...holdingOf(vault, listed, now.getTime()), failure },
    };
  }
}

/** What the observe role's policy is drawn from, besides kinds, survey and doctor. */
export const EXPLAIN_STEPS = declaredSteps("explain", {
  resourceTags,
  optedIn,
  described,
  keptOutside,
  backupsOf,
  copiesOf,
  testsOf,
  pointsOf,
});

/** Reads all that explaining a resource takes: its own target, and of every other one the vaults that copies may be in. */
export async function readFacts(
  subject: Subject,
  desired: DesiredState,
  { clock, fleet }: { readonly clock: Clock; readonly fleet: FleetReader },
): Promise<Facts> {
  const { arn, target } = subject;
  const now = clock.now();
  const since = new Date(now.getTime() - JOBS_MS);
  const call = fleet.reader(target);
  const asking = memoised(call);
  const limit = pLimit(desired.fleet.guardrails.concurrency);
  const context = { fleet: desired.fleet.name, adopted: new Set<string>() };
  const service = serviceOf(subject);
  const listed = kinds.filter(({ name }) => name === "plan" || name === "selection");
  const [own, kept, tags, optIns, listings, vaults, jobs, tests] = await Promise.all([
    service
      ? heard(() => runStep(described, call, target, service, arn))
      : { unread: "Holdfast has no way to ask its service" },
    runStep(keptOutside, call, target, subject),
    heard(() => runStep(resourceTags, call, target, arn)),
    heard(() => runStep(optedIn, call, target)),
    Promise.all(listed.map((kind) => listKind(kind, asking, target, context, now))),
    Promise.all(
      desired.fleet.targets.map((one) =>
        limit(() => heardIn(one, () => runStep(pointsOf, fleet.reader(one), one, arn, now))),
      ),
    ),
    Promise.all([
      heard(() => runStep(backupsOf, call, target, arn, since)),
      heard(() => runStep(copiesOf, call, target, arn, since)),
    ]),
    heard(() => runStep(testsOf, call, target, arn, since)),
  ]);
  const { resources, rules, waivers } = desired;
  const { targets, beyond = [] } = desired.fleet;
  const known = "answer" in own ? own.answer : undefined;
  const exact = known?.type === undefined ? subject : { ...subject, types: [known.type] };
  return {
    subject: exact,
    now,
    own,
    outside: outsideOf(exact, known, kept),
    tags,
    optIns,
    listings,
    vaults,
    jobs,
    tests,
    desired: { resources, rules, waivers, fleet: desired.fleet.name, targets: [...targets, ...beyond] },
  };
}

/** What its own service describes, or what was asked of it besides. */
function outsideOf({ arn, types }: Subject, own: Owned | undefined, kept: Kept | undefined): Facts["outside"] {
  const type = types.join(", ");
  if (kept && "unread" in kept) return { unread: failureText(kept.unread) };
  if (kept?.kept) return { answer: outsideText(kept.kept, { arn, type }) };
  const days = own?.ownBackupDays;
  return { answer: days === undefined ? undefined : outsideText({ by: "its-service", days }, { arn, type }) };
}

async function heard<T>(ask: () => Promise<T>): Promise<Heard<T>> {
  try {
    return { answer: await ask() };
  } catch (error) {
    return { unread: failureText(failureOf(error)) };
  }
}

async function heardIn<T>(target: Target, ask: () => Promise<T>): Promise<Heard<T> & { readonly target: Target }> {
  const one = await heard(ask);
  return { target, ...one };
}
