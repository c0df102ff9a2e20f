import { canonical } from "../domain/digest.ts";
import { TRANSITION_TYPE, type Statement } from "../domain/report.ts";
import { policyFrom, type Keys } from "./keys.ts";
import type { Check } from "./refused.ts";

interface Finding {
  readonly check: Check;
  readonly message: string;
}

/** Whether keys change as they must: by a report that says so, signed by the old and the new, and to those that `keys.json` has. */
export function* transitionProblems(
  { predicateType, predicate: { transition } }: Statement,
  sequence: number,
  keys: Keys,
  signedBy: ReadonlySet<string>,
): Generator<Finding> {
  const finding = (message: string): Finding => ({ check: "transition", message });
  const next = policyFrom(keys, sequence + 1);
  if ((predicateType === TRANSITION_TYPE) !== (transition !== undefined))
    return yield finding("is a key transition by its type or by its content, and not by both");
  if (!transition) {
    if (next) yield finding(`is no key transition, and keys.json has other keys from report ${sequence + 1} on`);
    return;
  }
  if (!next)
    return yield finding(
      "is a key transition that keys.json does not have yet: run `holdfast report rotate-keys` again",
    );
  if (canonical(next) !== canonical(transition.newPolicy))
    yield finding("changes the keys to others than keys.json says");
  const absent = transition.to.find(({ keyid }) => !signedBy.has(keyid));
  if (absent) yield finding(`hands over to key ${absent.keyid}, which did not sign it`);
  const emergency = keys.keys.some(({ keyid, status }) => status === "revoked" && transition.from.includes(keyid));
  if (emergency !== (transition.emergency ?? false)) yield finding("does not say of itself whether it revokes a key");
}
