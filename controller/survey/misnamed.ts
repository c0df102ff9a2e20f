import { showKey } from "../domain/identity.ts";
import type { Listing } from "../domain/live.ts";
import { type GivenName, misnaming, namedBy, type NamingRules } from "../domain/naming.ts";
import type { MisnamedRow } from "../domain/report-rows.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";

/**
 * Every name in the listings, of what is ours and of what is not, that is not as the Fleet has names: in order of keys, for people to read.
 * Nothing follows from it. A kind leaves out what AWS or an organization made (`Default`, `aws/…`, `orgs/…`), which nobody can rename. What
 * could not be read has no name here, good or bad; undefined where nothing at all was read, or there are no rules.
 */
export function misnamedIn(
  listings: readonly Listing[],
  naming: NamingRules | undefined,
  kinds: readonly DeclaredKind[],
): readonly MisnamedRow[] | undefined {
  if (!naming) return undefined;
  const namesOf = new Map(kinds.flatMap(({ name, names }) => (names ? [[name, names] as const] : [])));
  const read = listings.flatMap((listing) => {
    const names = namesOf.get(listing.kind);
    return names && (listing.status === "complete" || listing.items.length > 0) ? [{ ...listing, names }] : [];
  });
  if (read.length === 0) return undefined;
  return read
    .flatMap(({ target, items, names }) => {
      const breachOf = breaches(naming, target);
      return items.flatMap((item) =>
        names(item).flatMap((given) => {
          const breach = breachOf(given);
          return breach ? [{ key: item.key, id: item.id, ...given, ...breach }] : [];
        }),
      );
    })
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

type Breach = Pick<MisnamedRow, "pattern" | "because">;

/** How a name in a target breaks its rule, if it does. Each rule is made ready once a target. */
function breaches(naming: NamingRules, target: Listing["target"]): (given: GivenName) => Breach | undefined {
  const ready = new Map(
    Object.entries(naming).flatMap(([of, rule]) => (rule ? [[of, { rule, isRight: namedBy(rule, target) }]] : [])),
  );
  return (given) => {
    const { rule, isRight } = ready.get(given.of) ?? {};
    if (!rule || isRight?.(given.name)) return undefined;
    const because = [misnaming(given, rule), ...(rule.message === undefined ? [] : [rule.message])].join("; ");
    return { pattern: rule.pattern, because };
  };
}

const placeOf = ({ key, id, of, name }: MisnamedRow): string => [showKey(key), id, of, name].join("\n");
