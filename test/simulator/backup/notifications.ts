/** A vault's SNS notifications (semantics §1.5). */
import type {
  DeleteBackupVaultNotificationsInput,
  GetBackupVaultNotificationsInput,
  GetBackupVaultNotificationsOutput,
  PutBackupVaultNotificationsInput,
} from "@aws-sdk/client-backup";
import { BackupVaultEvent } from "@aws-sdk/client-backup";
import { parseArn } from "./arns.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { invalidParameter, notFound } from "./errors.ts";
import { reachVault } from "./vault-permission.ts";

export function putBackupVaultNotifications(
  input: Checked<PutBackupVaultNotificationsInput>,
  context: BackupContext,
): void {
  const vault = reachVault(context, input.BackupVaultName, "PutBackupVaultNotifications");
  checkTopic(input.SNSTopicArn, context.region);
  if (input.BackupVaultEvents.length === 0) throw invalidParameter("BackupVaultEvents must not be empty");
  for (const event of input.BackupVaultEvents) {
    if (!Object.hasOwn(BackupVaultEvent, event)) throw invalidParameter(`Invalid backup vault event: ${event}`);
  }
  vault.notifications = { topicArn: input.SNSTopicArn, events: [...new Set(input.BackupVaultEvents)] };
}

/** The events are a set: they come back in AWS's order, not the caller's. */
export function getBackupVaultNotifications(
  input: Checked<GetBackupVaultNotificationsInput>,
  context: BackupContext,
): GetBackupVaultNotificationsOutput {
  const vault = reachVault(context, input.BackupVaultName, "GetBackupVaultNotifications");
  if (vault.notifications === undefined) throw notFound(`Backup vault ${vault.name} has no notifications`);
  return {
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    SNSTopicArn: vault.notifications.topicArn,
    BackupVaultEvents: Object.values(BackupVaultEvent).filter((event) => vault.notifications?.events.includes(event)),
  };
}

export function deleteBackupVaultNotifications(
  input: Checked<DeleteBackupVaultNotificationsInput>,
  context: BackupContext,
): void {
  const vault = reachVault(context, input.BackupVaultName, "DeleteBackupVaultNotifications");
  if (vault.notifications === undefined && context.state.world.options.deleteAbsent === "not-found") {
    throw notFound(`Backup vault ${vault.name} has no notifications`);
  }
  vault.notifications = undefined;
}

function checkTopic(arn: string, region: string): void {
  const topic = parseArn(arn);
  if (topic?.service !== "sns") throw invalidParameter(`Invalid SNS topic ARN: ${arn}`);
  if (topic.region !== region) throw invalidParameter(`SNS topic ${arn} is not in Region ${region}`);
  if (topic.resource.endsWith(".fifo")) throw invalidParameter(`FIFO topics are not supported: ${arn}`);
}
