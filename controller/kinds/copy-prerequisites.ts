import * as z from "zod";
import type { Bar } from "../domain/change.ts";
import type { Hazard } from "../domain/effect.ts";
import { sameTarget, type Target } from "../domain/identity.ts";
import type { FleetView } from "../domain/judging.ts";
import { letsCopiesIn, statementsIn } from "./copy-permission.ts";
import type { CopyMend } from "./copy-mend.ts";
import type { RecoveryPointRow } from "./point-row.ts";
import { LOCKED } from "./locked.ts";

/** Where its source lies, and what of the fleet is known there. */
export interface Looking {
  readonly view: FleetView;
  readonly target: Target;
  readonly now: Date;
}

/** Where a copy would go, and for how long; undefined: for ever. */
export interface Going {
  readonly target: Target;
  readonly vault: string;
  readonly days: number | undefined;
}

const VaultBody = z.object({ vaultType: z.string(), encryptionKeyArn: z.string().optional() });
const LockBody = z.object({
  lockDate: z.string().optional(),
  minRetentionDays: z.number().default(1),
  maxRetentionDays: z.number().default(Infinity),
});
const PolicyBody = z.object({ document: z.unknown() });

const AIR_GAPPED = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";

/** Points under AWS Backup's own ARN are fully managed: the destination's key is all they need (semantics §4.1, §4.8). */
const isFullyManaged = ({ arn }: RecoveryPointRow): boolean => /^arn:[^:]+:backup:/.test(arn);

/**
 * What a copy would fail for, looked at before it is started: AWS finds out when the job runs (semantics §4.8). What cannot be seen
 * stands in the way. Hazards: a copy into an immutable vault can never be taken back.
 */
export function prerequisites(fold: Looking, row: RecoveryPointRow, going: Going): Prerequisites {
  const vault = found(fold, "vault", going, VaultBody);
  if (vault === "unknown") return { bars: [unknown(going)], hazards: [], keys: NO_KEYS };
  if (vault === "absent")
    return { bars: [cannot(`there is no vault ${going.vault} there`, "declare it")], hazards: [], keys: NO_KEYS };
  const lock = found(fold, "vault-lock", going, LockBody);
  const bars = [
    ...sourceBars(row, fold.now),
    ...policyBars(fold, going),
    ...lockBars(lock, going),
    ...keyBars(fold, row, going, vault),
    ...(vault.vaultType === AIR_GAPPED && row.resourceType === "RDS"
      ? [cannot("an air-gapped vault takes no RDS points", "another destination")]
      : []),
  ];
  const immutable = vault.vaultType === AIR_GAPPED || (typeof lock === "object" && lock.lockDate !== undefined);
  return { bars, hazards: immutable ? ["irreversible"] : [], keys: keysToLookAt(fold, row, going, vault) };
}

/** What keeps a copy that is there from being kept for longer: it lies where others rule (rules 10, 11). What cannot be seen stands in the way. */
export function placeBars(fold: Looking, going: Pick<Going, "target" | "vault">): readonly Bar[] {
  const vault = found(fold, "vault", going, VaultBody);
  const lock = found(fold, "vault-lock", going, LockBody);
  if (vault === "unknown" || vault === "absent" || lock === "unknown") return [unknown(going)];
  if (vault.vaultType === AIR_GAPPED)
    return [cannot("points in air-gapped vaults are only reported", "nothing: its own vault says how long it is kept")];
  return lock === "absent" ? [] : [LOCKED];
}

export interface Prerequisites {
  readonly bars: readonly Bar[];
  readonly hazards: readonly Hazard[];
  /** Keys that must be looked at besides: whose they are, no listing tells. */
  readonly keys: CopyMend["keys"];
}
const NO_KEYS = { source: null, destination: null };

