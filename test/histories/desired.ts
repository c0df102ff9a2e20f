import { FRANKFURT, IRELAND, SHOP, VAULTS } from "../support/universe.ts";

/** Names an owner, where owners are asked for. */
export const OWNER_TAG = "owner";

/** What people have committed, as data: the oracle reads this, the controller the YAML that is written from it. */
export interface Committed {
  readonly management: "enforce" | "observe";
  readonly destruction: { readonly perVaultDay: number; readonly percentOfVault: number; readonly perFleetDay: number };
  /** Frozen from one instant to another, to the minute. */
  readonly freeze?: { readonly from: string; readonly to: string };
  readonly policies: readonly Policy[];
  readonly approvals: readonly Approval[];
  readonly waivers: readonly Waiver[];
  /** Whether the fleet says which tag names an owner. */
  readonly owners?: boolean;
}

export type Cause = "expired" | "planDeleted" | "resourceDeleted" | "unowned";

export interface Policy {
  readonly name: string;
  readonly group: "production" | "central" | "all";
  readonly vaults: readonly string[];
  readonly management: "enforce" | "observe" | "suspended";
  readonly orphans?: {
    readonly when: readonly Cause[];
    readonly action: "tag" | "delete";
    readonly graceDays: number;
    readonly minMissingDays: number;
    readonly keepLast: number;
  };
  readonly retention?: { readonly atLeastDays?: number; readonly atMostDays?: number };
  readonly copies?: Copies;
}

/** Where copies must be, all in Ireland, and how long a point stays beside them. */
export interface Copies {
  readonly to: readonly (keyof typeof ASKED_PLACES)[];
  readonly keepLocalDays: number;
  readonly graceDays: number;
}

/** Whose the vaults are that a policy may ask for copies in. */
export const ASKED_PLACES = { central: VAULTS, other: SHOP } as const;
export const ASKED_REGION = IRELAND;

/** `name` with all the rest makes one consent: an edited one is another. */
export interface Approval {
  readonly name: string;
  readonly changes: readonly string[];
  readonly groups: readonly { readonly id: string; readonly report: number }[];
  readonly standing: readonly string[];
  readonly lastPoints: readonly string[];
  readonly expiresOn: string;
}

export interface Waiver {
  readonly name: string;
  readonly points: readonly string[];
  readonly expiresOn: string;
}

export interface Extent {
  readonly regions: 1 | 2;
}

export const regionsOf = ({ regions }: Extent): readonly string[] => [IRELAND, FRANKFURT].slice(0, regions);

/** Accounts that a policy's group reaches. */
export const accountsOf = ({ group }: Pick<Policy, "group">): readonly string[] =>
  group === "all" ? [SHOP, VAULTS] : group === "production" ? [SHOP] : [VAULTS];

/** The manifests that say so. JSON is YAML, which saves every quarrel about quotes. */
export function filesOf(committed: Committed, extent: Extent): Readonly<Record<string, string>> {
  const documents = [
    manifest("Fleet", "acme", fleet(committed, extent)),
    ...committed.policies.map((one) => manifest("RecoveryPointPolicy", one.name, policy(one))),
    ...committed.approvals.map((one) => manifest("Approval", one.name, approval(one))),
    ...committed.waivers.map((one) => manifest("Waiver", one.name, waiver(one))),
  ];
  return { "all.yaml": documents.join("\n---\n") };
}

const manifest = (kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion: "holdfast/v1", kind, metadata: { name }, spec });

const fleet = ({ management, destruction, freeze, owners }: Committed, extent: Extent): object => ({
  accounts: { ids: [SHOP, VAULTS] },
  regions: regionsOf(extent),
  externalId: "holdfast",
  management,
  ...(owners && { ownership: { tags: [OWNER_TAG] } }),
  groups: {
    production: { accounts: { ids: [SHOP] } },
    central: { accounts: { ids: [VAULTS] } },
    all: { accounts: { ids: [SHOP, VAULTS] } },
  },
  guardrails: {
    destruction,
    ...(freeze && {
      maintenance: {
        timeZone: "UTC",
        freezes: [{ from: minute(freeze.from), to: minute(freeze.to), reason: "quarter's end" }],
      },
    }),
  },
});

const minute = (instant: string): string => instant.slice(0, 16);

const policy = ({ group, vaults, management, orphans, retention, copies }: Policy): object => ({
  targets: { groups: [group] },
  match: { vaults },
  // One that says nothing goes by the fleet's mode.
  ...(management === "suspended" ? { management, suspendReason: "under review" } : {}),
  ...(management === "observe" ? { management } : {}),
  ...(orphans && {
    orphans: {
      when: orphans.when,
      action: orphans.action,
      grace: `${orphans.graceDays}d`,
      minMissing: `${orphans.minMissingDays}d`,
      keepLast: orphans.keepLast,
    },
  }),
  ...(retention && { retention }),
  ...(copies && { copies: copies.to.map((vault) => copiesTo(vault, copies)) }),
});

/** Started by nobody here: whether those that there are stand in is what is judged. */
const copiesTo = (vault: Copies["to"][number], { keepLocalDays, graceDays }: Copies): object => ({
  to: { account: ASKED_PLACES[vault], region: ASKED_REGION, vault },
  since: "2020-01-01T00:00:00Z",
  remedy: "notify",
  afterCopy: { keepLocalDays, grace: `${graceDays}d` },
});

const approval = ({ changes, groups, standing, lastPoints, expiresOn }: Approval): object => ({
  ...(changes.length > 0 && { changes }),
  ...(groups.length > 0 && { groups }),
  ...(standing.length > 0 && { standing: standing.map((name) => ({ policy: name, cause: "expired" })) }),
  ...(lastPoints.length > 0 && { lastPoints }),
  reason: "the owners agreed",
  expires: expiresOn,
});

const waiver = ({ points, expiresOn }: Waiver): object => ({
  owner: "storage team",
  reason: "kept for the audit",
  expires: expiresOn,
  findings: { recoveryPoints: points },
});
