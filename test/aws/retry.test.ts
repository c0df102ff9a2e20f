import { describe, expect, it } from "vitest";
import type { Delivery } from "../../controller/aws/failures.ts";
import { nextStep, type Next } from "../../controller/aws/retry.ts";
import type { FailureKind } from "../../controller/domain/errors.ts";

const tries = { count: 1, elapsedMs: 0, renewed: false, random: 0.5 };
const trouble = (kind: FailureKind, delivery: Delivery, message = "…") => ({
  failure: { kind, operation: "…", message },
  delivery,
});
const read = { name: "backup:ListBackupVaults", access: "read" } as const;
const write = (name: string) => ({ name, access: "write" }) as const;
const createPlan = write("backup:CreateBackupPlan");
const updatePlan = write("backup:UpdateBackupPlan");
const putLock = write("backup:PutBackupVaultLockConfiguration");

type Row = readonly [Parameters<typeof nextStep>, Next["do"]];
const table: Readonly<Record<string, Row>> = {
  "a throttled read goes again": [[trouble("throttled", "refused"), read, {}, tries], "resend"],
  "a throttled write goes again: it was refused": [[trouble("throttled", "refused"), updatePlan, {}, tries], "resend"],
  "the eighth throttle is the last": [[trouble("throttled", "refused"), read, {}, { ...tries, count: 8 }], "give-up"],
  "a read whose answer was lost goes again": [[trouble("unavailable", "unclear"), read, {}, tries], "resend"],
  "a write whose answer was lost never does": [[trouble("unanswered", "unclear"), createPlan, {}, tries], "give-up"],
  "a write answered by a gateway's page never does": [
    [trouble("unavailable", "unclear"), putLock, {}, tries],
    "give-up",
  ],
  "a write that never left goes again": [[trouble("unavailable", "never-sent"), updatePlan, {}, tries], "resend"],
  "after a server fault, a create with our token goes again": [
    [trouble("unavailable", "server-fault"), createPlan, { CreatorRequestId: "hf.1" }, tries],
    "resend",
  ],
  "after a server fault, a create without one does not": [
    [trouble("unavailable", "server-fault"), createPlan, {}, tries],
    "give-up",
  ],
  "after a server fault, a plan's update does not: each adds a version": [
    [trouble("unavailable", "server-fault"), updatePlan, {}, tries],
    "give-up",
  ],
  "after a server fault, a replacement goes again": [
    [trouble("unavailable", "server-fault"), putLock, { MinRetentionDays: 7 }, tries],
    "resend",
  ],
  "after a server fault, a tag put by its owner goes again": [
    [trouble("unavailable", "server-fault"), write("ec2:CreateTags"), {}, tries],
    "resend",
  ],
  "after a server fault, a compliance lock does not: it would move the date": [
    [trouble("unavailable", "server-fault"), putLock, { ChangeableForDays: 14 }, tries],
    "give-up",
  ],
  "after a server fault, a deletion of data does not": [
    [trouble("unavailable", "server-fault"), write("backup:DeleteRecoveryPoint"), {}, tries],
    "give-up",
  ],
  "credentials that ended are renewed": [[trouble("expired", "refused"), updatePlan, {}, tries], "renew-credentials"],
  "…once": [[trouble("expired", "refused"), read, {}, { ...tries, renewed: true }], "give-up"],
  "a role that AWS Backup does not know yet is waited for": [
    [trouble("invalid", "refused", "IAM Role x cannot be assumed by AWS Backup"), createPlan, {}, tries],
    "resend",
  ],
  "…for two minutes": [
    [
      trouble("invalid", "refused", "IAM Role x cannot be assumed by AWS Backup"),
      createPlan,
      {},
      { ...tries, count: 25, elapsedMs: 120_000 },
    ],
    "give-up",
  ],
  "a denial is final": [[trouble("denied", "refused"), read, {}, tries], "give-up"],
  "a quota is final": [[trouble("quota", "refused"), createPlan, {}, tries], "give-up"],
  "a conflict is for a later run": [[trouble("conflict", "refused"), putLock, {}, tries], "give-up"],
};

describe("what follows a failure", () => {
  it.each(Object.entries(table))("%s", (_, [asked, expected]) => {
    expect(nextStep(...asked).do).toBe(expected);
  });

  it("waits twice as long each time, half of it by chance, and no longer than 20 s", () => {
    const wait = (count: number, random: number) =>
      nextStep(trouble("throttled", "refused"), read, {}, { ...tries, count, random });
    expect([1, 2, 3, 7].map((count) => wait(count, 0))).toEqual(
      [250, 500, 1000, 10_000].map((afterMs) => ({ do: "resend", afterMs })),
    );
    expect(wait(1, 1)).toEqual({ do: "resend", afterMs: 500 });
  });
});
