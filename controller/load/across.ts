import type * as z from "zod";
import type { Desired, Problem, Rule } from "../domain/desired.ts";
import {
  AccountId,
  Region,
  sameTarget,
  showKey,
  showTarget,
  type ResourceKey,
  type Target,
} from "../domain/identity.ts";
import { PlanSpec } from "../kinds/plan/spec.ts";
import { ProtectedResourceRuleSpec } from "../kinds/protected-resource/spec.ts";
import { reaches } from "../kinds/recovery-point/judge/matching.ts";
import { RecoveryPointRuleSpec, restsOnOwners } from "../kinds/recovery-point/spec.ts";
import { usesTags } from "../kinds/selection/conditions.ts";
import { SelectionSpec } from "../kinds/selection/spec.ts";
import { within } from "../kinds/vault-lock/jobs-outside-bounds.ts";
import { VaultPolicySpec } from "../kinds/vault-policy/spec.ts";
import { VaultLockSpec } from "../kinds/vault-lock/spec.ts";
import { MOST_SELECTIONS, MOST_TAG_SELECTIONS } from "./limits/selection.ts";
import { showPath, showPlace, type Path } from "./located.ts";
import { kindName } from "./manifest.ts";
import type { Placed } from "./place.ts";
import { errorAt, warningAt } from "./problems.ts";
import type { Roster } from "./roster.ts";

/** A problem with the target it shows in. */
export interface Crossing {
  readonly problem: Problem;
  readonly target: Target;
}

/** What only all manifests together show. `assumed` says whether a vault may be declared where nothing could be placed. */
export function* acrossManifests(
  all: readonly Placed[],
  { targets, complete }: Roster,
  assumed: (vault: string) => boolean,
): Generator<Crossing> {
  const resources = all.filter(isResource);
  const byKey = new Map<string, Resource>();
  for (const one of resources) {
    const key = showKey(one.as.key);
    const first = byKey.get(key);
    if (first) yield clash(one, first);
    else byKey.set(key, one);
  }
  const view: View = { byKey, fleet: new Set(targets.map(showTarget)), assumed };
  for (const one of resources) if (one.as.key.kind === "plan") yield* planCrossings(one, view);
  yield* crowdedPlans(resources);
  for (const one of all.filter(isRuling)) {
    if (complete && one.as.kind === "protected-resource") yield* requiredAway(one, view);
    if (one.as.kind !== "recovery-point") continue;
    yield* lockedMatches(one, resources);
    yield* unsaidOwners(one);
    if (complete) yield* copiesAway(one, view);
  }
}

type Resource = Placed & { readonly as: Desired };
type Ruling = Placed & { readonly as: Rule };
interface View {
  readonly byKey: ReadonlyMap<string, Resource>;
  readonly fleet: ReadonlySet<string>;
  readonly assumed: (vault: string) => boolean;
}

const isResource = (one: Placed): one is Resource => "key" in one.as;
const isRuling = (one: Placed): one is Ruling => !isResource(one);
const specOf = <T>({ as }: Placed, schema: z.ZodType<T>): T | undefined =>
  "spec" in as ? schema.parse(as.spec) : undefined;

const clash = ({ as, manifest }: Resource, first: Resource): Crossing => ({
  target: as.key.target,
  problem: errorAt(
    as.source,
    `${as.key.kind} ${as.key.name} is declared already by ${kindName(first.manifest)} ${first.manifest.name} at ${showPlace(first.as.source)}`,
    `${kindName(manifest)} and ${kindName(first.manifest)} meet in AWS under one name`,
  ),
});

interface Job {
  readonly vault: ResourceKey;
  readonly days: number | undefined;
  /** Where the vault is named, and where the retention is. */
  readonly named: Path;
  readonly kept: Path;
}

/** What may be wrong between a job and the vault it writes into. AWS checks none of it when a plan is saved. */
type JobCheck = (job: Job, plan: Resource, view: View) => Problem | undefined;

