import fc from "fast-check";
import { addRecoveryPoint } from "../simulator/backup/build.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { CENTRAL, VAULT_NAMES } from "./manifests.ts";
import type { Place } from "./worlds.ts";

/** A recovery point that was taken some days ago, where there is a vault to hold it. */
export interface GivenPointIn {
  readonly at: number;
  readonly vault: string;
  readonly type: "EBS" | "DynamoDB";
  readonly ageDays: number;
  /** Absent: for ever. */
  readonly keepDays?: number;
}

export const point: fc.Arbitrary<GivenPointIn> = fc.record(
  {
    at: fc.nat(5),
    vault: fc.constantFrom(...VAULT_NAMES, CENTRAL.name),
    type: fc.constantFrom("EBS", "DynamoDB"),
    ageDays: fc.integer({ min: 1, max: 5 }),
    keepDays: fc.constantFrom(10, 35, 365),
  },
  { requiredKeys: ["at", "vault", "type", "ageDays"] },
);

const RESOURCES = { EBS: "ec2:volume/vol-1", DynamoDB: "dynamodb:table/orders" } as const;
const DAY_MS = 86_400_000;

export function placePoint(simulator: Simulator, { account, region }: Place, given: GivenPointIn): void {
  const state = simulator.backup(account, region);
  if (!state.vaults.has(given.vault)) return;
  const [service, resource] = RESOURCES[given.type].split(":");
  addRecoveryPoint(state, {
    vault: given.vault,
    resourceArn: `arn:aws:${service}:${region}:${account}:${resource}`,
    resourceType: given.type,
    creationDate: new Date(simulator.clock.now().getTime() - given.ageDays * DAY_MS),
    sizeBytes: 1_000_000,
    lifecycle: given.keepDays === undefined ? {} : { DeleteAfterDays: given.keepDays },
  });
}
