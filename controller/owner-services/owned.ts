/** A resource as its own service lists or describes it, as far as that goes. */
export interface Owned {
  readonly arn: string;
  /** What it keeps when it is renamed, where names can change (rule 4). */
  readonly id?: string | undefined;
  /** AWS Backup's word for it, where its ARN could be of several types. */
  readonly type?: string | undefined;
  /** When it was made, epoch milliseconds. */
  readonly createdOn?: number | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Why it does nothing at present. */
  readonly idle?: "stopped" | "unattached" | "paused" | undefined;
  /** How long its own service keeps the backups that it makes of it by itself, beside AWS Backup. Absent: none, or nobody tells. */
  readonly ownBackupDays?: number | undefined;
  /** What AWS Backup backs up in its stead (semantics §4.1): the cluster of a database, the volumes of an ONTAP file system. */
  readonly coveredBy?: string | undefined;
  /** Of a bucket: the Region it lies in, which its ARN does not say. */
  readonly region?: string | undefined;
}

type Tag = { readonly Key?: string | undefined; readonly Value?: string | undefined };

/** As services spell what of a resource needs another form. */
interface Spelled extends Omit<Owned, "arn" | "tags" | "createdOn"> {
  readonly created?: Date | undefined;
  readonly tagList?: readonly Tag[] | undefined;
}

export const owned = (arn: string, { created, tagList, ...facts }: Spelled): Owned => ({
  arn,
  ...facts,
  createdOn: created?.getTime(),
  tags: tagList && Object.fromEntries(tagList.map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
});
