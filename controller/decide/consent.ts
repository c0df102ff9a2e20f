import { EVERY_CHANGE } from "../domain/announcement.ts";
import type { Change, Consent } from "../domain/change.ts";
import type { Approval } from "../domain/desired.ts";
import type { Carried } from "../domain/carried.ts";

/** No approval lives longer (rule 7). Milliseconds. */
const LONGEST_MS = 30 * 86_400_000;

/** What people have consented to in git, and what of it is used up. */
export interface Consents {
  /** The consent a change goes by, if there is any. */
  readonly to: (change: Change) => Consent | undefined;
  /** Whether a recovery point may go although it is the last of its resource: besides the change an approval must name its ARN (rule 1). */
  readonly toLast: (change: Change) => boolean;
}

/** An approval means exact changes, each once, until it runs out: a change that differs from what was approved is not approved (rule 7). */
export function consentsIn(
  approvals: readonly Approval[],
  consumed: NonNullable<Carried["consumed"]>,
  groups: ReadonlyMap<string, readonly string[]>,
  now: Date,
): Consents {
  const used = new Set(consumed.map(({ digest, change }) => `${digest} ${change}`));
  const valid = approvals
    .filter(({ expiresOn }) => {
      const left = Date.parse(expiresOn) - now.getTime();
      return left > 0 && left <= LONGEST_MS;
    })
    .map((approval) => ({ approval, ids: idsOf(approval, groups) }));
  const isUsed = ({ digest }: Approval, change: Change): boolean =>
    used.has(`${digest} ${change.id}`) || used.has(`${digest} ${EVERY_CHANGE}`);
  const found = (change: Change, fits: (one: (typeof valid)[number]) => boolean): Approval | undefined =>
    valid.find((one) => !isUsed(one.approval, change) && fits(one))?.approval;
  return {
    to: (change) => {
      const approval = found(change, ({ approval, ids }) => ids.has(change.id) || isStanding(approval, change));
      return approval && consentOf(approval);
    },
    toLast: (change) => found(change, ({ approval }) => namesPoint(approval, change)) !== undefined,
  };
}

const idsOf = ({ changes, groups }: Approval, members: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> =>
  new Set([...changes, ...groups.flatMap(({ id }) => members.get(id) ?? [])]);

const isDestruction = (change: Change): change is Extract<Change, { action: "amend" }> =>
  change.action === "amend" && change.finding.mend?.destruction !== undefined;

const namesPoint = ({ lastPoints }: Approval, change: Change): boolean =>
  isDestruction(change) && lastPoints.includes(change.finding.subject);

const isStanding = ({ standing }: Approval, change: Change): boolean =>
  isDestruction(change) &&
  standing.some(({ policy, cause }) => policy === change.finding.rule.name && cause === change.finding.cause);

const consentOf = ({ name, digest, expiresOn, ticket }: Approval): Consent => ({
  approval: name,
  digest,
  expiresOn,
  ...(ticket === undefined ? {} : { ticket }),
});
