import { showTarget } from "../domain/identity.ts";
import type { Listing } from "../domain/live.ts";
import type { VaultRow } from "../domain/survey.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";

/** Every vault that was listed, ours or not, by ARN. What a listing of its parts did not show is null. */
export function vaultRows(listings: readonly Listing[], kinds: readonly DeclaredKind[]): readonly VaultRow[] {
  const factsOf = new Map(kinds.flatMap(({ name, vaultFacts }) => (vaultFacts ? [[name, vaultFacts] as const] : [])));
  const vaults = new Map<string, Partial<VaultRow>>();
  for (const { kind, target, items } of listings) {
    const facts = factsOf.get(kind);
    if (!facts) continue;
    for (const item of items) {
      const place = `${showTarget(target)}/${item.key.name}`;
      vaults.set(place, { ...vaults.get(place), ...facts(item) });
    }
  }
  return [...vaults.values()]
    .filter(isVault)
    .map(complete)
    .toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
}

type Known = Partial<VaultRow> & Pick<VaultRow, "arn">;

/** A part may have been listed where its vault was not. */
const isVault = (facts: Partial<VaultRow>): facts is Known => facts.arn !== undefined;

const complete = (facts: Known): VaultRow => ({
  type: "",
  locked: false,
  lockDate: null,
  minDays: null,
  maxDays: null,
  kmsKeyArn: null,
  policySha256: null,
  recoveryPointCount: 0,
  ...facts,
});
