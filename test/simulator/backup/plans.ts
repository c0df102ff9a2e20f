/** Backup plans (semantics §2). Names are not unique; a plan is known by its id. An update replaces the whole document. */
import type {
  BackupPlansListMember,
  CreateBackupPlanInput,
  CreateBackupPlanOutput,
  DeleteBackupPlanInput,
  DeleteBackupPlanOutput,
  GetBackupPlanInput,
  GetBackupPlanOutput,
  ListBackupPlansInput,
  ListBackupPlansOutput,
  ListBackupPlanVersionsInput,
  ListBackupPlanVersionsOutput,
  UpdateBackupPlanInput,
  UpdateBackupPlanOutput,
} from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import { backupArn } from "./arns.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { checkCreatorRequestId } from "./creator-request-id.ts";
import { digestOf } from "./digest.ts";
import { alreadyExists, invalidParameter, invalidRequest, limitExceeded, notFound } from "./errors.ts";
import { planAnnouncement } from "./other-announcements.ts";
import { pageOf } from "./paging.ts";
import { checkPlan, filled, type PlanInput } from "./plan-document.ts";
import { scheduledRuns, scheduleRules } from "./plan-runs.ts";
import { nextSequence, type BackupState, type Plan, type PlanVersion } from "./state.ts";
import { Table } from "./table.ts";
import { checkTags } from "./tags.ts";
import { addSeconds } from "./time.ts";

const mostPlans = 300;
const mostVersions = 2000;

export function createBackupPlan(
  input: Checked<CreateBackupPlanInput>,
  context: BackupContext,
): CreateBackupPlanOutput {
  const { state, now } = context;
  checkPlan(input.BackupPlan, state);
  checkTags(input.BackupPlanTags);
  checkCreatorRequestId(input.CreatorRequestId);
  const existing = replayed(state, input.CreatorRequestId);
  if (existing !== undefined) return created(existing);
  refuseIdentical(state, input.BackupPlan);
  if (livePlans(state).length >= mostPlans) throw limitExceeded(`Backup plans per account exceed ${mostPlans}`);
  const plan = addPlanTo(state, {
    id: context.uuid(),
    document: input.BackupPlan,
    creationDate: now,
    creatorRequestId: input.CreatorRequestId,
    tags: input.BackupPlanTags,
  });
  announce(state, now, () => planAnnouncement(plan, "CREATED", now));
  return created(plan);
}

export function updateBackupPlan(
  input: Checked<UpdateBackupPlanInput>,
  context: BackupContext,
): UpdateBackupPlanOutput {
  const { state, now } = context;
  const plan = livePlan(state, input.BackupPlanId);
  refuseReadOnly(plan, "Backup plan cannot be updated");
  checkPlan(input.BackupPlan, state);
  refuseByChoice(plan, input.BackupPlan, state);
  // LimitExceededException is not modelled for this call; a request the state does not allow is.
  if (plan.versions.length >= mostVersions) throw invalidRequest(`Versions per backup plan exceed ${mostVersions}`);
  addVersion(state, plan, input.BackupPlan, now);
  announce(state, now, () => planAnnouncement(plan, "MODIFIED", now));
  const { scanSettings } = latest(plan);
  return { ...created(plan), ScanSettings: [...scanSettings] };
}

export function getBackupPlan(input: Checked<GetBackupPlanInput>, context: BackupContext): GetBackupPlanOutput {
  const { state, now } = context;
  const plan = anyPlan(state, input.BackupPlanId);
  const version = versionOf(plan, input.VersionId);
  const preview = input.MaxScheduledRunsPreview ?? 0;
  return {
    ...summary(plan, version),
    BackupPlan: version.document,
    ...(preview > 0 && { ScheduledRunsPreview: scheduledRuns(plan, now, preview) }),
  };
}

export function listBackupPlans(input: ListBackupPlansInput, context: BackupContext): ListBackupPlansOutput {
  const keep = (plan: Plan) => input.IncludeDeleted === true || plan.deletionDate === undefined;
  const page = pageOf(context, "ListBackupPlans", input, context.state.plans.values(), keep);
  return { BackupPlansList: page.rows.map((plan) => member(plan, latest(plan))), NextToken: page.NextToken };
}

export function listBackupPlanVersions(
  input: Checked<ListBackupPlanVersionsInput>,
  context: BackupContext,
): ListBackupPlanVersionsOutput {
  const plan = anyPlan(context.state, input.BackupPlanId);
  const page = pageOf(context, "ListBackupPlanVersions", input, plan.versions);
  return {
    BackupPlanVersionsList: page.rows.map((version) => ({
      ...member(plan, version),
      CreationDate: version.creationDate,
    })),
    NextToken: page.NextToken,
  };
}

/** Answers with the version that was deleted. The plan can still be fetched, with its DeletionDate (semantics §2.2). */
export function deleteBackupPlan(
  input: Checked<DeleteBackupPlanInput>,
  context: BackupContext,
): DeleteBackupPlanOutput {
  const { state, now } = context;
  const { lag, deleteDeletedPlan } = state.world.options;
  const plan =
    deleteDeletedPlan === "accepted" ? anyPlan(state, input.BackupPlanId) : livePlan(state, input.BackupPlanId);
  refuseReadOnly(plan, "Backup plan cannot be deleted");
  const last = plan.lastSelectionDeletion;
  if (plan.selections.size > 0 || (last !== undefined && now < addSeconds(last, lag.selectionDeleted))) {
    throw invalidRequest("Related backup plan selections must be deleted prior to backup plan deletion");
  }
  if (plan.deletionDate === undefined) {
    plan.deletionDate = now;
    announce(state, now, () => planAnnouncement(plan, "DELETED", now));
  }
  return {
    BackupPlanId: plan.id,
    BackupPlanArn: plan.arn,
    DeletionDate: plan.deletionDate,
    VersionId: latest(plan).id,
  };
}

