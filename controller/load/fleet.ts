import type { FleetAccess, Problem } from "../domain/desired.ts";
import { limitProblems, type Limit } from "./limits/limit.ts";
import { maintenanceLimits } from "./limits/maintenance.ts";
import { notificationLimits } from "./limits/notifications.ts";
import { suspensionProblem } from "./management.ts";
import { memberOf, plain } from "./located.ts";
import type { Manifest } from "./manifest.ts";
import { FleetSpec } from "./manifests/fleet.ts";
import { schemaProblems } from "./schema-problems.ts";
import { fieldNames } from "./schema-names.ts";

export interface ReadFleet {
  readonly manifest: Manifest;
  readonly spec: FleetSpec;
  readonly access: FleetAccess;
}

const names = fieldNames(FleetSpec);

/** Reads the Fleet manifest's spec; undefined where it does not fit its schema. */
export function readFleet(
  manifest: Manifest,
  now: Date | undefined,
): {
  readonly read: ReadFleet | undefined;
  readonly problems: readonly Problem[];
} {
  const root = manifest.spec;
  const parsed = FleetSpec.safeParse(plain(root), { reportInput: true });
  if (!parsed.success)
    return { read: undefined, problems: schemaProblems(parsed.error.issues, { root, called: "spec", names }) };
  const spec = parsed.data;
  return {
    read: { manifest, spec, access: accessOf(spec) },
    problems: [...suspensionProblems(manifest, spec), ...limitProblems(fleetLimits(spec, now), root)],
  };
}

const accessOf = ({ access, roles, rolePath, externalId }: FleetSpec): FleetAccess => ({
  mode: access,
  roles,
  rolePath,
  ...(externalId === undefined ? {} : { externalId }),
});

function* fleetLimits({ guardrails, groups, notifications }: FleetSpec, now: Date | undefined): Generator<Limit> {
  const { maintenance } = guardrails;
  if (maintenance) yield* maintenanceLimits(["guardrails", "maintenance"], maintenance, now);
  if (notifications) yield* notificationLimits(["notifications"], notifications, Object.keys(groups));
}

function suspensionProblems({ spec: root }: Manifest, spec: FleetSpec): readonly Problem[] {
  const groups = memberOf(root, "groups")?.value;
  return [
    suspensionProblem(spec, root),
    ...Object.entries(spec.groups).map(([name, group]) => {
      const written = memberOf(groups, name);
      return written && suspensionProblem(group, written.value);
    }),
  ].filter((problem) => problem !== undefined);
}
