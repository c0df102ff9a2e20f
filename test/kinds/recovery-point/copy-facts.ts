import { Target } from "../../../controller/domain/identity.ts";
import type { Live } from "../../../controller/domain/live.ts";
import type { FleetView } from "../../../controller/domain/judging.ts";
import { sidesOf } from "../../../controller/kinds/recovery-point/judge/asked.ts";
import { matchCopies } from "../../../controller/kinds/recovery-point/judge/copies.ts";
import { foldRow, settleFold } from "../../../controller/kinds/recovery-point/judge/fold.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import type { PointRule } from "../../../controller/kinds/recovery-point/judge/matching.ts";
import { viewOf } from "../answers.ts";
import { ACCOUNT, begun, DAY, row, ruleOf, type Scene, vaultArn } from "./facts.ts";

/** Points, copies and destinations written down by hand, and what the join makes of them (rule 20). */

export const THERE = Target.parse({ account: "777788889999", region: "eu-central-1" });
export const NEAR = Target.parse({ account: ACCOUNT, region: "eu-central-1" });
export const SINCE = "1970-01-01T00:00:00Z";
export const NOW = new Date(100 * DAY);
export const KEY = `arn:aws:kms:eu-central-1:${THERE.account}:key/k1`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/backup`;

export type Copy = NonNullable<Parameters<typeof ruleOf>[0]["copies"]>[number];
export const policy = (copy: Partial<Copy> = {}, to: Target = THERE) =>
  ruleOf({
    copies: [
      {
        to: { account: to.account, region: to.region, vault: "central" },
        since: SINCE,
        remedy: "copyAgain",
        ...copy,
      },
    ],
  });

export const source = (more: Partial<RecoveryPointRow> = {}): RecoveryPointRow =>
  row({ createdOn: 50 * DAY, deleteAfterDays: 35, roleArn: ROLE, ...more });
export const copyOf = (one: RecoveryPointRow, more: Partial<RecoveryPointRow> = {}): RecoveryPointRow => ({
  ...one,
  arn: `${one.arn}-copy`,
  sourceVaultArn: vaultArn("nightly"),
  ...more,
});

const live = (kind: string, state: object, at: Target): Live => ({
  key: { target: at, kind, name: "central" },
  id: `${kind}:central`,
  state,
  ownership: "ours",
});
export const GAP = { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" };
export const VAULT = { vaultType: "BACKUP_VAULT", encryptionKeyArn: KEY };
export const letting = (account: string) => ({
  document: {
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "backup:CopyIntoBackupVault",
        Resource: "*",
      },
    ],
  },
});
/** A destination that takes copies: there, with a key of its own, letting the account in. */
export function destination(
  changes: {
    readonly vault?: object | null;
    readonly lock?: object;
    readonly policy?: object | null;
    readonly incomplete?: string[];
  } = {},
  at = THERE,
): FleetView {
  const { vault = VAULT, lock, policy: document = letting(ACCOUNT), incomplete = [] } = changes;
  return viewOf({
    live: [
      ...(vault ? [live("vault", vault, at)] : []),
      ...(lock ? [live("vault-lock", lock, at)] : []),
      ...(document ? [live("vault-policy", document, at)] : []),
    ],
    incomplete,
  });
}

type Rows = readonly RecoveryPointRow[] | undefined;

/** What the join makes of some points here and there: the same in every vault that is asked, or what each has. */
export function joined(
  here: readonly RecoveryPointRow[],
  there: Rows | ((vault: string) => Rows),
  { rule = policy(), others = [], ...scene }: Scene & { rule?: PointRule; others?: readonly PointRule[] } = {},
) {
  let fold = begun([rule, ...others], { now: NOW, view: destination(), ...scene });
  for (const one of here) fold = foldRow(fold, one);
  for (const side of sidesOf(fold)) {
    const wanting = here.filter(
      (one) => one.createdOn >= side.from.getTime() && one.createdOn < side.until.getTime() && side.wants(one),
    );
    const found = typeof there === "function" ? there(side.partition) : there;
    if (wanting.length > 0) fold = matchCopies(fold, side, wanting, found);
  }
  const { findings, counts, undecided } = settleFold(fold, "complete");
  const told = Object.keys(counts).filter((name) => name.startsWith("cop"));
  return {
    told,
    findings: findings.filter(({ cause }) => cause.startsWith("copy")),
    undecided,
    leaving: findings.filter(({ cause }) => cause === "copied"),
  };
}
