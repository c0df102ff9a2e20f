import type { Announcement } from "../domain/announcement.ts";
import { graceEnds } from "../domain/announcement.ts";
import { type Concern, concernId, type NoticeTrouble, type Seen } from "../domain/concern.ts";
import { showTarget } from "../domain/identity.ts";
import type { ReportBody } from "../domain/report.ts";
import { causeOf } from "./causes.ts";

type Whole = Pick<Concern, "cause" | "subject" | "because" | "fix"> & Partial<Pick<Concern, "owner">>;

const ofFleet = (about: Readonly<Record<string, unknown>>, { cause, ...said }: Whole): Seen => ({
  id: concernId(about),
  cause,
  severity: causeOf(cause).severity,
  count: 1,
  ...said,
  basis: { by: "fleet" },
});

/** A run that was broken off, and a desired state that is not to be trusted. */
export function* runConcerns({ run, held, scope }: ReportBody): Generator<Seen> {
  const subject = scope.fleet ?? "fleet";
  if (run.failure)
    yield ofFleet(
      { failed: run.failure.code },
      {
        cause: "run-failed",
        subject,
        because: `run ${run.id} was broken off (${run.failure.code}): ${run.failure.message}`,
        fix: "mend what the message names; the next run begins anew and reports what this one did",
      },
    );
  for (const cause of ["stale-source", "desired-state-shrank"] as const) {
    const hold = held.find(({ reason, also }) => reason === cause || also.includes(cause));
    if (!hold) continue;
    const told = hold.reason === cause;
    yield ofFleet(
      { fleet: cause },
      {
        cause,
        subject,
        because: told ? hold.because : `${causeOf(cause).title}: nothing is weakened or destroyed`,
        fix: told ? hold.release : "see what was published last, and publish what is meant to hold",
      },
    );
  }
}

const SOON_MS = 14 * 86_400_000;

/** Exceptions that end within two weeks: what they cover counts again from then on. */
export function* waiverConcerns({ exceptions }: ReportBody, now: Date): Generator<Seen> {
  for (const { id, owner, reason, expiresOn } of exceptions) {
    const left = Date.parse(expiresOn) - now.getTime();
    if (left <= 0 || left > SOON_MS) continue;
    yield ofFleet(
      { waiver: id, expiresOn },
      {
        cause: "waiver-expiring",
        subject: id,
        owner,
        because: `Waiver ${id} ends on ${expiresOn.slice(0, 10)}: ${reason}`,
        fix: "mend what it covers, or renew it in git with a reason",
      },
    );
  }
}

/** What stands announced, by vault, policy and cause; and what was destroyed by this run. */
export function* destructionConcerns(body: ReportBody, announcements: readonly Announcement[]): Generator<Seen> {
  const by = ({ key, partition, policy, cause }: Announcement): string =>
    `${showTarget(key.target)} ${partition} ${policy} ${cause}`;
  for (const alike of Map.groupBy(announcements, by).values()) {
    const { key, partition, policy, cause } = alike[0]!;
    const first = alike.map((one) => graceEnds(one).toISOString()).toSorted()[0]!;
    yield {
      ...ofFleet(
        { announced: cause, target: key.target, partition, policy },
        {
          cause: "destruction-announced",
          subject: `vault ${partition}`,
          because: `${alike.length} recovery points in vault ${partition} are to be deleted or shortened by policy ${policy} (${cause}), the first on ${first.slice(0, 10)}`,
          fix: "to keep one, tag it holdfast:keep, hold it legally or waive it; to let all of them go, do nothing, and approve those that need it",
        },
      ),
      target: key.target,
      count: alike.length,
    };
  }
  yield* deedConcerns(body);
}

function* deedConcerns({ changes, run }: ReportBody): Generator<Seen> {
  const gone = changes.filter(
    ({ effect, result }) => effect === "destroys" && (result === "applied" || result === "accepted"),
  );
  for (const alike of Map.groupBy(gone, ({ key }) => showTarget(key.target)).values()) {
    const { key, subject } = alike[0]!;
    yield {
      ...ofFleet(
        { destroyed: key.target, run: run.id },
        {
          cause: "destruction-carried-out",
          subject: subject ?? key.name,
          because: `${alike.length} recovery points were deleted or shortened as announced, ${subject ?? key.name} among them`,
          fix: "nothing: the report names each with its announcement and its approval",
        },
      ),
      target: key.target,
      count: alike.length,
      basis: { by: "deed" },
    };
  }
}

/** Routes that did not take the last notices, and addresses that have been in use for long (rule 29). */
export function* noticeConcerns(troubles: readonly NoticeTrouble[]): Generator<Seen> {
  for (const { route, cause, because, fix } of troubles)
    yield { ...ofFleet({ notices: cause, route }, { cause, subject: route, because, fix }), basis: { by: "notices" } };
}
