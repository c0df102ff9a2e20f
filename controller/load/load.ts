import type { Desired, DesiredState, Problem, Rule } from "../domain/desired.ts";
import { HoldfastError } from "../domain/errors.ts";
import { showKey, showTarget } from "../domain/identity.ts";
import type { Organization, SourceSnapshot } from "../ports.ts";
import { acrossManifests } from "./across.ts";
import { consentProblems, expectedUnreachable, readConsents, type Consents } from "./consents.ts";
import { readFleet, type ReadFleet } from "./fleet.ts";
import { guardrailsOf } from "./guardrails.ts";
import { inspect, isSound } from "./interpret.ts";
import { namingProblems } from "./naming.ts";
import { fleetProblems, nothingDeclared, readManifests, type ManifestSet, type PlacedManifest } from "./manifest.ts";
import type { PlacedSpec } from "./manifests/common.ts";
import { notificationsOf } from "./notifications.ts";
import { place, unplacedProblems, type Placed } from "./place.ts";
import { ProblemSet } from "./problem-set.ts";
import { ManifestsRefused } from "./problems.ts";
import { needsOrganization, resolveFleet, selectorsOf, type Roster, type Survey } from "./roster.ts";
import { variablesIn } from "./variables.ts";
import type { SourceFile } from "./yaml.ts";

/**
 * What should be, and where. Throws ManifestsRefused with every problem there is: a desired state is acted on whole or not at all.
 * AWS Organizations is asked only where a selector or `${alias}` needs it, and never for manifests that are refused anyway.
 */
export async function load(snapshot: SourceSnapshot, organization: Organization, now: Date): Promise<DesiredState> {
  const read = readAll(snapshot.files, now);
  const { fleet, problems } = read;
  const survey = fleet && !problems.refused ? await look(fleet, read.set, organization) : {};
  const settled = fleet && settle(read, fleet, survey, now);
  if (!settled || problems.refused) throw new ManifestsRefused(problems.list());
  const { placed, roster } = settled;
  return {
    revision: snapshot.revision,
    fleet: {
      name: fleet.manifest.name,
      access: fleet.access,
      targets: roster.targets,
      excluded: roster.excluded,
      guardrails: guardrailsOf(fleet.spec.guardrails),
      ...(fleet.spec.naming ? { naming: fleet.spec.naming } : {}),
      ...(fleet.spec.ownership ? { ownerTags: fleet.spec.ownership.tags } : {}),
      ...(fleet.spec.notifications ? { notifications: notificationsOf(fleet.spec.notifications, roster) } : {}),
    },
    ...split(placed),
    approvals: read.consents.approvals.map(({ as }) => as),
    waivers: read.consents.waivers.map(({ as }) => as),
    warnings: problems.list(),
  };
}

/**
 * Every problem that can be found without credentials, in order of place. What takes AWS Organizations to know is left open; without
 * `now`, so is what depends on the day.
 */
export function validate(files: readonly SourceFile[], now?: Date): readonly Problem[] {
  const read = readAll(files, now);
  if (read.fleet) settle(read, read.fleet, {}, now);
  return read.problems.list();
}

interface ReadSet {
  readonly set: ManifestSet;
  readonly fleet: ReadFleet | undefined;
  /** Manifests that are right in themselves. */
  readonly sound: readonly { readonly manifest: PlacedManifest; readonly spec: PlacedSpec }[];
  readonly unsound: readonly PlacedManifest[];
  readonly consents: Consents;
  readonly problems: ProblemSet;
}

/** Reads and inspects every manifest by itself. */
function readAll(files: readonly SourceFile[], now: Date | undefined): ReadSet {
  const problems = new ProblemSet();
  const set = readManifests(files);
  problems.addAll(set.problems);
  problems.addAll(fleetProblems(set, files));
  const [first, ...others] = set.fleets;
  // Of two Fleets neither is the one: where manifests go is then anybody's guess, and problems with it would mislead.
  const fleet = first && others.length === 0 ? readFleet(first, now) : undefined;
  problems.addAll(fleet?.problems ?? []);
  const sound = set.placed.flatMap((manifest) => {
    const reading = inspect(manifest, now);
    problems.addAll(reading.problems);
    return reading.spec && isSound(reading) ? [{ manifest, spec: reading.spec }] : [];
  });
  const unsound = set.placed.filter((manifest) => !sound.some((one) => one.manifest === manifest));
  const consents = readConsents(set.consents, now, problems);
  if (first && set.placed.length === 0 && !problems.refused) problems.add(nothingDeclared(first, set));
  return { set, fleet: fleet?.read, sound, unsound, consents, problems };
}

