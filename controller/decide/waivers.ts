import type { Bar, Finding } from "../domain/change.ts";
import type { Waiver } from "../domain/desired.ts";
import type { Hold } from "../domain/plan.ts";
import { fits } from "../domain/wildcards.ts";

/** The exception that a finding falls under, if somebody accepted one and it has not run out. */
export function waiverBar(finding: Finding, waivers: readonly Waiver[], now: Date): Bar | undefined {
  const waiver = waivers.find((one) => Date.parse(one.expiresOn) > now.getTime() && covers(one, finding));
  return (
    waiver && {
      reason: "waived",
      because: `accepted until ${waiver.expiresOn.slice(0, 10)} by ${waiver.owner} in Waiver ${waiver.name}: ${waiver.reason}`,
      release: `the waiver's end, or its removal`,
    }
  );
}

/** Every member that is given must fit. */
function covers({ findings }: Waiver, { key, subject, partition, of, rule, cause }: Finding): boolean {
  if (!findings) return false;
  const { policies, causes, accounts, regions, vaults, resources, recoveryPoints } = findings;
  return (
    (policies?.includes(rule.name) ?? true) &&
    (causes?.includes(cause) ?? true) &&
    (accounts?.includes(key.target.account) ?? true) &&
    (regions?.includes(key.target.region) ?? true) &&
    (vaults?.some((glob) => fits(glob, partition)) ?? true) &&
    (resources?.some((glob) => fits(glob, of.resource)) ?? true) &&
    (recoveryPoints?.includes(subject) ?? true)
  );
}

/** An exception that has run out is a finding of its own: what it covered counts again, and its owner should know. */
export const expiredWaivers = (
  waivers: readonly Waiver[],
  now: Date,
): readonly (Pick<Hold, "reason" | "because" | "release"> & { readonly waiver: Waiver })[] =>
  waivers
    .filter(({ expiresOn }) => Date.parse(expiresOn) <= now.getTime())
    .map((waiver) => ({
      waiver,
      reason: "waiver-expired",
      because: `Waiver ${waiver.name} of ${waiver.owner} ran out on ${waiver.expiresOn.slice(0, 10)}: ${waiver.reason}`,
      release: "renew it, or remove it",
    }));
