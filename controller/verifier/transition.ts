import { Refused, type Finding } from "./checks.ts";
import { policyAt, policyFrom, type Keys, type Policy } from "./keys.ts";
import { countOf, type Opened } from "./signatures.ts";
import type { Statement } from "./statement.ts";

/**
 * Whether keys change as they must: by a key transition that holds the last place under the old policy, says the new one as `keys.json` has
 * it, and is signed by the old keys and the new. Throws `Refused` where a statement has too few signatures and is no emergency.
 */
export function transitionFindings(
  { predicate, isTransition }: Statement,
  sequence: number,
  { signedBy, unchecked, onlyEmergency }: Opened,
  keys: Keys,
): readonly Finding[] {
  const { transition } = predicate;
  if (onlyEmergency && transition?.emergency !== true) {
    const { threshold } = policyAt(keys, sequence);
    throw new Refused("signature", `fewer than ${threshold} of the trusted keys signed it, and it revokes none`);
  }
  const next = policyFrom(keys, sequence + 1);
  const finding = (message: string): readonly Finding[] => [{ check: "transition", message }];
  if (!isTransition || !transition)
    return next ? finding(`is no key transition, and keys.json has other keys from report ${sequence + 1} on`) : [];
  if (!next)
    return finding("is a key transition that keys.json does not have yet: run `holdfast report rotate-keys` again");
  if (!samePolicy(next, transition.newPolicy)) return finding("changes the keys to others than keys.json says");
  const absent = transition.to.find(({ keyid }) => !signedBy.has(keyid) && !unchecked.has(keyid));
  if (absent) return finding(`hands over to key ${absent.keyid}, which did not sign it`);
  const revokes = keys.keys.some(({ keyid, status }) => status === "revoked" && transition.from.includes(keyid));
  if (revokes !== (transition.emergency ?? false)) return finding("does not say of itself whether it revokes a key");
  const there = countOf(next, new Set([...signedBy, ...unchecked]));
  return there < next.threshold
    ? finding(`is signed by ${there} of the new keys, and they take ${next.threshold}`)
    : [];
}

const samePolicy = (a: Policy, b: Policy): boolean =>
  a.fromSequence === b.fromSequence &&
  a.threshold === b.threshold &&
  a.keyids.length === b.keyids.length &&
  a.keyids.every((keyid) => b.keyids.includes(keyid));
