import { AccountId, Region, type Target } from "../domain/identity.ts";

/** Where something lives, by its ARN: undefined where that names no account or no Region, as a bucket's does. */
export function placeOf(arn: string): Target | undefined {
  const [, , , region, account] = arn.split(":");
  const parsed = { account: AccountId.safeParse(account), region: Region.safeParse(region) };
  return parsed.account.success && parsed.region.success
    ? { account: parsed.account.data, region: parsed.region.data }
    : undefined;
}