function* planCrossings(plan: Resource, view: View): Generator<Crossing> {
  const { target } = plan.as.key;
  for (const job of jobsOf(specOf(plan, PlanSpec), target))
    for (const check of [undeclared, closed, outsideLock]) {
      const problem = check(job, plan, view);
      if (problem) yield { target, problem };
    }
}

const undeclared: JobCheck = ({ vault, named }, plan, { byKey, fleet, assumed }) =>
  byKey.has(showKey(vault)) || !fleet.has(showTarget(vault.target)) || assumed(vault.name)
    ? undefined
    : warningAt(
        plan.written(named),
        `${showPath(named)} names vault ${vault.name}, which no manifest declares there: if it does not exist, jobs fail`,
      );

const closed: JobCheck = ({ vault, named }, plan, view) => {
  const { account } = plan.as.key.target;
  return vault.target.account !== account && shutsOut(view, vault, account)
    ? warningAt(
        plan.written(named),
        `${showPath(named)} copies to another account, and the access policy of vault ${vault.name} there does not let this one in: copies fail`,
        "add a statement that allows the account backup:CopyIntoBackupVault",
      )
    : undefined;
};

const outsideLock: JobCheck = ({ vault, days, kept }, plan, { byKey }) => {
  const lock = byKey.get(showKey({ ...vault, kind: "vault-lock" }));
  const bounds = lock && specOf(lock, VaultLockSpec);
  if (!lock || !bounds || within(bounds, days)) return undefined;
  const { minRetentionDays = 1, maxRetentionDays = "any number of" } = bounds;
  return errorAt(
    plan.written(kept),
    `${showPath(kept)} keeps ${days === undefined ? "for ever" : `${days} days`}, and the lock of vault ${vault.name} ` +
      `(${showPlace(lock.as.source)}) takes ${minRetentionDays} to ${maxRetentionDays} days: every job would fail`,
  );
};

/** Whether a vault's access policy is declared and would refuse copies from an account. One that is not managed is not known. */
function shutsOut({ byKey }: View, vault: ResourceKey, account: string): boolean {
  const policy = byKey.get(showKey({ ...vault, kind: "vault-policy" }));
  if (!policy) return false;
  const statements = specOf(policy, VaultPolicySpec)?.policy.Statement ?? [];
  return !statements.some(
    ({ Effect, Action = [], Principal = [] }) =>
      Effect === "Allow" &&
      [Action].flat().includes("backup:CopyIntoBackupVault") &&
      (typeof Principal === "object" ? Object.values(Principal).flat() : [Principal]).some(
        (who) => who === "*" || who === account || who.includes(`::${account}:`),
      ),
  );
}

/** Where every job of a plan writes and for how long. A copy without a retention of its own takes its source's (semantics §2.4). */
const jobsOf = (plan: PlanSpec | undefined, target: Target): readonly Job[] =>
  (plan?.rules ?? []).flatMap((rule, index) => {
    const path = ["rules", index];
    const days = rule.lifecycle?.deleteAfterDays;
    const kept = [...path, "lifecycle", "deleteAfterDays"];
    const copies = (rule.copyActions ?? []).map((copy, at): Job => {
      const copyPath = [...path, "copyActions", at];
      const own = copy.lifecycle?.deleteAfterDays;
      return {
        vault: vaultAt(copy.destinationBackupVaultArn),
        days: own ?? days,
        named: [...copyPath, "destinationBackupVaultArn"],
        kept: own === undefined ? kept : [...copyPath, "lifecycle", "deleteAfterDays"],
      };
    });
    const vault = { target, kind: "vault", name: rule.targetBackupVaultName };
    return [{ vault, days, named: [...path, "targetBackupVaultName"], kept }, ...copies];
  });

/** `arn:<partition>:backup:<Region>:<account>:backup-vault:<name>`: its shape is the schema's business. */
function vaultAt(arn: string): ResourceKey {
  const [, , , region, account, , name = ""] = arn.split(":");
  return { target: { account: AccountId.parse(account), region: Region.parse(region) }, kind: "vault", name };
}

