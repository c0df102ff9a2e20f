import { expiryOf } from "../expiry.ts";
import type { ApprovalSpec } from "../manifests/approval.ts";
import { refuse, repeated, warn, type Limit } from "./limit.ts";

/** Consent that outlives the memory of what it was for is not consent (rule 7). */
const LONGEST_DAYS = 30;
const DAY_MS = 86_400_000;

export function* approvalLimits(spec: ApprovalSpec, now: Date | undefined): Generator<Limit> {
  const { changes, groups, standing, lastPoints, expires } = spec;
  if ([changes, groups, standing, lastPoints].every((one) => one === undefined))
    yield refuse([], "approves nothing", "give changes, groups, standing or lastPoints");
  yield* repeated(["groups"], groups, ({ id }) => id, "id");
  if (now) yield* lifetimeLimits(expires, now);
}

function* lifetimeLimits(expires: string, now: Date): Generator<Limit> {
  const left = Date.parse(expiryOf(expires)) - now.getTime();
  if (left <= 0) yield warn(["expires"], `has passed: it consents to nothing any more; found ${expires}`, "remove it");
  if (left > LONGEST_DAYS * DAY_MS)
    yield refuse(
      ["expires"],
      `is too far ahead: an approval lives at most ${LONGEST_DAYS} days; found ${expires}`,
      `the last day it may name today is ${new Date(now.getTime() + (LONGEST_DAYS - 1) * DAY_MS).toISOString().slice(0, 10)}`,
    );
}
