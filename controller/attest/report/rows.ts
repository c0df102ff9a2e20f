import * as z from "zod";
import { canonical, digestOf } from "../../domain/digest.ts";
import type { Change, FieldDrift, Finding } from "../../domain/change.ts";
import type { Drift } from "../../domain/drift.ts";
import type { AwsFailure } from "../../domain/errors.ts";
import { Digest, type ResourceKey } from "../../domain/identity.ts";
import type { Attempt, Outcome } from "../../domain/outcome.ts";
import type { Hold } from "../../domain/plan.ts";
import type { DeletionFollowUp } from "../../domain/announcement.ts";
import type { ActionRow, ChangeRow, DeletionRow, HoldRow, ResourceRow } from "../../domain/report-rows.ts";

/** A report's rows, each drawn from the fact it states. Values are JSON by then: what a kind compared. */

/** As JSON has it: members that are undefined are not there. */
const jsonOf = (value: unknown) => z.json().parse(JSON.parse(canonical(value)));

const fieldRow = ({ path, live, desired, effect, hazards }: FieldDrift): ResourceRow["differences"][number] => ({
  path,
  ...(live === undefined ? {} : { live: jsonOf(live) }),
  ...(desired === undefined ? {} : { desired: jsonOf(desired) }),
  effect,
  hazards: [...hazards],
});

const manifestOf = (source: { readonly path: string; readonly line: number; readonly column: number } | undefined) =>
  source ? { manifest: { path: source.path, line: source.line, column: source.column } } : {};

const subjectOf = (change: Change) => (change.action === "amend" ? { subject: change.finding.subject } : {});

export const failureRow = ({ kind, operation, message, code, requestId }: AwsFailure) => ({
  kind,
  operation,
  message,
  ...(code === undefined ? {} : { code }),
  ...(requestId === undefined ? {} : { requestId }),
});

/** What a run did about a resource and how it leaves it: its row says so beside how it stands. */
export type Treatment = Pick<ResourceRow, "outcome" | "checkedOn" | "requestIds">;

/** Undefined for what needs no row: a resource in sync is in an attachment, as is one that nobody declared. */
export function resourceRow(
  drift: Drift,
  treatmentOf: (key: ResourceKey, subject?: string) => Treatment,
): ResourceRow | undefined {
  if (drift.type === "in-sync" || drift.type === "unmanaged") return undefined;
  const desired = "desired" in drift ? drift.desired : undefined;
  const treatment = treatmentOf(drift.key);
  return {
    key: drift.key,
    ...("live" in drift ? { id: drift.live.id, ...arnIn(drift.live.id) } : {}),
    drift: drift.type,
    ...treatment,
    ...(drift.type === "unknown" ? { outcome: "unknown" as const } : {}),
    ...(drift.type === "different"
      ? { desiredSha256: Digest.parse(drift.digests.desired), observedSha256: Digest.parse(drift.digests.observed) }
      : {}),
    ...manifestOf(desired?.source),
    differences: "fields" in drift ? drift.fields.map(fieldRow) : [],
    ...(drift.type === "unknown" ? { failure: failureRow(drift.failure) } : {}),
  };
}

/** Selections have ids and no ARN. */
const arnIn = (id: string | undefined): { readonly arn?: string } =>
  id?.startsWith("arn:") === true ? { arn: id } : {};

const noteOf = ({ cause, rule, partition, bytes, mend, of }: Finding): NonNullable<ResourceRow["finding"]> => ({
  cause,
  policy: rule.name,
  partition,
  bytes,
  ...(mend ? { step: mend.step } : {}),
  resource: of.resource,
  ...(of.owner === undefined ? {} : { owner: of.owner }),
});

/** A finding's row: a governed resource that its rule is not met by. */
export const findingRow = (
  change: Extract<Change, { action: "amend" }>,
  treatmentOf: (key: ResourceKey, subject?: string) => Treatment,
): ResourceRow => ({
  key: change.key,
  id: change.finding.subject,
  ...arnIn(change.finding.subject),
  drift: "finding",
  ...treatmentOf(change.key, change.finding.subject),
  ...manifestOf(change.source),
  differences: change.fields.map(fieldRow),
  because: change.finding.because,
  finding: noteOf(change.finding),
  change: change.id,
});

export function holdRow(hold: Hold): HoldRow {
  const { change, drift } = hold;
  const source =
    change?.source ?? hold.about?.source ?? (drift && "desired" in drift ? drift.desired?.source : undefined);
  return {
    ...(change ? { change: change.id, action: change.action, effect: change.effect, ...subjectOf(change) } : {}),
    key: (change ?? drift ?? hold.about)!.key,
    reason: hold.reason,
    also: [...hold.also],
    because: hold.because,
    release: hold.release,
    ...manifestOf(source),
  };
}

export function changeRow(outcome: Outcome): ChangeRow {
  const { change } = outcome;
  return {
    change: change.id,
    key: change.key,
    ...subjectOf(change),
    action: change.action,
    effect: change.effect,
    result: outcome.result,
    differences: change.fields.map(fieldRow),
    ...(outcome.result === "failed" ? { because: `${outcome.failure.operation}: ${outcome.failure.message}` } : {}),
    ...(outcome.result === "skipped" ? { because: outcome.note ?? outcome.because } : {}),
    ...manifestOf(change.source),
    // The sentence too: the point that it was said of may be gone.
    ...(change.action === "amend" ? { finding: { ...noteOf(change.finding), because: change.finding.because } } : {}),
    ...(change.consent
      ? {
          consent: {
            approval: change.consent.approval,
            ...(change.consent.ticket === undefined ? {} : { ticket: change.consent.ticket }),
          },
        }
      : {}),
  };
}

/** `run`: of a run that never reported, whose tries are told here. */
export const actionRows = (
  { change, attempts }: Pick<Outcome, "change" | "attempts">,
  run?: string,
): readonly ActionRow[] =>
  attempts.map((attempt, at) =>
    actionRow(change, attempt, `${run === undefined ? "" : `${run}/`}${change.id}.${at + 1}`),
  );

const actionRow = (change: Change, attempt: Attempt, id: string): ActionRow => ({
  id,
  change: change.id,
  key: change.key,
  ...subjectOf(change),
  action: change.action,
  role: attempt.role,
  operation: attempt.operation,
  ...arnIn(change.action === "amend" ? change.finding.subject : "live" in change ? change.live.id : undefined),
  beforeSha256: valuesDigest(change, "live"),
  afterSha256: valuesDigest(change, "desired"),
  calledOn: attempt.at,
  ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }),
  outcome:
    attempt.failure === undefined ? "accepted" : attempt.failure.kind === "unanswered" ? "unanswered" : "refused",
  ...(attempt.failure ? { failure: failureRow(attempt.failure) } : {}),
});

/** The changed fields by path, as they were or as they are asked to be; null where there is none of them. */
function valuesDigest({ action, fields }: Change, side: "live" | "desired"): ActionRow["beforeSha256"] {
  if (side === "live" ? action === "create" : action === "prune") return null;
  return digestOf(canonical(Object.fromEntries(fields.map((field) => [field.path, field[side]]))));
}

export const deletionRow = ({ deletion, result }: DeletionFollowUp): DeletionRow => ({
  change: deletion.change,
  key: deletion.key,
  subject: deletion.subject,
  result,
  acceptedOn: deletion.acceptedOn,
  refusals: deletion.refusals + (result === "refused" ? 1 : 0),
});
