/** Legal holds (semantics §6.4): they cover what there is when they are made, and suspend its lifecycle until they are cancelled. */
import type {
  CancelLegalHoldInput,
  CreateLegalHoldInput,
  CreateLegalHoldOutput,
  GetLegalHoldInput,
  GetLegalHoldOutput,
  ListLegalHoldsInput,
  ListLegalHoldsOutput,
  ListRecoveryPointsByLegalHoldInput,
  ListRecoveryPointsByLegalHoldOutput,
} from "@aws-sdk/client-backup";
import { backupArn } from "./arns.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { invalidParameter, invalidState, limitExceeded, notFound } from "./errors.ts";
import { pageOf } from "./paging.ts";
import { isPresent, scheduleLifecycle } from "./points.ts";
import { nextSequence, type BackupState, type LegalHold, type RecoveryPoint } from "./state.ts";
import { checkTags } from "./tags.ts";
import { addDays, addSeconds } from "./time.ts";

const mostActive = 50;
const longestDescription = 280;
/** Days for which a cancelled hold can still be read where nothing else is asked for (unconfirmed). */
const recordKept = 180;

export function createLegalHold(input: Checked<CreateLegalHoldInput>, context: BackupContext): CreateLegalHoldOutput {
  const { state, now } = context;
  checkHold(input, now);
  const hold = replayed(state, input.IdempotencyToken) ?? addHold(input, context);
  return {
    Title: hold.title,
    Description: hold.description,
    Status: hold.status,
    LegalHoldId: hold.id,
    LegalHoldArn: hold.arn,
    CreationDate: hold.creationDate,
    RecoveryPointSelection: hold.selection,
  };
}

export function getLegalHold(input: Checked<GetLegalHoldInput>, context: BackupContext): GetLegalHoldOutput {
  const hold = found(context.state, input.LegalHoldId);
  return {
    ...member(hold),
    CancelDescription: hold.cancelDescription,
    RetainRecordUntil: hold.retainRecordUntil,
    RecoveryPointSelection: hold.selection,
  };
}

export function listLegalHolds(input: ListLegalHoldsInput, context: BackupContext): ListLegalHoldsOutput {
  const page = pageOf(context, "ListLegalHolds", input, context.state.legalHolds.values());
  return { LegalHolds: page.rows.map(member), NextToken: page.NextToken };
}

export function listRecoveryPointsByLegalHold(
  input: Checked<ListRecoveryPointsByLegalHoldInput>,
  context: BackupContext,
): ListRecoveryPointsByLegalHoldOutput {
  const hold = found(context.state, input.LegalHoldId);
  const page = pageOf(context, "ListRecoveryPointsByLegalHold", input, hold.points, isPresent);
  const members = page.rows.map((point) => ({
    RecoveryPointArn: point.arn,
    ResourceArn: point.resourceArn,
    ResourceType: point.resourceType,
    BackupVaultName: point.vault.name,
  }));
  return { RecoveryPoints: members, NextToken: page.NextToken };
}

export function cancelLegalHold(input: Checked<CancelLegalHoldInput>, context: BackupContext): Record<string, never> {
  const { state, now } = context;
  const hold = found(state, input.LegalHoldId);
  if (hold.status !== "ACTIVE") throw invalidState(`Legal hold ${hold.id} is ${hold.status}`);
  hold.status = "CANCELING";
  hold.cancelDescription = input.CancelDescription;
  hold.cancellationDate = now;
  hold.retainRecordUntil = addDays(now, input.RetainRecordInDays ?? recordKept);
  scheduleStep(state, hold, now);
  return {};
}

/** CREATING → ACTIVE, CANCELING → CANCELED (overdue points then expire as usual), CANCELED → forgotten. */
export function holdStep(state: BackupState, hold: LegalHold, at: Date): void {
  switch (hold.status) {
    case "CREATING":
      hold.status = "ACTIVE";
      return;
    case "CANCELING":
      hold.status = "CANCELED";
      for (const point of hold.points) if (isPresent(point)) scheduleLifecycle(state, point, at);
      if (hold.retainRecordUntil !== undefined) state.agenda.add(hold.retainRecordUntil, { what: "hold-step", hold });
      return;
    case "CANCELED":
      state.legalHolds.delete(hold.id);
      return;
    case "ACTIVE":
      return;
    default:
      hold.status satisfies never;
  }
}

