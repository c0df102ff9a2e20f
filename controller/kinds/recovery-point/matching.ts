import * as z from "zod";
import type { RecoveryPointRuleSpec } from "./spec.ts";

/** What a vault's points are judged by. */
export const Facts = z.strictObject({ vaultType: z.string(), locked: z.boolean() });
export type Facts = z.infer<typeof Facts>;

/** Whether a rule reaches into a vault. */
export const reaches = ({ match }: RecoveryPointRuleSpec, vault: string): boolean =>
  match.vaults === undefined || match.vaults.some((glob) => toPattern(glob).test(vault));

export const takes = ({ match }: RecoveryPointRuleSpec, resourceType: string): boolean =>
  match.resourceTypes === undefined || match.resourceTypes.includes(resourceType);

/** `*` stands for any stretch, `?` for any one character; everything else for itself. */
const toPattern = (glob: string): RegExp =>
  new RegExp(`^${glob.replaceAll(/\*+|\W/g, (symbol) => WILDCARDS[symbol.charAt(0)] ?? `\\${symbol}`)}$`, "s");
const WILDCARDS: Readonly<Record<string, string>> = { "*": ".*", "?": "." };
