import { askedBy } from "../domain/holds-by.ts";
import { showKey } from "../domain/identity.ts";
import type { ActionRow, HoldRow, ResourceRow } from "../domain/report-rows.ts";
import type { Report } from "../domain/report.ts";
import type { Scene, Shown, ShownField, ShownHold, ShownUnknown } from "./shown.ts";

/** A report, where it is stored, and the SHA-256 of the bytes that were signed. */
export interface ReportView {
  readonly report: Report;
  readonly url: string;
  readonly payloadSha256: string;
}

type Rows = Pick<Report, "changes" | "actions" | "held" | "resources">;

/** A report as it is looked at: what was done, what was held, and what could not be told, at its end. */
export const sceneOfReport = (report: Rows): Scene => ({
  changes: changesOf(report),
  held: heldOf(report),
  unknown: report.resources.flatMap(unknownRow),
});

function changesOf({ changes, actions }: Pick<Rows, "changes" | "actions">): readonly Shown[] {
  const calls = Map.groupBy(actions, ({ change }) => change);
  return changes.map((row) => ({
    key: row.key,
    ...(row.subject === undefined ? {} : { subject: row.subject }),
    action: row.action,
    effect: row.effect,
    hazards: hazardsOf(row.differences),
    id: row.change,
    ...(row.manifest ? { manifest: row.manifest } : {}),
    fields: row.differences.map(shownField),
    ...findingOf(row.finding),
    ...(row.consent ? { consent: consentOf(row.consent) } : {}),
    result: { word: row.result, ...(row.because === undefined ? {} : { because: row.because }) },
    calls: callsText(calls.get(row.change) ?? []),
  }));
}

/** One line for each call made: the operation, its request id for CloudTrail, and what it came to where that was not yes. */
export const callsText = (actions: readonly ActionRow[]): readonly string[] =>
  actions.map(({ operation, requestId, outcome, failure }) =>
    [
      operation,
      requestId === undefined ? "no request id" : `request ${requestId}`,
      ...(outcome === "accepted" ? [] : [outcome]),
      ...(failure ? [failure.message] : []),
    ].join(" · "),
  );

const consentOf = ({ approval, ticket }: NonNullable<Rows["changes"][number]["consent"]>) => ({
  approval,
  ...(ticket === undefined ? {} : { ticket }),
});

/** What a row says of its finding. The first reports said neither what mending does nor what the point is of. */
const findingOf = (finding: ResourceRow["finding"]): Partial<Shown> =>
  finding
    ? {
        partition: finding.partition,
        bytes: finding.bytes,
        ...(finding.step === undefined ? {} : { step: finding.step }),
        ...(finding.because === undefined ? {} : { because: finding.because }),
        ...(finding.resource === undefined ? {} : { of: finding.resource }),
      }
    : {};

/** Holds for want of reading are left to the unknowns, as in a plan. */
function heldOf({ held, resources }: Pick<Rows, "held" | "resources">): readonly ShownHold[] {
  const asked = Map.groupBy(resources, askedBy);
  const byIdentity = new Map(resources.map((row) => [identity(row.key, subjectOf(row)), row]));
  return held
    .filter(({ change, reason }) => change !== undefined || reason !== "unknown-state")
    .map((row) => ({
      resource: shownHeld(row, findingOfHold(row, asked) ?? byIdentity.get(identity(row.key, row.subject))),
      reason: row.reason,
      also: row.also,
      because: row.because,
      release: row.release,
    }));
}

/** One policy may ask for two copies of a resource, which nobody here can make: then the hold says which it is of. */
function findingOfHold(hold: HoldRow, asked: ReadonlyMap<string, readonly ResourceRow[]>): ResourceRow | undefined {
  const rows = hold.change === undefined ? [] : (asked.get(askedBy(hold)) ?? []);
  return rows.find(({ because }) => because === hold.because) ?? rows[0];
}

function shownHeld(row: HoldRow, found: ResourceRow | undefined): Shown {
  const fields = found?.differences ?? [];
  // What nobody can mend has no change: its finding is all there is to show.
  const mendable = row.subject === undefined || found === undefined || fields.length > 0;
  return {
    key: row.key,
    ...(row.subject === undefined ? {} : { subject: row.subject }),
    ...(mendable ? changeOf(row) : {}),
    hazards: hazardsOf(fields),
    ...(row.manifest ? { manifest: row.manifest } : {}),
    fields: fields.map(shownField),
    ...(found?.because === undefined ? {} : { because: found.because }),
    ...findingOf(found?.finding),
  };
}

const changeOf = ({ action, effect, change }: HoldRow) => ({
  ...(action === undefined ? {} : { action }),
  ...(effect === undefined ? {} : { effect }),
  ...(change === undefined ? {} : { id: change }),
});

const unknownRow = ({ key, manifest, failure, drift }: ResourceRow): readonly ShownUnknown[] => {
  if (drift !== "unknown" || !failure) return [];
  const { kind, operation, message, code } = failure;
  const told = { kind, operation, message, ...(code === undefined ? {} : { code }) };
  return [{ key, ...(manifest ? { manifest } : {}), failure: told }];
};

const hazardsOf = (fields: ResourceRow["differences"]) => [...new Set(fields.flatMap(({ hazards }) => hazards))];
const identity = (key: ResourceRow["key"], subject: string | undefined): string => `${showKey(key)}\n${subject ?? ""}`;
/** Governed resources share a key and are told apart by their ARN; declared ones go by their key alone. */
const subjectOf = ({ drift, id }: ResourceRow): string | undefined => (drift === "finding" ? id : undefined);

const shownField = ({ path, live, desired, effect, hazards }: ResourceRow["differences"][number]): ShownField => ({
  path,
  ...(live === undefined ? {} : { live }),
  ...(desired === undefined ? {} : { desired }),
  effect,
  hazards,
});
