import type { Adoption, Desired, Management, Problem, Rule, Source } from "../domain/desired.ts";
import { showTarget, type ResourceKey, type Target } from "../domain/identity.ts";
import { judge, parse, type Parsed } from "./interpret.ts";
import { keyPositionOf, memberOf, plain, positionOf, type Located, type Path } from "./located.ts";
import type { PlacedManifest } from "./manifest.ts";
import { managementOf } from "./management.ts";
import { OverrideTargets, type PlacedSpec } from "./manifests/common.ts";
import type { FleetSpec, Group } from "./manifests/fleet.ts";
import type { Part } from "./manifests/manifest-kind.ts";
import { warningAt } from "./problems.ts";
import type { ProblemSet } from "./problem-set.ts";
import type { Roster } from "./roster.ts";
import { overrideFits, placementsOf, targetProblems, type Placement } from "./targets.ts";
import { valuesIn, variablesIn } from "./variables.ts";

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
  const unknown = [...targetProblems(manifest, ["targets"], spec.targets, fleet, roster)];
  problems.addAll(unknown);
  const placements = placementsOf(spec.targets, roster);
  if (placements.length === 0 && roster.complete && unknown.length === 0)
    problems.add(
      warningAt(keyPositionOf(manifest.spec, ["targets"]), "targets match nothing: the manifest declares nothing"),
    );
  problems.addAll(overrideProblems(manifest, spec, placements, ground));

  const read = reader(manifest, ground);
  return placements.flatMap((placement) => {
    const overrides = (spec.overrides ?? []).flatMap(({ targets }, index) =>
      overrideFits(targets, placement.target, roster) ? [index] : [],
    );
    return partsIn(manifest, read(placement, overrides), placement.target, ground);
  });
}

/** What can be said of where a manifest goes although the rest of it is wrong: all problems are told at once. */
export function* unplacedProblems(manifest: PlacedManifest, fleet: FleetSpec, roster: Roster): Generator<Problem> {
  const overrides = memberOf(manifest.spec, "overrides")?.value;
  const places: readonly (readonly [Path, Located | undefined])[] = [
    [["targets"], memberOf(manifest.spec, "targets")?.value],
    ...(overrides?.type === "list" ? overrides.items : []).map(
      (one, index) => [["overrides", index, "targets"], memberOf(one, "targets")?.value] as const,
    ),
  ];
  for (const [path, targets] of places) {
    const parsed = OverrideTargets.safeParse(targets && plain(targets));
    if (parsed.success) yield* targetProblems(manifest, path, parsed.data, fleet, roster);
  }
}

function* overrideProblems(
  manifest: PlacedManifest,
  { overrides = [] }: PlacedSpec,
  placements: readonly Placement[],
  { fleet, roster }: Ground,
): Generator<Problem> {
  for (const [index, { targets }] of overrides.entries()) {
    const path = ["overrides", index, "targets"];
    const unknown = [...targetProblems(manifest, path, targets, fleet, roster)];
    yield* unknown;
    if (
      roster.complete &&
      unknown.length === 0 &&
      !placements.some(({ target }) => overrideFits(targets, target, roster))
    )
      yield warningAt(
        keyPositionOf(manifest.spec, path),
        "this override is for none of the manifest's targets: it changes nothing",
      );
  }
}

/** A manifest as some of its targets share it: its spec, and what that comes to. */
interface Shared extends Parsed {
  readonly parts: readonly Part[];
}

/**
 * Reads a manifest for one placement after another. A fleet has thousands of targets and a manifest few readings: it is parsed
 * once for each set of overrides and of values of the variables it names, and only what AWS checks by place is looked at in each.
 */
function reader(manifest: PlacedManifest, { fleet, roster, now, problems }: Ground) {
  const used = [...variablesIn(manifest.spec)];
  const known = new Map<string, Shared>();
  return ({ target, groups }: Placement, overrides: readonly number[]): Shared => {
    const values = valuesIn(target, roster.names.get(target.account), groups);
    const key = JSON.stringify([overrides, used.map((name) => values[name])]);
    const shared = known.get(key) ?? share(manifest, parse(manifest, overrides, values), fleet);
    known.set(key, shared);
    problems.addAll(judge(manifest, overrides, shared, values, { target, now }), target);
    return shared;
  };
}

const share = ({ kind, name }: PlacedManifest, parsed: Parsed, fleet: FleetSpec): Shared => ({
  ...parsed,
  parts: parsed.spec ? [...kind.parts(name, parsed.spec, fleet)].map(compact) : [],
});

function partsIn(
  manifest: PlacedManifest,
  { spec, parts, located }: Shared,
  target: Target,
  { fleet, roster }: Ground,
): readonly Placed[] {
  if (!spec) return [];
  const management = managementOf(spec, groupsAround(target, fleet, roster), fleet);
  const written = (path: Path): Source => positionOf(located, path);
  return parts.map((part) => {
    const key: ResourceKey = { target, kind: part.kind, name: part.name };
    const source = part.path.length === 0 ? manifest.at : keyPositionOf(located, part.path);
    const as =
      part.want === "rule"
        ? ruling(part, target, management, source)
        : desired(part, key, management, adoption(spec, part), source);
    return { manifest, part, as, written };
  });
}

const ruling = (
  { kind, name, spec, resourceTypes }: Extract<Part, { want: "rule" }>,
  target: Target,
  management: Management,
  source: Source,
): Rule => ({ kind, name, target, spec, management, source, ...(resourceTypes ? { resourceTypes } : {}) });

/** The Fleet's groups that hold a target, whether the manifest names them or not. */
const groupsAround = (target: Target, fleet: FleetSpec, roster: Roster): readonly Group[] =>
  Object.entries(fleet.groups).flatMap(([name, group]) =>
    roster.groups.get(name)?.has(showTarget(target)) ? [group] : [],
  );

function desired(
  part: Exclude<Part, { want: "rule" }>,
  key: ResourceKey,
  management: Management,
  adopt: Adoption,
  source: Source,
): Desired {
  const within = part.within ? { within: { target: key.target, ...part.within } } : {};
  const common = { key, management, adopt, source, ...within };
  return part.want === "present" ? { ...common, want: "present", spec: part.spec } : { ...common, want: "absent" };
}

/** An id names the manifest's own resource; what is within it is taken over by name. */
const adoption = ({ adopt }: PlacedSpec, { within }: Part): Adoption =>
  adopt === undefined || adopt === false ? false : within ? true : adopt;

/** A field that is absent and one that is undefined are the same thing to say; only the first has a canonical form everywhere. */
const compact = (part: Part): Part =>
  part.want !== "absent" && typeof part.spec === "object" && part.spec !== null
    ? { ...part, spec: Object.fromEntries(Object.entries(part.spec).filter(([, value]) => value !== undefined)) }
    : part;
