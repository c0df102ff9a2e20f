import fc from "fast-check";
import { addPlan, addSelection, addVault } from "../simulator/backup/build.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { FLEET_NAME, PLAN_NAMES, policy, ROLE, SCHEDULES, VAULT_NAMES } from "./manifests.ts";
import type { Place } from "./worlds.ts";

/** Who made a thing, as its tags say. `suspended` is ours, and under somebody's break glass. */
const OWNERS = ["nobody", "another fleet", "CloudFormation", "us", "us, suspended"] as const;
export type Owner = (typeof OWNERS)[number];

/** What somebody made before any run: a vault or a plan under a name that manifests use too, or under its own. */
export type Placement = { readonly at: number; readonly owner: Owner; readonly name: string } & (
  | {
      readonly what: "vault";
      readonly lock?: { readonly minRetentionDays: number };
      readonly policy?: object;
      readonly events?: readonly string[];
    }
  | {
      readonly what: "plan";
      readonly rules: readonly { readonly name: string; readonly days: number; readonly schedule: string }[];
      readonly selections: readonly { readonly name: string; readonly tag: string }[];
    }
);

const common = { at: fc.nat(5), owner: fc.constantFrom(...OWNERS) };

const vault = fc.record(
  {
    what: fc.constant("vault" as const),
    ...common,
    name: fc.constantFrom(...VAULT_NAMES, ...VAULT_NAMES, "legacy"),
    lock: fc.record({ minRetentionDays: fc.constantFrom(1, 30) }),
    policy,
    events: fc.subarray(["BACKUP_JOB_COMPLETED", "RESTORE_JOB_STARTED"], { minLength: 1 }),
  },
  { requiredKeys: ["what", "at", "owner", "name"] },
);

const plan = fc.record({
  what: fc.constant("plan" as const),
  ...common,
  name: fc.constantFrom(...PLAN_NAMES, ...PLAN_NAMES, "legacy"),
  rules: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("daily", "weekly", "yearly"),
      days: fc.constantFrom(7, 35, 3650),
      schedule: fc.constantFrom(...Object.keys(SCHEDULES)),
    }),
    { minLength: 1, maxLength: 2, selector: ({ name }) => name },
  ),
  selections: fc.uniqueArray(
    fc.record({ name: fc.constantFrom("tagged", "theirs"), tag: fc.constantFrom("nightly", "weekly") }),
    { maxLength: 2, selector: ({ name }) => name },
  ),
});

export const placement: fc.Arbitrary<Placement> = fc.oneof(vault, plan);

/** Puts it there as if it had always been. A second vault of one name cannot be. */
export function place(simulator: Simulator, { account, region }: Place, placed: Placement): void {
  const state = simulator.backup(account, region);
  const tags = tagsOf(placed, simulator.clock.now());
  if (placed.what === "vault") {
    if (state.vaults.has(placed.name)) return;
    const { name, lock, policy: document, events } = placed;
    addVault(state, {
      name,
      tags,
      ...(lock ? { lock } : {}),
      ...(document ? { accessPolicy: JSON.stringify(document) } : {}),
      ...(events ? { notifications: { topicArn: `arn:aws:sns:${region}:${account}:theirs`, events } } : {}),
    });
    return;
  }
  const Rules = placed.rules.map(({ name, days, schedule }) => ({
    RuleName: name,
    TargetBackupVaultName: VAULT_NAMES[0],
    ScheduleExpression: schedule,
    Lifecycle: { DeleteAfterDays: days },
  }));
  const made = addPlan(state, { document: { BackupPlanName: placed.name, Rules }, tags });
  for (const { name, tag } of placed.selections)
    addSelection(state, made, {
      content: {
        SelectionName: name,
        IamRoleArn: ROLE.replace("${account}", account),
        ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: tag }],
      },
    });
}

/** A break glass is for 72 h at most (rule 27). */
const SUSPENSION_MS = 48 * 3_600_000;

function tagsOf({ what, owner, name }: Placement, now: Date): Record<string, string> {
  const ours = { "holdfast:fleet": FLEET_NAME, "holdfast:resource": `${what}/${name}` };
  switch (owner) {
    case "nobody":
      return {};
    case "another fleet":
      return { ...ours, "holdfast:fleet": "globex" };
    case "CloudFormation":
      return { "aws:cloudformation:stack-name": "backups" };
    case "us":
      return ours;
    case "us, suspended":
      return { ...ours, "holdfast:suspend-until": new Date(now.getTime() + SUSPENSION_MS).toISOString() };
    default:
      return owner satisfies never;
  }
}
