/** When a failed call may be sent again, and how long to wait first. Pure. */
import type { AwsFailure } from "../domain/errors.ts";
import type { AnyOperation } from "./operation.ts";
import { mayBePropagating, type Trouble } from "./failures.ts";

export type Next =
  | { readonly do: "give-up" }
  | { readonly do: "resend"; readonly afterMs: number }
  | { readonly do: "renew-credentials" };

/** What the call has been through. */
export interface Tries {
  /** Sendings so far, the failed one included. */
  readonly count: number;
  /** Milliseconds since the first. */
  readonly elapsedMs: number;
  readonly renewed: boolean;
  /** From 0 up to 1: spreads those who were throttled together. */
  readonly random: number;
}

const THROTTLED = { tries: 8, firstMs: 500, longestMs: 20_000 };
const UNAVAILABLE = { tries: 5, firstMs: 200, longestMs: 5_000 };
/** Semantics §0.5: how long AWS Backup may not know a role that IAM already has. */
const PROPAGATION = { everyMs: 5_000, untilMs: 120_000 };

export function nextStep(
  trouble: Trouble,
  operation: Pick<AnyOperation, "name" | "access">,
  input: object,
  tries: Tries,
): Next {
  if (!maySendAgain(trouble, operation, input)) return { do: "give-up" };
  const { failure } = trouble;
  if (failure.kind === "throttled") return backOff(THROTTLED, tries);
  if (failure.kind === "unavailable" || isBusy(failure)) return backOff(UNAVAILABLE, tries);
  if (failure.kind === "expired" && !tries.renewed) return { do: "renew-credentials" };
  if (mayBePropagating(failure) && tries.elapsedMs < PROPAGATION.untilMs) {
    return { do: "resend", afterMs: PROPAGATION.everyMs };
  }
  return { do: "give-up" };
}

/** AWS Backup is still at the last change of the same thing: it says to come back later (semantics §0.2). */
const isBusy = ({ kind, code, operation }: AwsFailure): boolean =>
  kind === "conflict" && code === "ConflictException" && operation.startsWith("backup:");

/** A write whose fate is unclear is never sent again: its caller reads back and compares (rule 17, law 12). */
function maySendAgain({ delivery }: Trouble, operation: Pick<AnyOperation, "name" | "access">, input: object): boolean {
  if (operation.access === "read") return true;
  switch (delivery) {
    case "never-sent":
    case "refused":
      return true;
    case "server-fault":
      return isRepeatable(operation.name, input);
    case "unclear":
      return false;
    default:
      return delivery satisfies never;
  }
}

/** Writes that leave the same behind when done twice. UpdateBackupPlan does not: each adds a version. */
const REPLACEMENTS = new Set([
  "backup:PutBackupVaultAccessPolicy",
  "backup:PutBackupVaultLockConfiguration",
  "backup:PutBackupVaultNotifications",
  "backup:TagResource",
  "backup:UntagResource",
  "backup:UpdateGlobalSettings",
  "backup:UpdateRecoveryPointLifecycle",
  "backup:UpdateRegionSettings",
  "backup:UpdateRestoreTestingPlan",
  "backup:UpdateRestoreTestingSelection",
  "ec2:CreateTags",
  "fsx:TagResource",
  "rds:AddTagsToResource",
  "redshift:CreateTags",
]);

/** A token of our own makes a create repeatable; one that the SDK makes up would be another at each sending. */
function isRepeatable(name: string, input: object): boolean {
  // A second put would move the date from which the lock cannot be taken away (rule 14).
  if ("ChangeableForDays" in input && input.ChangeableForDays !== undefined) return false;
  return REPLACEMENTS.has(name) || hasToken(input, "CreatorRequestId") || hasToken(input, "IdempotencyToken");
}

const hasToken = (input: object, name: string): boolean =>
  name in input && typeof (input as Readonly<Record<string, unknown>>)[name] === "string";

/** Exponential backoff, half of it by chance (AWS Architecture Blog, "Exponential backoff and jitter": equal jitter). */
function backOff(
  limits: { readonly tries: number; readonly firstMs: number; readonly longestMs: number },
  { count, random }: Tries,
): Next {
  if (count >= limits.tries) return { do: "give-up" };
  const whole = Math.min(limits.longestMs, limits.firstMs * 2 ** (count - 1));
  return { do: "resend", afterMs: Math.round(whole / 2 + (random * whole) / 2) };
}
