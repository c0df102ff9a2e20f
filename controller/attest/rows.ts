import * as z from "zod";
import { canonical } from "../domain/digest.ts";
import type { Change, FieldDrift, Finding } from "../domain/change.ts";
import type { Drift } from "../domain/drift.ts";
import type { AwsFailure } from "../domain/errors.ts";
import type { Attempt, Outcome } from "../domain/outcome.ts";
import type { Hold } from "../domain/plan.ts";
import type { DeletionFollowUp } from "../domain/announcement.ts";
import type { ActionRow, ChangeRow, DeletionRow, HoldRow, ResourceRow } from "../domain/report.ts";

/** A report's rows, each drawn from the fact it states. Values are JSON by then: what a kind compared. */

/** As JSON has it: members that are undefined are not there. */
const jsonOf = (value: unknown) => z.json().parse(JSON.parse(canonical(value)));

const fieldRow = ({ path, live, desired, effect, hazards }: FieldDrift): ResourceRow["fields"][number] => ({
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

/** Undefined for what needs no row: a resource in sync is in an attachment, as is one that nobody declared. */
export function resourceRow(drift: Drift): ResourceRow | undefined {
  if (drift.type === "in-sync" || drift.type === "unmanaged") return undefined;
  const desired = "desired" in drift ? drift.desired : undefined;
  return {
    key: drift.key,
    ...("live" in drift ? { id: drift.live.id } : {}),
    drift: drift.type,
    ...manifestOf(desired?.source),
    fields: "fields" in drift ? drift.fields.map(fieldRow) : [],
    ...(drift.type === "unknown" ? { failure: failureRow(drift.failure) } : {}),
  };
}

const noteOf = ({ cause, rule, partition, bytes, mend, of }: Finding): NonNullable<ResourceRow["finding"]> => ({
  cause,
  policy: rule.name,
  partition,
  bytes,
  ...(mend ? { step: mend.step } : {}),
  resource: of.resource,
});

/** A finding's row: a governed resource that its rule is not met by. */
export const findingRow = (change: Extract<Change, { action: "amend" }>): ResourceRow => ({
  key: change.key,
  id: change.finding.subject,
  drift: "finding",
  ...manifestOf(change.source),
  fields: change.fields.map(fieldRow),
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
    fields: change.fields.map(fieldRow),
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

export const actionRows = ({ change, attempts }: Pick<Outcome, "change" | "attempts">): readonly ActionRow[] =>
  attempts.map((attempt) => actionRow(change, attempt));

const actionRow = (change: Change, attempt: Attempt): ActionRow => ({
  change: change.id,
  key: change.key,
  ...subjectOf(change),
  action: change.action,
  role: attempt.role,
  operation: attempt.operation,
  calledOn: attempt.at,
  ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }),
  outcome:
    attempt.failure === undefined ? "accepted" : attempt.failure.kind === "unanswered" ? "unanswered" : "refused",
  ...(attempt.failure ? { failure: failureRow(attempt.failure) } : {}),
});

export const deletionRow = ({ deletion, result }: DeletionFollowUp): DeletionRow => ({
  change: deletion.change,
  key: deletion.key,
  subject: deletion.subject,
  result,
  acceptedOn: deletion.acceptedOn,
  refusals: deletion.refusals + (result === "refused" ? 1 : 0),
});
