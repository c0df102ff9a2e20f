import { instant } from "../../domain/identity.ts";
import type { GovernedResult, PolicyCoverage } from "../../domain/inventory.ts";
import type { Coverage, Jobs } from "../../domain/survey.ts";

/** How the resources of the whole fleet stand to each policy that wants them protected. */
export function policiesOf(governed: readonly GovernedResult[]): Pick<Coverage, "policies"> {
  const all = governed.flatMap(({ coverage = [] }) => coverage);
  if (all.length === 0) return {};
  const byPolicy = Map.groupBy(all, ({ policy }) => policy);
  return {
    policies: [...byPolicy].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([policy, parts]) => added(policy, parts)),
  };
}

function added(policy: string, parts: readonly PolicyCoverage[]): NonNullable<Coverage["policies"]>[number] {
  const sum = (of: keyof Omit<PolicyCoverage, "policy">) => parts.reduce((total, part) => total + part[of], 0);
  return {
    policy,
    required: sum("required"),
    met: sum("met"),
    breaching: sum("breaching"),
    unknown: sum("unknown"),
    notYetDue: sum("notYetDue"),
    idle: sum("idle"),
    overlapping: sum("overlapping"),
  };
}

/** Of the vaults that policies of recovery points reach. What could not be read to its end may hold an older one (law 1). */
export function oldestPointIn(governed: readonly GovernedResult[]): Jobs["oldestRecoveryPointOn"] {
  const telling = new Set(governed.flatMap(({ kind, oldestOn }) => (oldestOn === undefined ? [] : [kind])));
  const vaults = governed.filter(({ kind }) => telling.has(kind));
  const oldest = vaults.flatMap(({ oldestOn }) => oldestOn ?? []);
  if (oldest.length === 0 || vaults.some(({ status }) => status !== "complete")) return null;
  return instant(new Date(Math.min(...oldest)));
}

export const rpoBreachesIn = (governed: readonly GovernedResult[]): Jobs["rpoBreaches"] =>
  governed
    .flatMap(({ rpoBreaches = [] }) => rpoBreaches)
    .map(({ arn, type, policy, rpoMs, lastGoodOn }) => ({
      arn,
      type,
      policy,
      rpoSeconds: rpoMs / 1000,
      lastGoodOn: lastGoodOn === null ? null : instant(new Date(lastGoodOn)),
    }))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

const nameOf = ({ arn, policy }: Jobs["rpoBreaches"][number]): string => `${arn}\n${policy}`;
