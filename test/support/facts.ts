import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import type { Grounds } from "../../controller/decide/decide.ts";
import type { Approval, Desired, DesiredState, Wanted } from "../../controller/domain/desired.ts";
import { Digest, instant, Target, type ResourceKey } from "../../controller/domain/identity.ts";
import type { Inventory } from "../../controller/domain/inventory.ts";
import type { Listing, Live, Unread } from "../../controller/domain/live.ts";
import type { AwsFailure } from "../../controller/domain/errors.ts";
import { NO_COMMIT } from "./no-commit.ts";

/** Facts written down by hand, for tables about pure code: a fleet of one or two targets, what is wanted there, what was listed. */

export const NOW = new Date("2026-03-01T05:00:00.000Z");
export const here = Target.parse({ account: "444455556666", region: "eu-west-1" });
export const there = Target.parse({ account: "777788889999", region: "eu-west-1" });
export const denied: AwsFailure = { kind: "denied", operation: "backup:ListBackupVaults", message: "not authorized" };

export const key = (kind: string, name: string, target = here): ResourceKey => ({ target, kind, name });

type Options = Partial<Pick<Desired, "management" | "adopt" | "within">> & { readonly target?: Target };

const common = (kind: string, name: string, { target = here, ...options }: Options) => ({
  key: key(kind, name, target),
  management: { mode: "enforce" as const },
  adopt: false,
  source: { path: "backups.yaml", line: 1, column: 1 },
  ...options,
});

export const wanted = (kind: string, name: string, spec: unknown, options: Options = {}): Wanted => ({
  ...common(kind, name, options),
  want: "present",
  spec,
});
export const unwanted = (kind: string, name: string, options: Options = {}): Desired => ({
  ...common(kind, name, options),
  want: "absent",
});

type LiveOptions = Partial<Pick<Live, "ownership" | "managedBy" | "suspendedUntil" | "id">> & {
  readonly target?: Target;
};

export const found = (
  kind: string,
  name: string,
  state: unknown,
  { target = here, ...options }: LiveOptions = {},
): Live => ({
  key: key(kind, name, target),
  id: `arn:aws:backup:${target.region}:${target.account}:${kind}:${name}`,
  state,
  ownership: "ours",
  ...options,
});

export const vaultState = (tags: Record<string, string> = {}, recoveryPoints = 0) => ({
  vaultType: "BACKUP_VAULT",
  encryptionKeyArn: "arn:aws:kms:eu-west-1:444455556666:key/k1",
  tags,
  recoveryPoints,
});

/** A listing of one kind; `cut` says why it is not whole. */
export function listed(
  kind: string,
  items: readonly Live[],
  {
    cut,
    unread = [],
    target = here,
  }: { readonly cut?: AwsFailure; readonly unread?: readonly Unread[]; readonly target?: Target } = {},
): Listing {
  const part = { target, kind, items, unread, at: instant(NOW) };
  return cut ? { ...part, status: "incomplete", failure: cut } : { ...part, status: "complete" };
}

export const inventory = (...listings: readonly Listing[]): Inventory => ({
  listings,
  resolved: new Map(),
  governed: [],
  surveys: new Map(),
});

export const desiredState = (resources: readonly Desired[], changes: Partial<DesiredState> = {}): DesiredState => ({
  revision: {
    digest: Digest.parse("0".repeat(64)),
    commit: null,
    tree: "t",
    dirty: true,
    sequence: null,
    fastForward: null,
    previousCommit: null,
    ...NO_COMMIT,
    uri: "file:.",
    files: [],
  },
  fleet: {
    name: "acme",
    access: { mode: "ambient", roles: { observe: "o", apply: "a", retain: "r", destroy: "d" }, rolePath: "/" },
    targets: [here, there],
    excluded: [],
    guardrails: {
      concurrency: 4,
      budget: { perTarget: 2, perRun: 3, percent: 50 },
      shrinkPercent: 50,
      contestedAfter: 2,
      destruction: { perVaultDay: 10, percentOfVault: 1, perFleetDay: 50 },
      copies: { perTargetDay: 20, bytesPerTargetDay: 500_000_000_000 },
      backups: { perTargetDay: 20 },
    },
  },
  resources,
  rules: [],
  approvals: [],
  waivers: [],
  warnings: [],
  ...changes,
});

/** Consent to nothing yet, valid for ten days from `NOW`. */
export const approval = (more: Partial<Approval> = {}): Approval => ({
  name: "agreed",
  digest: Digest.parse("a".repeat(64)),
  changes: [],
  groups: [],
  standing: [],
  lastPoints: [],
  reason: "reviewed",
  expiresOn: instant(new Date(NOW.getTime() + 10 * 86_400_000)),
  source: { path: "approvals.yaml", line: 1, column: 1 },
  ...more,
});

/** A run that has nothing to go by but what it sees. */
export const NO_GROUNDS: Grounds = {
  carried: NOTHING_CARRIED,
  announcements: [],
  standing: new Map(),
  groups: new Map(),
  inSync: new Map(),
  partial: false,
  harmless: undefined,
  now: NOW,
};
