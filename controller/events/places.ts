import { AccountId, Region, showTarget, type Target } from "../domain/identity.ts";
import type { Envelope } from "./envelope.ts";

/** How deep a detail is searched: CloudTrail's names vaults in `requestParameters`, and in lists of rules there. */
const DEEPEST = 8;

/** A vault's ARN tells where it is. A name may hold slashes (`aws/efs/automatic-backup-vault`). */
const VAULT_ARN = /^arn:[^:]+:backup:([^:]+):(\d+):backup-vault:/;

/**
 * Where to look for what happened: where the event comes from, and wherever a vault is that it names. A copy goes to another account or
 * Region, and the event comes from its source alone (semantics §7.1).
 */
export function targetsOf({ resources, detail }: Envelope, home: Target): readonly Target[] {
  const vaults = [...textsIn([resources, detail])].flatMap(placeOf);
  const places = new Map([home, ...vaults].map((target) => [showTarget(target), target]));
  return [...places].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

function placeOf(text: string): readonly Target[] {
  const [, region, account] = VAULT_ARN.exec(text) ?? [];
  const place = { account: AccountId.safeParse(account).data, region: Region.safeParse(region).data };
  return place.account && place.region ? [{ account: place.account, region: place.region }] : [];
}

function* textsIn(value: unknown, depth = 0): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null || depth > DEEPEST) return;
  for (const inner of Object.values(value)) yield* textsIn(inner, depth + 1);
}
