import * as z from "zod";

/**
 * A resource, as all that knows of it tells together. Times are epoch milliseconds. A hundred thousand of these may stream by.
 */
export const ResourceRow = z.strictObject({
  arn: z.string(),
  /** AWS Backup's word; where its ARN could be of several types and nobody tells which, all of them. */
  type: z.string(),
  /** Absent: nobody could tell, which is not the same as having none (law 1). */
  tags: z.record(z.string(), z.string()).optional(),
  /**
   * live: its own service lists it, or the Tagging API does. unknown: AWS Backup alone remembers it, and it may be deleted; or something
   * else may be backed up in its stead, as a cluster is for its databases.
   */
  existence: z.enum(["live", "unknown"]),
  createdOn: z.number().optional(),
  idle: z.enum(["stopped", "unattached", "paused"]).optional(),
  /** For how many days its own service keeps backups of it beside AWS Backup: told, and never taken for protection. Absent: none are known. */
  ownBackupDays: z.number().optional(),
  /** When AWS Backup last backed it up, as it says itself. Null: never. Absent: its list could not be read. */
  lastBackupOn: z.number().nullable().optional(),
});
export type ResourceRow = z.infer<typeof ResourceRow>;
