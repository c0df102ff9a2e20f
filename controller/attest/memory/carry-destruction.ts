import type { Announcement, Consumed, Deletion, Sighting, Spent } from "../../domain/announcement.ts";
import type { Change } from "../../domain/change.ts";
import { Digest, instant } from "../../domain/identity.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Carried } from "../../domain/carried.ts";
import type { Plan } from "../../domain/plan.ts";
import type { RunRecord } from "../report/record.ts";
import { isWhole } from "./whole.ts";

const DAY_MS = 86_400_000;

/** Destructions that stand announced with this run's report (rules 6, 31). */
export function openAnnouncements(record: RunRecord): readonly Announcement[] {
  const left = record.after ?? record.plan;
  return isWhole(record) && left ? left.announcements : (record.memory?.announcements ?? []);
}

/** Resources seen to be missing, this time too: whatever was not seen so begins anew (rule 4). */
export function openSightings(record: RunRecord): readonly Sighting[] {
  if (!isWhole(record) || !record.before) return record.memory?.sightings ?? [];
  const seen = record.before.governed.flatMap(({ sightings }) => sightings);
  return [...new Map(seen.map((one) => [one.resource, one])).values()].toSorted((a, b) =>
    a.resource < b.resource ? -1 : 1,
  );
}

/** As much of a run as changes what is remembered. */
interface Lived {
  readonly plan: Plan | undefined;
  readonly outcomes: readonly Outcome[];
  readonly unreported: readonly Outcome[];
}

type Memory = Pick<Carried, "deletions" | "canaries" | "spent" | "consumed">;

/**
 * What the next run must remember of destruction and copying: what AWS took on, what was spent, which consent is used up. What a run that
 * died may have done counts as done; a run that never came to judge hands on what it was given.
 */
export function carryDestruction(record: RunRecord, before: Carried, now: Date): Memory {
  // Of dead runs this report tells only if it came as far as to judge what they did.
  const unreported = record.plan ? record.unreported : [];
  const { deletions, canaries, spent, consumed } = withOutcomes(before, {
    plan: record.plan,
    outcomes: record.outcomes,
    unreported,
  });
  return {
    deletions,
    canaries,
    spent: spent?.filter(({ on }) => now.getTime() - Date.parse(on) < DAY_MS),
    consumed: consumed?.filter(({ expiresOn }) => Date.parse(expiresOn) > now.getTime()),
  };
}

/**
 * The signed memory of the last report with what has been done since, by this run and by those that never reported: what this run must
 * reckon with when it judges again what it leaves. What it found to have become of earlier deletions is not found out twice.
 */
export function withOutcomes(carried: Carried, { plan, outcomes, unreported }: Lived): Carried {
  const [own, others] = [outcomes.filter(mayHaveHappened), unreported.filter(mayHaveHappened)];
  return {
    ...carried,
    deletions: plan ? merged(plan.deletions, own) : merged(carried.deletions ?? [], others),
    canaries: plan ? [...plan.canaries] : (carried.canaries ?? []),
    spent: [...(carried.spent ?? []), ...[...others, ...own].flatMap(spentBy)],
    consumed: [...(carried.consumed ?? []), ...[...others, ...own].flatMap(consumedBy)],
  };
}

/** AWS accepted it, or nobody knows. What it refused outright did not happen. */
const mayHaveHappened = ({ attempts }: Outcome): boolean =>
  attempts.some(({ failure }) => failure === undefined || failure.kind === "unanswered");

type Amendment = Extract<Change, { action: "amend" }>;
const amendmentOf = ({ change }: Outcome): Amendment | undefined => (change.action === "amend" ? change : undefined);

/** Deletions under way: those of before, and those of this run in their place. */
function merged(before: readonly Deletion[], done: readonly Outcome[]): Deletion[] {
  const bySubject = new Map(before.map((one) => [one.subject, one]));
  for (const outcome of done) {
    const change = amendmentOf(outcome);
    const mend = change?.finding.mend;
    if (!change || mend?.step !== "delete") continue;
    const { finding, key, id } = change;
    bySubject.set(finding.subject, {
      change: id,
      key,
      subject: finding.subject,
      partition: finding.partition,
      type: finding.of.type,
      acceptedOn: outcome.at,
      refusals: bySubject.get(finding.subject)?.refusals ?? 0,
      state: mend.destruction?.state ?? "",
    });
  }
  return [...bySubject.values()].toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
}

/** What an outcome counts for in the budgets of the day. */
function spentBy(outcome: Outcome): readonly Spent[] {
  const change = amendmentOf(outcome);
  if (!change) return [];
  const { finding, key } = change;
  const common = { on: outcome.at, target: key.target, partition: finding.partition, bytes: finding.bytes };
  if (finding.mend?.destruction) return [{ ...common, what: "destruction" }];
  if (finding.mend?.backups) return [{ ...common, what: "backup" }];
  return finding.mend?.copies ? [{ ...common, what: "copy" }] : [];
}

const consumedBy = ({ change, at }: Outcome): readonly Consumed[] =>
  change.consent
    ? [
        {
          approval: change.consent.approval,
          digest: Digest.parse(change.consent.digest),
          change: change.id,
          on: instant(new Date(at)),
          expiresOn: change.consent.expiresOn,
        },
      ]
    : [];
