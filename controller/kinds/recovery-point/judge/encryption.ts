import type { RecoveryPointRow } from "../../point-row.ts";
import type { PointRule } from "./matching.ts";

/** Key ARNs by how policies write them; null: an alias that could not be resolved here. */
export type Keys = Readonly<Record<string, string | null>>;

export type Encryption =
  | { readonly verdict: "not-asked" | "as-asked" | "unknown" }
  | { readonly verdict: "unencrypted" | "wrongKey"; readonly rule: PointRule; readonly because: string };

/** Whether a point is encrypted as the rules ask. What AWS does not say is unknown. */
export function judgeEncryption(row: RecoveryPointRow, matching: readonly PointRule[], keys: Keys): Encryption {
  const asking = matching.filter(({ spec }) => spec.encryption !== undefined);
  if (asking.length === 0) return { verdict: "not-asked" };
  if (row.encrypted === undefined) return { verdict: "unknown" };
  for (const rule of asking) {
    if (!row.encrypted)
      return { verdict: "unencrypted", rule, because: `it is not encrypted, and ${rule.name} asks for that` };
    const wanted = rule.spec.encryption?.keys;
    if (wanted === undefined) continue;
    const arns = new Set(wanted.map((key) => keys[key] ?? (key.startsWith("arn:") ? key : null)));
    if (row.keyArn !== undefined && arns.has(row.keyArn)) continue;
    if (arns.has(null)) return { verdict: "unknown" };
    return {
      verdict: "wrongKey",
      rule,
      because: `it is encrypted with ${row.keyArn ?? "a key that AWS owns"}, and ${rule.name} asks for ${wanted.join(" or ")}`,
    };
  }
  return { verdict: "as-asked" };
}
