import type { Act, Edit } from "./acts.ts";
import type { Kept } from "./archive.ts";
import type { Approval, Committed, Policy } from "./desired.ts";

const DAY_MS = 86_400_000;
type Approve = Extract<Act, { act: "approve" }>;

/** The manifests with consent to what the last report says waits for it; undefined where nothing waits. */
export function approve(
  committed: Committed,
  { what, days, at }: Approve,
  last: Kept | undefined,
  now: Date,
): Committed | undefined {
  const waiting = (last?.held ?? []).filter(
    ({ reason, also, change, key }) =>
      change !== undefined && key.kind === "recovery-point" && [reason, ...also].includes("needs-approval"),
  );
  const nothing = { changes: [], groups: [], standing: [], lastPoints: [] };
  const expiresOn = new Date(now.getTime() + days * DAY_MS).toISOString();
  const named = { ...nothing, name: `consent-${now.getTime() % 100_000_000}-${committed.approvals.length}`, expiresOn };
  const lastOnes = waiting.filter(({ reason, also }) => [reason, ...also].includes("last-point"));
  const one = waiting[at % Math.max(1, waiting.length)];
  const given: Readonly<Record<Approve["what"], () => Partial<Approval>>> = {
    changes: () => ({ changes: [...new Set(waiting.map(({ change }) => change!))] }),
    "one change": () => ({ changes: one ? [one.change!] : [] }),
    groups: () => ({ groups: (last?.groups ?? []).map(({ id }) => ({ id, report: last!.sequence })) }),
    standing: () => ({ standing: committed.policies.map(({ name }) => name) }),
    "last points": () => ({
      changes: lastOnes.map(({ change }) => change!),
      lastPoints: lastOnes.map(({ key }) => key.name),
    }),
  };
  const approval = { ...named, ...given[what]() };
  const size = [approval.changes, approval.groups, approval.standing, approval.lastPoints].flat().length;
  return size === 0 ? undefined : { ...committed, approvals: [...committed.approvals, approval] };
}

interface Grounds {
  readonly opening: Committed;
  readonly points: readonly string[];
  readonly at: number;
  readonly now: Date;
}

/** The manifests after somebody edited them; undefined where there was nothing to edit. */
export function amend(committed: Committed, edit: Edit, { opening, points, at, now }: Grounds): Committed | undefined {
  const which = at % Math.max(1, committed.policies.length);
  const change = (to: (policy: Policy) => Policy): Committed => ({
    ...committed,
    policies: committed.policies.map((policy, index) => (index === which ? to(policy) : policy)),
  });
  const orphans = (more: Partial<NonNullable<Policy["orphans"]>>) =>
    change((policy) => (policy.orphans ? { ...policy, orphans: { ...policy.orphans, ...more } } : policy));
  switch (edit.edit) {
    case "grace":
      return orphans({ graceDays: edit.days });
    case "min missing":
      return orphans({ minMissingDays: edit.days });
    case "keep last":
      return orphans({ keepLast: edit.days });
    case "when":
      return orphans({ when: edit.when });
    case "action":
      return orphans({ action: edit.action });
    case "at most":
      return change((policy) => ({ ...policy, retention: { atMostDays: edit.days } }));
    case "at least":
      return change((policy) => ({
        ...policy,
        retention: { ...policy.retention, atLeastDays: edit.days, atMostDays: 400 },
      }));
    case "policy management":
      return change((policy) => ({ ...policy, management: edit.management }));
    case "fleet management":
      return { ...committed, management: edit.management };
    case "drop policy":
      return { ...committed, policies: committed.policies.filter((_one, index) => index !== which) };
    case "restore policies":
      return { ...committed, policies: opening.policies, management: opening.management };
    case "drop approvals":
      return { ...committed, approvals: [] };
    case "waive a point":
      return points.length === 0
        ? undefined
        : { ...committed, waivers: [...committed.waivers, waiver(points[at % points.length]!, now)] };
    case "drop waivers":
      return { ...committed, waivers: [] };
    case "freeze":
      return {
        ...committed,
        freeze: { from: now.toISOString(), to: new Date(now.getTime() + edit.days * DAY_MS).toISOString() },
      };
    case "thaw": {
      const { freeze: _over, ...rest } = committed;
      return rest;
    }
    case "budget": {
      const { edit: _name, ...destruction } = edit;
      return { ...committed, destruction };
    }
    default:
      return edit satisfies never;
  }
}

const waiver = (point: string, now: Date): Committed["waivers"][number] => ({
  name: `waiver-${now.getTime() % 100_000_000}`,
  points: [point],
  expiresOn: new Date(now.getTime() + 20 * DAY_MS).toISOString(),
});