interface NewPlan {
  readonly id: string;
  readonly document: PlanInput;
  readonly creationDate: Date;
  readonly creatorRequestId: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** Checks nothing; its rules run from now on. */
export function addPlanTo(state: BackupState, { document, tags, ...identity }: NewPlan): Plan {
  const plan: Plan = {
    ...identity,
    sequence: nextSequence(state),
    arn: backupArn(state, `backup-plan:${identity.id}`),
    tags: { ...tags },
    versions: [],
    selections: new Table(),
    deletionDate: undefined,
    lastExecutionDate: undefined,
    lastSelectionDeletion: undefined,
  };
  state.plans.set(plan.id, plan);
  addVersion(state, plan, document, identity.creationDate);
  return plan;
}

function addVersion(state: BackupState, plan: Plan, document: PlanInput, at: Date): void {
  const { world } = state;
  const before = plan.versions.at(-1)?.document.Rules ?? [];
  const version: PlanVersion = {
    sequence: nextSequence(state),
    id: Buffer.from(world.uuid()).toString("base64"),
    creationDate: at,
    document: filled(document, ({ RuleName }) => {
      const same = before.find((rule) => rule.RuleName === RuleName);
      return world.options.ruleIds === "stable-by-name" && same?.RuleId !== undefined ? same.RuleId : world.uuid();
    }),
    settings: document.AdvancedBackupSettings ?? [],
    scanSettings: document.ScanSettings ?? [],
    digest: digestOf(document),
  };
  plan.versions.push(version);
  scheduleRules(state, plan, version);
}

export function latest(plan: Plan): PlanVersion {
  const version = plan.versions.at(-1);
  if (version === undefined) throw new Error(`plan ${plan.id} has no version`);
  return version;
}

/** Deleted plans included. */
function anyPlan(state: BackupState, id: string): Plan {
  const plan = state.plans.get(id);
  if (plan === undefined) throw notFound(`Cannot find Backup plan with ID ${id}`);
  return plan;
}

export function livePlan(state: BackupState, id: string): Plan {
  const plan = anyPlan(state, id);
  if (plan.deletionDate !== undefined) throw notFound(`Cannot find Backup plan with ID ${id}`);
  return plan;
}

/** Plans of organization policies and of EFS automatic backups (semantics §1.3, §2.6). */
export function refuseReadOnly({ id }: Plan, refusal: string): void {
  if (id.startsWith("orgs/")) throw invalidParameter(`${refusal} for backup plan ${id} created by organizations`);
  if (id.startsWith("aws/")) throw invalidParameter(`${refusal} for backup plan ${id} created by an AWS service`);
}

function refuseByChoice(plan: Plan, document: PlanInput, { world }: BackupState): void {
  const { unchangedUpdate, planRename } = world.options;
  const now = latest(plan);
  if (unchangedUpdate === "refused" && digestOf(document) === now.digest) {
    throw invalidParameter("Backup plan with the same plan document already exists");
  }
  if (planRename === "refused" && document.BackupPlanName !== now.document.BackupPlanName) {
    throw invalidParameter("Backup plan name cannot be changed");
  }
}

/** A CreatorRequestId that matches an existing plan returns that plan, whatever the document (semantics §0.4). */
function replayed(state: BackupState, creatorRequestId: string | undefined): Plan | undefined {
  if (creatorRequestId === undefined) return undefined;
  return livePlans(state).find((plan) => plan.creatorRequestId === creatorRequestId);
}

function refuseIdentical(state: BackupState, document: PlanInput): void {
  const digest = digestOf(document);
  const same = livePlans(state).find((plan) => latest(plan).digest === digest);
  if (same !== undefined) throw alreadyExists("Backup plan with the same plan document already exists", same);
}

function livePlans(state: BackupState): Plan[] {
  return Array.from(state.plans.values()).filter((plan) => plan.deletionDate === undefined);
}

function versionOf(plan: Plan, id: string | undefined): PlanVersion {
  const version = id === undefined ? latest(plan) : plan.versions.find((each) => each.id === id);
  if (version === undefined) throw notFound(`Cannot find version ${id} of Backup plan with ID ${plan.id}`);
  return version;
}

function created(plan: Plan): CreateBackupPlanOutput {
  const version = latest(plan);
  return {
    BackupPlanId: plan.id,
    BackupPlanArn: plan.arn,
    CreationDate: plan.creationDate,
    VersionId: version.id,
    AdvancedBackupSettings: [...version.settings],
  };
}

function summary(plan: Plan, version: PlanVersion): GetBackupPlanOutput & BackupPlansListMember {
  return {
    BackupPlanId: plan.id,
    BackupPlanArn: plan.arn,
    VersionId: version.id,
    CreatorRequestId: plan.creatorRequestId,
    CreationDate: plan.creationDate,
    DeletionDate: plan.deletionDate,
    LastExecutionDate: plan.lastExecutionDate,
    AdvancedBackupSettings: [...version.settings],
  };
}

/** Lists tell no rules. */
function member(plan: Plan, version: PlanVersion): BackupPlansListMember {
  return { ...summary(plan, version), BackupPlanName: version.document.BackupPlanName };
}