export interface NewHold {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly creationDate: Date;
  readonly selection?: LegalHold["selection"];
  readonly token?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Covers what its selection names now; nothing that is going or gone, and never continuous points. */
export function addHoldTo(state: BackupState, hold: NewHold): LegalHold {
  const added: LegalHold = {
    id: hold.id,
    title: hold.title,
    description: hold.description,
    creationDate: hold.creationDate,
    selection: hold.selection,
    token: hold.token,
    sequence: nextSequence(state),
    arn: backupArn(state, `legal-hold:${hold.id}`),
    tags: { ...hold.tags },
    points: covered(state, hold.selection),
    status: "ACTIVE",
    cancelDescription: undefined,
    cancellationDate: undefined,
    retainRecordUntil: undefined,
  };
  state.legalHolds.set(added.id, added);
  return added;
}

function addHold(input: Checked<CreateLegalHoldInput>, context: BackupContext): LegalHold {
  const { state, now } = context;
  const active = Array.from(state.legalHolds.values()).filter((hold) => hold.status !== "CANCELED");
  if (active.length >= mostActive) throw limitExceeded(`Active legal holds exceed ${mostActive}`);
  const hold = addHoldTo(state, {
    id: context.uuid(),
    title: input.Title,
    description: input.Description,
    creationDate: now,
    selection: input.RecoveryPointSelection,
    token: input.IdempotencyToken,
    tags: input.Tags,
  });
  hold.status = "CREATING";
  scheduleStep(state, hold, now);
  return hold;
}

function scheduleStep(state: BackupState, hold: LegalHold, now: Date): void {
  state.agenda.add(addSeconds(now, state.world.options.duration.legalHold), { what: "hold-step", hold });
}

function checkHold(input: Checked<CreateLegalHoldInput>, now: Date): void {
  checkTags(input.Tags);
  if (input.Description.length > longestDescription) {
    throw invalidParameter(`Description has at most ${longestDescription} characters`);
  }
  const range = input.RecoveryPointSelection?.DateRange;
  if (range === undefined) return;
  if (range.FromDate > now || range.ToDate > now)
    throw invalidParameter("Dates of a legal hold cannot be in the future");
  if (range.FromDate > range.ToDate) throw invalidParameter("FromDate cannot be after ToDate");
}

function covered(state: BackupState, selection: LegalHold["selection"]): Set<RecoveryPoint> {
  const { VaultNames, ResourceIdentifiers, DateRange } = selection ?? {};
  const points = new Set<RecoveryPoint>();
  for (const vault of state.vaults.values()) {
    if (VaultNames !== undefined && VaultNames.length > 0 && !VaultNames.includes(vault.name)) continue;
    for (const point of vault.points) {
      if (point.continuous || point.status === "EXPIRED" || point.status === "DELETING") continue;
      if (ResourceIdentifiers !== undefined && ResourceIdentifiers.length > 0) {
        if (!ResourceIdentifiers.includes(point.resourceArn)) continue;
      }
      if (isWithin(point.creationDate, DateRange)) points.add(point);
    }
  }
  return points;
}

/** Both days count. */
function isWithin(at: Date, range: { FromDate?: Date | undefined; ToDate?: Date | undefined } | undefined): boolean {
  const { FromDate, ToDate } = range ?? {};
  return (FromDate === undefined || at >= FromDate) && (ToDate === undefined || at <= ToDate);
}

function replayed(state: BackupState, token: string | undefined): LegalHold | undefined {
  if (token === undefined) return undefined;
  return Array.from(state.legalHolds.values()).find((hold) => hold.token === token);
}

function found(state: BackupState, id: string): LegalHold {
  const hold = state.legalHolds.get(id);
  if (hold === undefined) throw notFound(`Cannot find legal hold ${id}`);
  return hold;
}

function member(hold: LegalHold) {
  return {
    Title: hold.title,
    Status: hold.status,
    Description: hold.description,
    LegalHoldId: hold.id,
    LegalHoldArn: hold.arn,
    CreationDate: hold.creationDate,
    CancellationDate: hold.cancellationDate,
  };
}