/** Selections of one plan may come from several manifests: AWS counts them together, and one slot stays free (rule 18). */
function* crowdedPlans(resources: readonly Resource[]): Generator<Crossing> {
  const selections = resources.filter(({ as }) => as.key.kind === "selection");
  const planOf = ({ as: { key } }: Resource) => `${showTarget(key.target)}/${key.name.split("/")[0] ?? ""}`;
  for (const crowd of Map.groupBy(selections, planOf).values()) {
    const tagged = crowd.filter((one) => usesTags(specOf(one, SelectionSpec)!));
    for (const [group, most, what] of [
      [crowd, MOST_SELECTIONS, "selections"],
      [tagged, MOST_TAG_SELECTIONS, "selections that use tags"],
    ] as const) {
      const last = group[most];
      if (last)
        yield {
          target: last.as.key.target,
          problem: errorAt(
            last.as.source,
            `plan ${last.as.key.name.split("/")[0] ?? ""} comes to ${group.length} ${what}: ${most} at most, so that one can be replaced`,
          ),
        };
    }
  }
}

/** A lock refuses every deletion and every change of a stored lifecycle (rule 11): there a policy that asks for them can only report. */
function* lockedMatches(rule: Ruling, resources: readonly Resource[]): Generator<Crossing> {
  const spec = specOf(rule, RecoveryPointRuleSpec);
  if (!spec || (spec.retention === undefined && spec.orphans?.action !== "delete")) return;
  for (const { as } of resources)
    if (
      as.key.kind === "vault-lock" &&
      as.want === "present" &&
      sameTarget(as.key.target, rule.as.target) &&
      reaches(spec, as.key.name)
    )
      yield {
        target: rule.as.target,
        problem: warningAt(
          rule.as.source,
          `it matches vault ${as.key.name}, which is declared locked (${showPlace(as.source)}): nothing there can be kept longer, shortened or deleted, only reported`,
        ),
      };
}

/** Which tags name an owner only the Fleet says, so that all policies mean the same by it. */
function* unsaidOwners(rule: Ruling): Generator<Crossing> {
  const spec = specOf(rule, RecoveryPointRuleSpec);
  if (!spec || !restsOnOwners(spec) || spec.ownership !== undefined) return;
  const path = spec.tagsFromResource === "ownership" ? ["tagsFromResource"] : ["orphans", "when"];
  yield {
    target: rule.as.target,
    problem: errorAt(
      rule.written(path),
      `${showPath(path)} rests on which tags name an owner, and the Fleet does not say`,
      "give the Fleet ownership: { tags: [owner] }",
    ),
  };
}

/** Where the fleet does not reach, nobody can look for copies: and what cannot be seen is not made twice. */
function* copiesAway(rule: Ruling, { fleet }: View): Generator<Crossing> {
  for (const [index, { to }] of (specOf(rule, RecoveryPointRuleSpec)?.copies ?? []).entries()) {
    const where = `${to.account}/${to.region}`;
    if (!fleet.has(where))
      yield outOfSight(rule, index, where, "the copies there cannot be seen, so none is told missing and none is made");
  }
}

/** Of a required copy the account, the Region or both may be left open: some target of the fleet must fit what is said. */
function* requiredAway(rule: Ruling, { fleet }: View): Generator<Crossing> {
  const places = [...fleet].map((target) => target.split("/"));
  for (const [index, { to }] of (specOf(rule, ProtectedResourceRuleSpec)?.copies ?? []).entries()) {
    const isThere = ([account, region]: readonly string[]): boolean =>
      (to.account ?? account) === account && (to.region ?? region) === region;
    if (!places.some(isThere))
      yield outOfSight(
        rule,
        index,
        `${to.account ?? "*"}/${to.region ?? "*"}`,
        "whether copies are there cannot be seen",
      );
  }
}

function outOfSight(rule: Ruling, index: number, where: string, so: string): Crossing {
  const path = ["copies", index, "to"];
  return {
    target: rule.as.target,
    problem: warningAt(
      rule.written(path),
      `${showPath(path)} is in ${where}, which is not in the fleet: ${so}`,
      "add the account and the Region to the Fleet",
    ),
  };
}