async function look({ spec }: ReadFleet, { placed }: ManifestSet, organization: Organization): Promise<Survey> {
  const aliased = placed.some((manifest) => variablesIn(manifest.spec).has("alias"));
  const asked = aliased || selectorsOf(spec).some(needsOrganization);
  try {
    return {
      ...(asked ? { organization: await organization.accounts() } : {}),
      ...(spec.access === "ambient" ? { caller: (await organization.caller()).account } : {}),
    };
  } catch (cause) {
    throw new HoldfastError(
      "fleet-unresolved",
      `the fleet's accounts could not be looked up: ${cause instanceof Error ? cause.message : String(cause)}; ` +
        "let the controller's role list the organization's accounts, or name accounts by id",
      { cause },
    );
  }
}

/** Resolves the fleet, places what is sound, and looks at it all together once nothing of it is missing. */
function settle(
  { set, sound, unsound, consents, problems }: ReadSet,
  { manifest, spec: fleet }: ReadFleet,
  survey: Survey,
  now: Date | undefined,
): { readonly placed: readonly Placed[]; readonly roster: Roster } {
  const { roster, problems: found } = resolveFleet(manifest, fleet, survey, expectedUnreachable(consents.waivers, now));
  problems.addAll(found);
  for (const one of unsound) problems.addAll(unplacedProblems(one, fleet, roster));
  const placed = sound.flatMap((one) => place(one.manifest, one.spec, { fleet, roster, now, problems }));
  if (!problems.refused) {
    const vaults = new Set(namesOf(set, "BackupVault"));
    const assumed = (vault: string): boolean => !roster.complete && vaults.has(vault);
    for (const { problem, target } of acrossManifests(placed, roster, assumed)) problems.add(problem, target);
    for (const { problem, target } of namingProblems(placed, fleet.naming)) problems.add(problem, target);
    const policies = POLICIES.flatMap((kind) => namesOf(set, kind));
    problems.addAll(consentProblems(consents, { policies, rules: rulesOf(placed), roster }));
  }
  return { placed, roster };
}

/** Kinds whose findings a Waiver can be about. */
const POLICIES = ["RecoveryPointPolicy", "CoveragePolicy"];

const namesOf = ({ placed }: ManifestSet, wanted: string): readonly string[] =>
  placed.flatMap(({ kind, name }) => (kind.kind === wanted ? [name] : []));

const rulesOf = (placed: readonly Placed[]): readonly Rule[] => placed.flatMap(({ as }) => ("key" in as ? [] : [as]));

/** Resources and rules, each in order of their keys, so that the same manifests always come to the same desired state. */
function split(placed: readonly Placed[]): Pick<DesiredState, "resources" | "rules"> {
  const resources = placed.flatMap(({ as }) => ("key" in as ? [as] : []));
  const keys = new Set(resources.map(({ key }) => showKey(key)));
  return {
    resources: sortedBy(
      resources.map((one) => withinPlan(one, keys)),
      ({ key }) => showKey(key),
    ),
    rules: sortedBy(rulesOf(placed), ({ kind, name, target }) => `${showTarget(target)}/${kind}/${name}`),
  };
}

/** A selection of its own is within the plan it names where that plan is declared here too. */
function withinPlan(desired: Desired, keys: ReadonlySet<string>): Desired {
  const { kind, name, target } = desired.key;
  if (kind !== "selection" || desired.within) return desired;
  const plan = { target, kind: "plan", name: name.split("/")[0] ?? "" };
  return keys.has(showKey(plan)) ? { ...desired, within: plan } : desired;
}

const sortedBy = <T>(all: readonly T[], text: (one: T) => string): readonly T[] =>
  all
    .map((one) => [text(one), one] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, one]) => one);
