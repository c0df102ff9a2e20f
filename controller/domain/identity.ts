import * as z from "zod";

/** Twelve digits, always a string: a YAML number would lose leading zeros (rule 32). */
export const AccountId = z
  .string()
  .regex(/^\d{12}$/, "an account id is 12 digits")
  .brand<"AccountId">();
export type AccountId = z.infer<typeof AccountId>;

/** A Region of any partition: `eusc-de-east-1` as well. */
export const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
export const Region = z.string().regex(REGION, "a Region looks like eu-west-1").brand<"Region">();
export type Region = z.infer<typeof Region>;

/** Lower-case hexadecimal SHA-256. */
export const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<"Digest">();
export type Digest = z.infer<typeof Digest>;

/** RFC 3339 in UTC with milliseconds and `Z`. */
export const Instant = z.iso.datetime({ precision: 3 }).brand<"Instant">();
export type Instant = z.infer<typeof Instant>;

export const instant = (date: Date): Instant => Instant.parse(date.toISOString());

/** Where. One account in one Region: the unit of credentials, of concurrency and of failure. */
export const Target = z.strictObject({ account: AccountId, region: Region });
export type Target = z.infer<typeof Target>;

/** Which. What a desired resource and its live counterpart have in common. */
export const ResourceKey = z.strictObject({ target: Target, kind: z.string(), name: z.string() });
export type ResourceKey = z.infer<typeof ResourceKey>;

export const showTarget = (target: Target): string => `${target.account}/${target.region}`;

/** One line, unique over the fleet, and the order in which keys are sorted everywhere. */
export const showKey = (key: ResourceKey): string => `${showTarget(key.target)}/${key.kind}/${key.name}`;

export const sameTarget = (a: Target, b: Target): boolean => a.account === b.account && a.region === b.region;

/** As the AWS SDKs tell partitions by their Regions (partitions.json). */
const PARTITION_OF: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, "aws-cn"],
  [/^us-gov-/, "aws-us-gov"],
  [/^eusc-/, "aws-eusc"],
  [/^us-iso-/, "aws-iso"],
  [/^us-isob-/, "aws-iso-b"],
  [/^eu-isoe-/, "aws-iso-e"],
  [/^us-isof-/, "aws-iso-f"],
];

/** The ARN partition a Region belongs to. */
export const partitionOf = (region: Region): string =>
  PARTITION_OF.find(([pattern]) => pattern.test(region))?.[1] ?? "aws";
