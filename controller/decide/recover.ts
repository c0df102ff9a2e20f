import type { Change, Finding } from "../domain/change.ts";
import { canonical, sameValue } from "../domain/digest.ts";
import type { Drift } from "../domain/drift.ts";
import { sameTarget, showKey } from "../domain/identity.ts";
import type { GovernedResult } from "../domain/inventory.ts";

/** What can be said of a change that a dead run meant to make and never reported (rule 23). */
export type Recovery = "applied-unanswered" | "not-applied" | "uncertain";

/** Judges a dead run's intent by looking: the world as intended, as it was before, or neither. */
export function recover(intent: Change, drift: readonly Drift[], governed: readonly GovernedResult[]): Recovery {
  if (intent.action === "amend") return recoverAmendment(intent, governed);
  const now = drift.filter(({ key }) => showKey(key) === showKey(intent.key));
  if (now.length === 0) return intent.action === "prune" ? "applied-unanswered" : "uncertain";
  if (now.some(({ type }) => type === "unknown" || type === "ambiguous")) return "uncertain";
  return now.map((one) => compare(intent, one)).reduce((a, b) => (a === b ? a : "uncertain"));
}

function compare(intent: Exclude<Change, { action: "amend" }>, drift: Drift): Recovery {
  switch (drift.type) {
    case "in-sync":
      return "applied-unanswered";
    case "missing":
      return intent.action === "create" ? "not-applied" : "uncertain";
    case "unadopted":
    case "surplus":
      return intent.action === "adopt" || intent.action === "prune" ? "not-applied" : "uncertain";
    case "different":
      if (intent.action === "adopt") return "applied-unanswered";
      return sameFields(intent, drift) ? "not-applied" : "uncertain";
    default:
      return "uncertain";
  }
}

const sameFields = (intent: Change, drift: Extract<Drift, { type: "different" }>): boolean =>
  sameValue(shape(intent), shape(drift));

const shape = ({ fields }: Pick<Change, "fields">): string =>
  canonical(fields.map(({ path, live, desired }) => [path, live ?? null, desired ?? null]));

/** A finding still there was not mended; one that is gone from a complete partition was. A deletion that shows nothing may have been refused. */
function recoverAmendment(intent: Extract<Change, { action: "amend" }>, governed: readonly GovernedResult[]): Recovery {
  const { finding, key } = intent;
  const parts = governed.filter(
    (one) => one.kind === key.kind && one.partition === finding.partition && sameTarget(one.target, key.target),
  );
  const isSame = (one: Finding): boolean =>
    one.subject === finding.subject && one.cause === finding.cause && one.mend?.step === finding.mend?.step;
  if (parts.some(({ findings }) => findings.some(isSame)))
    return intent.effect === "destroys" && finding.mend?.fields.every(({ desired }) => desired === undefined)
      ? "uncertain"
      : "not-applied";
  return parts.length > 0 && parts.every((one) => one.status === "complete" && one.deferred === 0)
    ? "applied-unanswered"
    : "uncertain";
}
