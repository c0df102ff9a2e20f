import { EVENTS, type Manifest } from "./manifests.ts";

/**
 * The same manifest as it stood when less was asked for: shorter retention, fewer rules and events, narrower selections. To go from
 * there to what is asked now strengthens, so that runs have a great deal to do that no guardrail holds.
 */
export function lessOf({ kind, name, spec }: Manifest): Manifest {
  const { notifications, rules, selections, ...picks } = spec as Rich;
  return {
    kind,
    name,
    spec: {
      ...(notifications === undefined ? {} : { notifications: fewerEvents(notifications) }),
      ...(rules ? { rules: rules.slice(0, 2).map(shorter) } : {}),
      ...(selections ? { selections: selections.map(narrower) } : {}),
      ...narrower(picks),
    },
  };
}

interface Rich extends Readonly<Record<string, unknown>> {
  readonly notifications?: "none" | { readonly events: readonly string[] };
  readonly rules?: readonly { readonly copyActions?: readonly object[] }[];
  readonly selections?: readonly Picks[];
}
interface Picks extends Readonly<Record<string, unknown>> {
  readonly listOfTags?: readonly object[];
  readonly resources?: readonly string[];
}

const fewerEvents = (notifications: NonNullable<Rich["notifications"]>) =>
  notifications === "none" ? notifications : { ...notifications, events: [EVENTS[0]] };

const shorter = ({ copyActions: _none, ...rule }: NonNullable<Rich["rules"]>[number]) => ({
  ...rule,
  lifecycle: { deleteAfterDays: 7 },
});

/** One tag of several, one pattern of several; of everything, what bears a tag. */
const narrower = <P extends Picks>(picks: P): P => ({
  ...picks,
  ...(picks.listOfTags ? { listOfTags: picks.listOfTags.slice(0, 1) } : {}),
  ...(picks.resources ? { resources: picks.resources.slice(0, 1) } : {}),
  ...(picks.resources?.[0] === "*"
    ? { conditions: { stringEquals: [{ key: "aws:ResourceTag/team", value: "data" }] } }
    : {}),
});
