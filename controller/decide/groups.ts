import { type FindingGroup, groupId } from "../domain/announcement.ts";
import { showTarget } from "../domain/identity.ts";
import { isReleasable, type Judgement } from "./announce.ts";

/** Findings that wait for consent, by policy, cause and vault: nobody approves ten thousand orphans one by one (rule 7). */
export function groupsOf(judged: readonly Judgement[]): readonly FindingGroup[] {
  const waiting = judged.filter(
    ({ bars }) =>
      bars.some(({ reason }) => reason === "needs-approval" || reason === "hazard") &&
      isReleasable(bars.filter(({ reason }) => reason !== "hazard")),
  );
  const groups = Map.groupBy(waiting, ({ change: { key, finding } }) =>
    [showTarget(key.target), finding.partition, finding.rule.name, finding.cause, finding.mend?.step].join("\n"),
  );
  return [...groups.values()]
    .map((all): FindingGroup => {
      const [{ change }] = all as [Judgement, ...Judgement[]];
      const members = all.map((one) => one.change.id).toSorted();
      const { finding, key } = change;
      return {
        id: groupId(members),
        target: key.target,
        partition: finding.partition,
        policy: finding.rule.name,
        cause: finding.cause,
        step: finding.mend?.step ?? "",
        bytes: all.reduce((sum, one) => sum + one.change.finding.bytes, 0),
        members,
      };
    })
    .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

const orderOf = ({ target, partition, policy, cause, id }: FindingGroup): string =>
  [showTarget(target), partition, policy, cause, id].join("\n");