const cannot = (because: string, release: string): Bar => ({ reason: "cannot-mend", because, release });
const unknown = ({ target, vault }: Pick<Going, "target" | "vault">): Bar => ({
  reason: "unknown-state",
  because: `the vault ${vault} in ${target.account}/${target.region} could not be looked at`,
  release: "a complete listing of its target, which must be of the fleet",
});

/** One live resource of the destination, as much of it as is asked for. */
function found<T>(
  { view }: Looking,
  kind: string,
  { target, vault }: Pick<Going, "target" | "vault">,
  schema: z.ZodType<T>,
): T | "absent" | "unknown" {
  const live = view.live(kind).find(({ key }) => key.name === vault && sameTarget(key.target, target));
  const body = live && schema.safeParse(live.state);
  if (body) return body.success ? body.data : "unknown";
  return view.complete(kind, target) ? "absent" : "unknown";
}

function sourceBars(row: RecoveryPointRow, now: Date): readonly Bar[] {
  if (row.coldOn !== undefined && row.coldOn <= now.getTime())
    return [cannot("it is in cold storage, and AWS copies nothing from there", "nothing: it can only be restored")];
  if (row.resourceType === "RDS" && /:cluster:/.test(row.resourceArn))
    return [cannot("AWS does not copy Multi-AZ clusters of RDS", "accept it in a Waiver")];
  return [];
}

/** Another account's copies take the vault's consent. */
function policyBars(fold: Looking, going: Going): readonly Bar[] {
  if (going.target.account === fold.target.account) return [];
  const policy = found(fold, "vault-policy", going, PolicyBody);
  if (policy === "unknown") return [unknown(going)];
  return policy !== "absent" && letsCopiesIn(statementsIn(policy.document), fold.target.account)
    ? []
    : [
        cannot(
          `the access policy of ${going.vault} does not let account ${fold.target.account} copy into it`,
          "allow backup:CopyIntoBackupVault in the vault's accessPolicy",
        ),
      ];
}

function lockBars(lock: z.infer<typeof LockBody> | "absent" | "unknown", going: Going): readonly Bar[] {
  if (lock === "unknown") return [unknown(going)];
  if (lock === "absent") return [];
  const { minRetentionDays, maxRetentionDays } = lock;
  const fits =
    going.days === undefined
      ? maxRetentionDays === Infinity
      : going.days >= minRetentionDays && going.days <= maxRetentionDays;
  return fits
    ? []
    : [
        cannot(
          `the lock of ${going.vault} takes ${minRetentionDays} to ${maxRetentionDays} days, and the copy would be kept ${going.days === undefined ? "for ever" : `for ${going.days}`}`,
          "a retention within the lock's bounds",
        ),
      ];
}

function keyBars(
  fold: Looking,
  row: RecoveryPointRow,
  { target, vault }: Going,
  { encryptionKeyArn, vaultType }: z.infer<typeof VaultBody>,
): readonly Bar[] {
  if (target.account !== fold.target.account && vault === "Default")
    return [cannot("the Default vault takes no copies of other accounts", "a vault with a customer managed key")];
  if (isFullyManaged(row) || sameTarget(target, fold.target) || vaultType === AIR_GAPPED) return [];
  return encryptionKeyArn === undefined
    ? [cannot(`${vault} has no key of its own, which such a copy needs`, "a vault with a customer managed key")]
    : [];
}

/** An AWS managed key serves nobody outside its account, and outside its Region only what AWS Backup manages fully (semantics §4.8). */
function keysToLookAt(
  fold: Looking,
  row: RecoveryPointRow,
  { target }: Going,
  { encryptionKeyArn, vaultType }: z.infer<typeof VaultBody>,
): CopyMend["keys"] {
  if (isFullyManaged(row) || sameTarget(target, fold.target)) return NO_KEYS;
  const leaves = target.account !== fold.target.account || vaultType === AIR_GAPPED;
  return {
    destination: vaultType === AIR_GAPPED ? null : (encryptionKeyArn ?? null),
    source: leaves ? (row.keyArn ?? null) : null,
  };
}
