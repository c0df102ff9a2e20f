import fc from "fast-check";
import type { Effect, Fault } from "../simulator/faults.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { INSTALLED } from "../support/installation.ts";
import { HUB, IRELAND } from "../support/universe.ts";
import { ACCOUNTS } from "./manifests.ts";

/** What goes wrong between the controller and AWS: on which calls, how, and how often. */
export interface Trouble {
  readonly operation: string;
  readonly effect: Effect;
  /** Absent: in every account. */
  readonly account?: string;
  readonly page?: number;
  readonly after?: number;
  /** Absent: for as long as the case lasts. */
  readonly times?: number;
}

const READS = [
  "ListBackupVaults",
  "ListTags",
  "GetBackupVaultAccessPolicy",
  "GetBackupVaultNotifications",
  "ListBackupPlans",
  "GetBackupPlan",
  "ListBackupSelections",
  "GetBackupSelection",
  "ListRecoveryPointsByBackupVault",
  "DescribeRecoveryPoint",
  "DescribeKey",
  "AssumeRole",
] as const;
const WRITES = [
  "Create*",
  "Put*",
  "Update*",
  "Delete*",
  "Tag*",
  "CreateBackupVault",
  "CreateBackupSelection",
  "*",
] as const;

const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("deny", "throttle", "unavailable", "expired-token", "lose", "refuse-connection"),
  }),
  fc.record({ kind: fc.constant("html" as const), status: fc.constantFrom(200, 403, 503) }),
);

const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });

const troubleWith = (operations: readonly string[]): fc.Arbitrary<Trouble> =>
  fc
    .record({
      operation: fc.constantFrom(...operations),
      effect,
      account: rarely(fc.constantFrom(...ACCOUNTS)),
      page: rarely(fc.constantFrom(1, 2)),
      after: rarely(fc.nat(6)),
      times: rarely(fc.integer({ min: 1, max: 12 })),
    })
    .map(({ operation, effect, ...limits }) => ({
      operation,
      effect,
      ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
    }));

export const readTroubles = fc.array(troubleWith(READS), { minLength: 1, maxLength: 2 });
export const writeTroubles = fc.array(troubleWith(WRITES), { minLength: 1, maxLength: 3 });

/**
 * The account a call is about: a role is assumed from the hub, but it is the member's. Only AWS's answers to the fleet are disturbed, never
 * the evidence store's nor those about the key that reports are signed with.
 */
export function arm({ faults, kms }: Simulator, troubles: readonly Trouble[]): void {
  const signer = kms(HUB, IRELAND).aliases.get(INSTALLED.signingKey)?.keyId;
  const ofSigner = (input: Readonly<Record<string, unknown>>) =>
    signer !== undefined && typeof input["KeyId"] === "string" && input["KeyId"].endsWith(signer);
  for (const { account, operation, ...trouble } of troubles)
    faults.add({
      ...trouble,
      operation,
      when: ({ service, account: caller, input }) =>
        !ofSigner(input) &&
        (service === "backup" || operation === "AssumeRole" || operation === "DescribeKey") &&
        (account === undefined || account === (accountOfRole(input) ?? caller)),
    } satisfies Fault);
}

const accountOfRole = ({ RoleArn: arn }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof arn === "string" ? arn.split(":")[4] : undefined;
