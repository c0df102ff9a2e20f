import type { AwsFailure } from "../../domain/errors.ts";
import type { Keys } from "./judge/encryption.ts";

/** What a vault's points are judged by, read with the vaults of their target. */
export interface Facts {
  readonly vaultType: string;
  readonly locked: boolean;
  readonly keys: Keys;
  readonly tagged: Tagging;
  /** By ARN, the marks of orphans that points bear. Where they could not be listed, none is taken off. */
  readonly marked: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** By tag key, which ARN of the target bears it with which value, of keys that some policy asks for; or why they could not be listed. */
export type Tagging = ReadonlyMap<string, ReadonlyMap<string, string>> | { readonly failure: AwsFailure };
