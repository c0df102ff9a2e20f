/** ARNs of AWS Backup's own things, made and taken apart. */

interface Place {
  readonly account: string;
  readonly region: string;
}

export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** `resource` is what follows the account: `backup-vault:main`. */
export function backupArn({ account, region }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:backup:${region}:${account}:${resource}`;
}

export function vaultArn(place: Place, name: string): string {
  return backupArn(place, `backup-vault:${name}`);
}

export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...resource] = text.split(":");
  if (arn !== "arn" || !partition || !service || region === undefined || account === undefined) return undefined;
  return resource.length === 0 ? undefined : { service, region, account, resource: resource.join(":") };
}

/** Name and place of a vault, or nothing where the ARN is not a vault's. */
export function parseVaultArn(text: string): (Place & { readonly name: string }) | undefined {
  const arn = parseArn(text);
  if (arn?.service !== "backup" || !arn.resource.startsWith("backup-vault:")) return undefined;
  return { account: arn.account, region: arn.region, name: arn.resource.slice("backup-vault:".length) };
}
