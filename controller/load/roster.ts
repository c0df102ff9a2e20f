import picomatch from "picomatch";
import type { Exclusion, Problem } from "../domain/desired.ts";
import { AccountId, Region, showTarget, type Target } from "../domain/identity.ts";
import type { OrganizationAccount } from "../ports.ts";
import { positionOf, type Path } from "./located.ts";
import type { Manifest } from "./manifest.ts";
import type { AccountSelector, FleetSpec } from "./manifests/fleet.ts";
import { errorAt, warningAt } from "./problems.ts";

/** What is known of accounts beyond the manifests. Absent where nobody asked: then what rests on it is left open. */
export interface Survey {
  readonly organization?: readonly OrganizationAccount[];
  readonly caller?: string;
}

/** The fleet with its selectors resolved. */
export interface Roster {
  readonly targets: readonly Target[];
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly excluded: readonly Exclusion[];
  readonly names: ReadonlyMap<string, string>;
  /** False where a selector needs what the survey does not hold: then nothing is concluded from an account not being here. */
  readonly complete: boolean;
}

/** Whether resolving a selector takes AWS Organizations. */
export const needsOrganization = ({ organizationalUnits, tags, names }: AccountSelector): boolean =>
  organizationalUnits !== undefined || tags !== undefined || names !== undefined;

export const selectorsOf = ({ accounts, groups }: FleetSpec): readonly AccountSelector[] =>
  [accounts, ...Object.values(groups).map((group) => group.accounts)].filter((one) => one !== undefined);

const isOpen = ({ ids, ...others }: AccountSelector): boolean => ids === undefined && !needsOrganization(others);

/**
 * Works out which accounts and Regions the fleet has. Accounts that are not ACTIVE, or `unreachable` as a waiver has it, are left out,
 * and said (rule 27).
 */
export function resolveFleet(
  fleet: Manifest,
  spec: FleetSpec,
  survey: Survey,
  unreachable: ReadonlyMap<string, Exclusion>,
): { readonly roster: Roster; readonly problems: readonly Problem[] } {
  const selected = fleetAccounts(spec, survey);
  const excluded = exclusions(selected, fleet, spec, survey, unreachable);
  const out = new Set(excluded.map(({ account }) => account));
  const accounts = [...selected].filter((account) => !out.has(account)).toSorted();
  const groups = new Map(
    Object.entries(spec.groups).map(([name, group]) => {
      const chosen = !group.accounts || isOpen(group.accounts) ? accounts : select(group.accounts, survey);
      const inside = new Set([...chosen].filter((account) => accounts.includes(account)));
      return [name, new Set(cross(inside, group.regions ?? spec.regions).map(showTarget))] as const;
    }),
  );
  const roster: Roster = {
    targets: cross(accounts, spec.regions),
    groups,
    excluded,
    names: new Map(survey.organization?.map(({ id, name }) => [id, name])),
    complete: survey.organization !== undefined || !leftOpen(spec, survey),
  };
  return { roster, problems: [...fleetProblems(fleet, spec, roster, selected, survey)] };
}

/** What the Fleet's own selector says; without one, what its groups select; for ambient access, the caller. */
function fleetAccounts(spec: FleetSpec, survey: Survey): ReadonlySet<string> {
  const own = spec.accounts;
  if (own && !isOpen(own)) return select(own, survey);
  const groups = Object.values(spec.groups).flatMap(({ accounts }) => (accounts ? [...select(accounts, survey)] : []));
  const caller = spec.access === "ambient" && survey.caller !== undefined ? [survey.caller] : [];
  return new Set([...groups, ...caller]);
}

const leftOpen = (spec: FleetSpec, { caller }: Survey): boolean =>
  selectorsOf(spec).some(needsOrganization) || (spec.access === "ambient" && caller === undefined);

function select({ ids = [], organizationalUnits, tags, names }: AccountSelector, survey: Survey): ReadonlySet<string> {
  const named = names && picomatch([...names]);
  const fits = (account: OrganizationAccount): boolean =>
    account.organizationalUnits.some((unit) => organizationalUnits?.includes(unit)) ||
    (tags !== undefined && Object.entries(tags).every(([key, value]) => account.tags[key] === value)) ||
    named?.(account.name) === true;
  return new Set([...ids, ...(survey.organization ?? []).filter(fits).map(({ id }) => id)]);
}

function exclusions(
  selected: ReadonlySet<string>,
  fleet: Manifest,
  spec: FleetSpec,
  survey: Survey,
  unreachable: ReadonlyMap<string, Exclusion>,
): Roster["excluded"] {
  const manifest = fleet.at.path;
  const said = spec.accounts?.exclude?.map((one): [string, Exclusion] => [one.account, { ...one, manifest }]) ?? [];
  const excluded = new Map([...unreachable, ...said]);
  for (const { id, status } of survey.organization ?? [])
    if (status !== "ACTIVE" && !excluded.has(id))
      excluded.set(id, { account: id, reason: `AWS Organizations says it is ${status}` });
  return [...selected].toSorted().flatMap((account) => excluded.get(account) ?? []);
}

const cross = (accounts: Iterable<string>, regions: readonly string[]): readonly Target[] =>
  [...accounts].flatMap((account) =>
    [...new Set(regions)].map((region) => ({ account: AccountId.parse(account), region: Region.parse(region) })),
  );

function* fleetProblems(
  fleet: Manifest,
  spec: FleetSpec,
  roster: Roster,
  selected: ReadonlySet<string>,
  survey: Survey,
): Generator<Problem> {
  const at = (...path: Path) => positionOf(fleet.spec, path);
  for (const [name, { accounts, regions = [] }] of Object.entries(spec.groups)) {
    for (const [index, region] of regions.entries())
      if (!spec.regions.includes(region))
        yield errorAt(
          at("groups", name, "regions", index),
          `group ${name} names ${region}, which is not a Region of the fleet`,
          "add it to regions",
        );
    for (const [index, id] of (accounts?.ids ?? []).entries())
      if (roster.complete && !selected.has(id))
        yield errorAt(
          at("groups", name, "accounts", "ids", index),
          `group ${name} names ${id}, which is not an account of the fleet`,
          "add it to accounts",
        );
  }
  yield* ambientProblems(at("accounts"), spec, selected, survey);
  for (const id of survey.organization ? selected : [])
    if (!survey.organization?.some((account) => account.id === id))
      yield warningAt(at("accounts"), `account ${id} is not in the organization`);
  if (roster.complete && roster.targets.length === 0)
    yield errorAt(at("accounts"), "the fleet comes to no accounts: there is nothing to look after");
}

/** Ambient access is one account's credentials: with them, another account's manifests would land in the wrong place. */
function* ambientProblems(
  at: ReturnType<typeof positionOf>,
  spec: FleetSpec,
  selected: ReadonlySet<string>,
  { caller }: Survey,
): Generator<Problem> {
  if (spec.access !== "ambient") return;
  const others = [...selected].filter((account) => account !== caller);
  if (caller !== undefined && others.length > 0)
    yield errorAt(
      at,
      `access is ambient and the credentials are those of account ${caller}: it cannot reach ${others.join(", ")}`,
      "use credentials of that account, or access: assumeRole",
    );
  else if (selected.size > 1)
    yield errorAt(
      at,
      `access is ambient, which reaches one account, and the fleet names ${selected.size}`,
      "use access: assumeRole",
    );
}
