import type { DesiredState } from "../domain/desired.ts";
import { showTarget, type Target } from "../domain/identity.ts";
import { type Scope, within } from "../domain/scope.ts";
import type { KindTable } from "./kind-table.ts";

/** The desired state as a narrower run sees it: fewer targets, everything else as it was. */
export function inScope(desired: DesiredState, scope: Scope | undefined): DesiredState {
  if (!scope) return desired;
  const isWithin = within(scope);
  const { resources = [], elsewhere = [] } = Object.groupBy(desired.resources, ({ key }) =>
    isWithin(key.target) ? "resources" : "elsewhere",
  );
  return {
    ...desired,
    fleet: {
      ...desired.fleet,
      targets: desired.fleet.targets.filter(isWithin),
      beyond: desired.fleet.targets.filter((target) => !isWithin(target)),
    },
    resources,
    elsewhere,
    rules: desired.rules.filter(({ target }) => isWithin(target)),
  };
}

/**
 * Targets that a run was sent to, and those in which lies what their resources rest on: a plan is judged by the vaults that it copies into,
 * and one that was changed by hand would wait for a sweep if those were out of sight. Any other scope is somebody's wish, and is kept.
 */
export function widened(desired: DesiredState, scope: Scope | undefined, kinds: KindTable): Scope | undefined {
  if (!scope?.targets) return scope;
  const sent = new Set(scope.targets.map(showTarget));
  const rested = desired.resources.flatMap((one): readonly Target[] =>
    one.want === "present" && sent.has(showTarget(one.key.target))
      ? kinds
          .of(one.key.kind)
          .references(one.spec, one.key.target)
          .map(({ target }) => target)
      : [],
  );
  return { ...scope, targets: [...scope.targets, ...rested] };
}
