import type { AwsFailure } from "../../domain/errors.ts";
import type { Keys } from "./judge/encryption.ts";

/** What a vault's points are judged by, read with the vaults of their target. */
export interface Facts {
  readonly vaultType: string;
  readonly locked: boolean;
  readonly keys: Keys;
  /** By tag key and value, the ARNs that bear it, of tags that some policy asks for; or why they could not be listed. */
  readonly tagged: ReadonlyMap<string, ReadonlySet<string>> | { readonly failure: AwsFailure };
}

export const tagMark = (key: string, value: string): string => JSON.stringify([key, value]);
