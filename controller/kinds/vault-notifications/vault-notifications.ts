import * as z from "zod";
import {
  deleteVaultNotifications,
  getVaultNotifications,
  listBackupVaults,
  listTags,
  putVaultNotifications,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import type { Effect } from "../../domain/effect.ts";
import { unless } from "../../domain/errors.ts";
import { defineKind } from "../define-kind.ts";
import { satellitesOf } from "../satellite.ts";
import { VaultNotificationsSpec } from "./spec.ts";

/** Events are AWS's words, some newer than our schema: kept as text so that a listing never fails over one. */
export const VaultNotificationsState = z.strictObject({ snsTopicArn: z.string(), events: z.array(z.string()) });
export type VaultNotificationsState = z.infer<typeof VaultNotificationsState>;

const list = satellitesOf<VaultNotificationsState, typeof getVaultNotifications>(
  "vault-notifications",
  async (call, vault) => {
    const found = await unless("missing", call(getVaultNotifications, { BackupVaultName: vault.name }), undefined);
    if (found?.SNSTopicArn === undefined) return undefined;
    return { snsTopicArn: found.SNSTopicArn, events: [...(found.BackupVaultEvents ?? [])].toSorted() };
  },
);

/** Someone who no longer hears of failures is less protected; who hears of more, no less. */
const eventsEffect = (live: readonly string[] = [], desired: readonly string[] = []): Effect =>
  live.every((event) => desired.includes(event)) ? "strengthens" : "weakens";

const put = (name: string, { snsTopicArn, events }: VaultNotificationsSpec) => ({
  BackupVaultName: name,
  SNSTopicArn: snsTopicArn,
  BackupVaultEvents: [...events],
});

export const vaultNotifications = defineKind<VaultNotificationsSpec, VaultNotificationsState>({
  name: "vault-notifications",
  after: ["vault"],
  dropped: "release",
  spec: VaultNotificationsSpec,
  state: VaultNotificationsState,
  list: step("observe")([listBackupVaults, listTags, getVaultNotifications], list),

  normalise: (spec) => ({ ...spec, events: [...new Set(spec.events)].toSorted() }),
  // The cast lets events in that AWS knows and we do not yet: they are only compared.
  observed: (state) => state as VaultNotificationsSpec,
  fields: {
    snsTopicArn: { effect: "neutral", on: "in-place" },
    events: { effect: eventsEffect, on: "in-place" },
  },
  creation: { effect: () => "strengthens" },
  removal: { effect: () => "weakens" },

  create: step("apply")([putVaultNotifications], async (call, _target, { key, spec }) => {
    await call(putVaultNotifications, put(key.name, spec));
  }),
  update: step("apply")([putVaultNotifications], async (call, _target, { key, spec }) => {
    await call(putVaultNotifications, put(key.name, spec));
    return "updated";
  }),
  remove: step("apply")([deleteVaultNotifications], async (call, _target, live) => {
    await call(deleteVaultNotifications, { BackupVaultName: live.key.name });
  }),

  examples: {
    smallest: { snsTopicArn: "arn:aws:sns:eu-west-1:111122223333:backup-alerts", events: ["BACKUP_JOB_COMPLETED"] },
    fullest: {
      snsTopicArn: "arn:aws:sns:eu-west-1:111122223333:backup-alerts",
      events: ["COPY_JOB_FAILED", "BACKUP_JOB_COMPLETED", "RECOVERY_POINT_MODIFIED"],
    },
  },
});
