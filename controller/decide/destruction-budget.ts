import type { Canary, Deletion, Spent } from "../domain/announcement.ts";
import type { Bar, Change } from "../domain/change.ts";
import type { Guardrails } from "../domain/desired.ts";
import { type ResourceKey, sameTarget, showTarget, type Target } from "../domain/identity.ts";
import type { GovernedResult } from "../domain/inventory.ts";

const DAY_MS = 86_400_000;
/** How long a confirmed canary speaks for its type. Milliseconds. */
const CANARY_MS = 30 * DAY_MS;

type Amendment = Extract<Change, { action: "amend" }>;

export interface DestructionLedger {
  /** Of the last 24 h and before, from the chain and from open journals. */
  readonly spent: readonly Spent[];
  readonly deletions: readonly Deletion[];
  readonly canaries: readonly Canary[];
  readonly governed: readonly GovernedResult[];
  readonly guardrails: Pick<Guardrails, "destruction">;
  readonly now: Date;
}

/** Most points of a vault destroyed in 24 h: absolute, and a share of what was counted, one at least. A share of an unknown number is none (rule 8). */
export function vaultDay(
  { target, kind }: Pick<ResourceKey, "target" | "kind">,
  partition: string,
  governed: readonly GovernedResult[],
  { perVaultDay, percentOfVault }: Guardrails["destruction"],
): number {
  const part = governed.find(
    (one) => one.kind === kind && one.partition === partition && sameTarget(one.target, target),
  );
  if (part?.status !== "complete") return 0;
  return Math.min(perVaultDay, Math.max(1, Math.floor((part.population * percentOfVault) / 100)));
}

/**
 * Lets destructions through one by one, in order, as far as the rolling day's budgets go and canaries have come back (rules 8, 9): the
 * bar that stands in the way of one, or undefined, and then it is spent.
 */
export function destructionBudget(ledger: DestructionLedger): (change: Amendment) => Bar | undefined {
  const { guardrails, now, governed } = ledger;
  const recent = ledger.spent.filter(
    ({ on, what }) => what === "destruction" && now.getTime() - Date.parse(on) < DAY_MS,
  );
  const used = new Map<string, number>();
  for (const { target, partition } of recent) add(used, `${showTarget(target)}/${partition}`);
  let total = recent.length;
  const { perFleetDay } = guardrails.destruction;
  const canaries = canaryWatch(ledger);
  return (change) => {
    const { finding, key } = change;
    const most = vaultDay(key, finding.partition, governed, guardrails.destruction);
    const vault = `${showTarget(key.target)}/${finding.partition}`;
    if ((used.get(vault) ?? 0) >= most) return spentBar(`${most} in vault ${finding.partition} within 24 h`);
    if (total >= perFleetDay) return spentBar(`${perFleetDay} in the fleet within 24 h`);
    const waiting = finding.mend?.step === "delete" ? canaries(change) : undefined;
    if (waiting) return waiting;
    add(used, vault);
    total += 1;
    return undefined;
  };
}

const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

const spentBar = (what: string): Bar => ({
  reason: "over-budget",
  because: `the budget of destruction is spent: ${what}`,
  release: "time, or a larger guardrails.destruction in the Fleet manifest",
});

/** One deletion of a type is confirmed in a target before others of it go (rule 9). */
function canaryWatch({ canaries, deletions, now }: DestructionLedger): (change: Amendment) => Bar | undefined {
  const name = (target: Target, type: string): string => `${showTarget(target)}/${type}`;
  const proven = new Set(
    canaries
      .filter(({ confirmedOn }) => now.getTime() - Date.parse(confirmedOn) < CANARY_MS)
      .map(({ target, type }) => name(target, type)),
  );
  const flying = new Set(
    deletions.filter(({ acceptedOn }) => acceptedOn !== null).map(({ key, type }) => name(key.target, type)),
  );
  return ({ key, finding }) => {
    const one = name(key.target, finding.of.type);
    if (proven.has(one)) return undefined;
    if (flying.has(one))
      return {
        reason: "over-budget",
        because: `one deletion of type ${finding.of.type} goes first in ${showTarget(key.target)}, until it is confirmed`,
        release: "a run that sees the first one gone",
      };
    flying.add(one);
    return undefined;
  };
}
