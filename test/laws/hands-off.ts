import type { BackupState, Plan, Selection, Vault } from "../simulator/backup/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { FLEET_NAME, type Manifest } from "./manifests.ts";
import { isOurs } from "./protection.ts";
import { targetsOf, type Place, type World } from "./worlds.ts";

/**
 * Everything that no run may touch, spelled out to the byte: by whose it is according to its tags, and by what the manifests say of
 * its name there. Adoption lifts it from what is nobody's; from what another fleet, a stack or a break glass holds, nothing does.
 */
export function handsOff(simulator: Simulator, world: World): ReadonlyMap<string, string> {
  const found = targetsOf(world.extent).flatMap((target, at) => {
    const state = simulator.backup(target.account, target.region);
    const declared = declaredIn(world, at === 0);
    return [...vaultsOf(state, declared, target), ...plansOf(state, declared, target)];
  });
  return new Map(found);
}

type Declared = (kind: string, name: string) => Manifest["spec"] | undefined;

/** What is declared in a target: under everywhere, or under first in the first. */
const declaredIn =
  ({ manifests }: World, isFirst: boolean): Declared =>
  (kind, name) =>
    manifests.find((one) => one.kind === kind && one.name === name && (isFirst || !isForFirst(one)))?.spec;

const isForFirst = ({ spec }: Manifest): boolean =>
  (spec["targets"] as { readonly groups: readonly string[] }).groups.includes("first");

interface Owned {
  readonly tags: Readonly<Record<string, string>>;
}

/** Ours to write: marked, or there for the taking and asked for. */
function isOpen({ tags }: Owned, mark: string, spec: Manifest["spec"] | undefined, now: Date): boolean {
  if (tags["aws:cloudformation:stack-name"] !== undefined) return false;
  const until = Date.parse(tags["holdfast:suspend-until"] ?? "");
  if (until > now.getTime() && until - now.getTime() <= 72 * 3_600_000) return false;
  if (spec?.["management"] === "observe" || spec?.["management"] === "suspended") return false;
  const fleet = tags["holdfast:fleet"];
  if (fleet !== undefined && fleet !== FLEET_NAME) return false;
  return (fleet === FLEET_NAME && tags["holdfast:resource"] === mark) || spec?.["adopt"] === true;
}

function* vaultsOf(state: BackupState, declared: Declared, at: Place): Generator<readonly [string, string]> {
  for (const vault of state.vaults.values()) {
    const spec = declared("BackupVault", vault.name);
    const open = isOpen(vault, `vault/${vault.name}`, spec, state.world.now());
    for (const [section, value] of Object.entries(sectionsOf(vault)))
      if (!open || (section in SECTIONS && spec?.[SECTIONS[section]!] === undefined))
        yield [`${section} of vault ${vault.name} in ${at.account}/${at.region}`, JSON.stringify(value) ?? "none"];
    const watched = declaredPolicies(declared, vault.name);
    if (!watched)
      for (const point of vault.points) yield [`lifecycle of ${point.arn}`, JSON.stringify(point.lifecycle)];
  }
}

/** Sections that a manifest leaves out are not managed (rule 16). */
const SECTIONS: Readonly<Record<string, string>> = {
  lock: "lock",
  accessPolicy: "accessPolicy",
  notifications: "notifications",
};

const sectionsOf = ({ tags, lock, accessPolicy, notifications, encryptionKeyArn, state }: Vault) => ({
  itself: { tags, encryptionKeyArn, state },
  lock,
  accessPolicy,
  notifications,
});

/** Whether some enforced policy may mend points of this vault. */
const declaredPolicies = (declared: Declared, vault: string): boolean =>
  ["five-weeks", "two-months"].some((name) => {
    const spec = declared("RecoveryPointPolicy", name);
    const { vaults } = (spec?.["match"] ?? { vaults: [] }) as { readonly vaults?: readonly string[] };
    return spec !== undefined && spec["management"] === undefined && (vaults?.includes(vault) ?? true);
  });

function* plansOf(state: BackupState, declared: Declared, at: Place): Generator<readonly [string, string]> {
  for (const plan of state.plans.values()) {
    const name = plan.versions.at(-1)?.document.BackupPlanName ?? "";
    const where = `plan ${name} (${plan.id}) in ${at.account}/${at.region}`;
    const spec = declared("BackupPlan", name);
    const open = isOpen(plan, `plan/${name}`, spec, state.world.now());
    if (!open) yield [`document of ${where}`, JSON.stringify(documentOf(plan))];
    for (const selection of plan.selections)
      if (!isOurs(selection) && !(open && isAskedFor(selection, spec)))
        yield [`selection ${selection.id} of ${where}`, JSON.stringify(selection)];
    if (!open && declared("BackupSelection", "guest") === undefined)
      yield [`selections of ${where}`, JSON.stringify([...plan.selections])];
  }
}

const documentOf = ({ tags, versions, deletionDate }: Plan) => ({ tags, versions, deletionDate });

/** A plan that is adopted is adopted with the selections its manifest names. */
const isAskedFor = ({ content }: Selection, spec: Manifest["spec"] | undefined): boolean => {
  const { adopt, selections = [] } = (spec ?? {}) as {
    readonly adopt?: true;
    readonly selections?: readonly { readonly name: string }[];
  };
  return adopt === true && selections.some(({ name }) => name === content.SelectionName);
};
