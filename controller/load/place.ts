import type { Adoption, Desired, Management, Problem, Rule, Source } from "../domain/desired.ts";
import { showTarget, type ResourceKey, type Target } from "../domain/identity.ts";
import { interpret, merge, type Reading } from "./interpret.ts";
import { keyPositionOf, positionOf, type Located, type Path } from "./located.ts";
import type { PlacedManifest } from "./manifest.ts";
import type { ManagementFields, PlacedSpec } from "./manifests/common.ts";
import type { FleetSpec } from "./manifests/fleet.ts";
import type { Part } from "./manifests/manifest-kind.ts";
import { warningAt } from "./problems.ts";
import type { ProblemSet } from "./problem-set.ts";
import { overrideFits, placementsOf, targetProblems, type Placement, type Roster } from "./targets.ts";
import { valuesIn, variablesIn, type Values } from "./variables.ts";

/** One resource or rule in one target, still knowing where each field of it was written. */
export interface Placed {
  readonly manifest: PlacedManifest;
  readonly part: Part;
  readonly as: Desired | Rule;
  /** Where a field of the manifest's spec was written, overrides included. */
  readonly written: (path: Path) => Source;
}

export interface Ground {
  readonly fleet: FleetSpec;
  readonly roster: Roster;
  readonly now: Date | undefined;
  readonly problems: ProblemSet;
}

/** Puts a manifest on each of its targets. `spec` is the manifest's own, as inspected: where it goes is not a matter of target. */
export function place(manifest: PlacedManifest, spec: PlacedSpec, ground: Ground): readonly Placed[] {
  const { fleet, roster, problems } = ground;
  problems.addAll(targetProblems(manifest, ["targets"], spec.targets, fleet, roster));
  const placements = placementsOf(spec.targets, roster);
  if (placements.length === 0 && roster.complete)
    problems.add(
      warningAt(keyPositionOf(manifest.spec, ["targets"]), "targets match nothing: the manifest declares nothing"),
    );
  for (const problem of overrideProblems(manifest, spec, placements, ground)) problems.add(problem);

  const read = reader(manifest, ground);
  return placements.flatMap((placement) => {
    const overrides = (spec.overrides ?? []).flatMap(({ targets }, index) =>
      overrideFits(targets, placement.target, roster) ? [index] : [],
    );
    const { reading, located } = read(placement, overrides);
    return reading.spec ? partsIn(manifest, reading.spec, located, placement.target, ground) : [];
  });
}

function* overrideProblems(
  manifest: PlacedManifest,
  { overrides = [] }: PlacedSpec,
  placements: readonly Placement[],
  { fleet, roster }: Ground,
): Generator<Problem> {
  for (const [index, { targets }] of overrides.entries()) {
    const path = ["overrides", index, "targets"];
    yield* targetProblems(manifest, path, targets, fleet, roster);
    if (roster.complete && !placements.some(({ target }) => overrideFits(targets, target, roster)))
      yield warningAt(
        keyPositionOf(manifest.spec, path),
        "this override is for none of the manifest's targets: it changes nothing",
      );
  }
}

/**
 * Reads a manifest for one placement after another. A fleet has thousands of targets and a manifest few readings: it is merged
 * once for each set of overrides, and parsed once for each set of values of the variables it names, so that targets share specs.
 */
function reader(manifest: PlacedManifest, { roster, now, problems }: Ground) {
  const merged = new Map<string, { readonly located: Located; readonly used: ReadonlySet<keyof Values> }>();
  const readings = new Map<string, Reading>();
  return ({ target, groups }: Placement, overrides: readonly number[]) => {
    const patched = overrides.join();
    let whole = merged.get(patched);
    if (!whole) {
      const located = merge(manifest, overrides);
      merged.set(patched, (whole = { located, used: variablesIn(located) }));
    }
    const values = valuesIn(target, roster.names.get(target.account), groups);
    const reading = interpret(manifest, overrides, values, { target, now });
    problems.addAll(reading.problems, target);
    const key = JSON.stringify([patched, ...[...whole.used].map((name) => values[name])]);
    const shared = readings.get(key) ?? reading;
    readings.set(key, shared);
    return { reading: reading.spec ? shared : reading, located: whole.located };
  };
}

function partsIn(
  manifest: PlacedManifest,
  spec: PlacedSpec,
  located: Located,
  target: Target,
  { fleet, roster }: Ground,
): readonly Placed[] {
  const management = managementOf(spec, target, fleet, roster);
  const written = (path: Path): Source => positionOf(located, path);
  return [...manifest.kind.parts(manifest.name, spec)].map((part) => {
    const key: ResourceKey = { target, kind: part.kind, name: part.name };
    const source = part.path.length === 0 ? manifest.at : keyPositionOf(located, part.path);
    const as =
      part.want === "rule"
        ? { kind: part.kind, name: part.name, target, spec: compact(part.spec), management, source }
        : desired(part, key, management, adoption(spec, part), source);
    return { manifest, part, as, written };
  });
}

function desired(
  part: Exclude<Part, { want: "rule" }>,
  key: ResourceKey,
  management: Management,
  adopt: Adoption,
  source: Source,
): Desired {
  const within = part.within ? { within: { target: key.target, ...part.within } } : {};
  const common = { key, management, adopt, source, ...within };
  return part.want === "present"
    ? { ...common, want: "present", spec: compact(part.spec) }
    : { ...common, want: "absent" };
}

/** An id names the manifest's own resource; what is within it is taken over by name. */
const adoption = ({ adopt }: PlacedSpec, { within }: Part): Adoption =>
  adopt === undefined ? false : within ? true : adopt;

/** A field that is absent and one that is undefined are the same thing to say; only the first has a canonical form everywhere. */
const compact = (spec: unknown): unknown =>
  typeof spec === "object" && spec !== null
    ? Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined))
    : spec;

/**
 * The nearest word on management: the manifest's, its target's groups', the Fleet's; `observe` where nobody says (rule 26). Of
 * several groups the most careful counts. A suspension anywhere is an emergency brake, and wins.
 */
function managementOf(spec: PlacedSpec, target: Target, fleet: FleetSpec, roster: Roster): Management {
  const groups = Object.entries(fleet.groups).flatMap(([name, group]) =>
    roster.groups.get(name)?.has(showTarget(target)) ? [group] : [],
  );
  const all: readonly ManagementFields[] = [spec, ...groups, fleet];
  const brake = all.find(({ management }) => management === "suspended");
  if (brake) return { mode: "suspended", reason: brake.suspendReason ?? "no reason given" };
  const ofGroups = groups.some(({ management }) => management === "observe")
    ? "observe"
    : groups.find(({ management }) => management !== undefined)?.management;
  const mode = spec.management ?? ofGroups ?? fleet.management ?? "observe";
  return mode === "suspended" ? { mode, reason: "no reason given" } : { mode };
}
