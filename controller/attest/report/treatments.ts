import { instant, showKey, showTarget, type ResourceKey } from "../../domain/identity.ts";
import type { Inventory } from "../../domain/inventory.ts";
import type { Plan } from "../../domain/plan.ts";
import type { RunRecord } from "./record.ts";
import type { Treatment } from "./rows.ts";

/** What a run did about each resource, and how it leaves it. `subject`: of a finding. */
export function treatments(
  record: RunRecord,
  left: Pick<Plan, "held">,
): (key: ResourceKey, subject?: string) => Treatment {
  const tries = Map.groupBy(record.outcomes, ({ change }) =>
    named(change.key, change.action === "amend" ? change.finding.subject : undefined),
  );
  const held = new Set(
    left.held.map(({ change, drift, about }) =>
      named((change ?? drift ?? about)!.key, change?.action === "amend" ? change.finding.subject : undefined),
    ),
  );
  const looked = lookedOn(record.seen ?? record.before);
  return (key, subject) => {
    const name = named(key, subject);
    const outcomes = tries.get(name) ?? [];
    return {
      outcome: outcomes.some(({ result }) => result === "failed") ? "failed" : held.has(name) ? "held" : "drifted",
      checkedOn:
        looked.get(`${showTarget(key.target)}/${key.kind}`) ??
        looked.get(showTarget(key.target)) ??
        instant(record.startedOn),
      requestIds: outcomes.flatMap(({ attempts }) => attempts.flatMap(({ requestId }) => requestId ?? [])),
    };
  };
}

const named = (key: ResourceKey, subject: string | undefined): string => `${showKey(key)}\n${subject ?? ""}`;

/** When each kind of each target was listed; of governed kinds, which are read afterwards, when their target's listings began. */
function lookedOn(inventory: Inventory | undefined): ReadonlyMap<string, Treatment["checkedOn"]> {
  const looked = new Map<string, Treatment["checkedOn"]>();
  for (const { target, kind, at } of inventory?.listings ?? []) {
    looked.set(`${showTarget(target)}/${kind}`, at);
    const first = looked.get(showTarget(target));
    if (first === undefined || at < first) looked.set(showTarget(target), at);
  }
  return looked;
}
