import { sameTarget } from "../domain/identity.ts";
import type { StandingTold } from "../domain/explanation.ts";
import { breachText } from "../kinds/protected-resource/judge/findings.ts";
import { fleetPoints } from "../kinds/protected-resource/judge/fleet-points.ts";
import { type CoverageRule, matcher } from "../kinds/protected-resource/judge/matching.ts";
import { isNew, standingOf } from "../kinds/protected-resource/judge/standing.ts";
import type { ResourceRow } from "../kinds/protected-resource/row.ts";
import type { Facts } from "./facts.ts";

/** A resource as coverage judges it. When AWS Backup last made a point of it is not asked here. */
export const resourceRow = ({ subject: { arn, types }, tags, own }: Facts): ResourceRow => ({
  arn,
  type: types.join(", "),
  existence: "answer" in own && own.answer ? "live" : "unknown",
  ...("answer" in own && own.answer?.createdOn !== undefined ? { createdOn: own.answer.createdOn } : {}),
  ...("answer" in tags ? { tags: { ...tags.answer } } : {}),
});

/** How a resource stands to a policy that matches it, by the judgement of every run (design §5); its plans are told of elsewhere. */
export function standingTold(rule: CoverageRule, facts: Facts, isTaken: boolean): StandingTold {
  const { now, subject } = facts;
  const row = resourceRow(facts);
  if (matcher(rule.spec.match)(row) === "unknown") return { is: "unknown", because: [] };
  const ground = { here: subject.target, points: pointsOf(facts), now: now.getTime() };
  const { breaches, unknown } = standingOf(row, rule.spec, ground);
  if (breaches.length === 0) return { is: unknown.length > 0 ? "unknown" : "met", because: [] };
  if (isTaken && isNew(row, rule.spec, ground)) return { is: "notYetDue", because: [] };
  return { is: "breached", because: breaches.map((breach) => breachText(breach, { ...ground, row, rule })) };
}

/** Of the whole fleet: a target that was not asked, or gave no answer, may hold points that nobody saw (law 1). */
const pointsOf = ({ subject, vaults, desired: { targets } }: Facts) =>
  fleetPoints(subject.target, targets, (target) => {
    const seen = vaults.find((one) => sameTarget(one.target, target));
    return seen && "answer" in seen ? { vaults: seen.answer.map(({ holding }) => holding) } : undefined;
  });
