/** `arn:aws:sqs:REGION:ACCOUNT:NAME` as the command line wants it (SQS Developer Guide, "Queue and message identifiers"). */
export function urlOf(arn: string): string {
  const [, partition = "aws", , region = "", account = "", name = ""] = arn.split(":");
  return `https://sqs.${region}.${SUFFIXES[partition] ?? "amazonaws.com"}/${account}/${name}`;
}

/** Partitions whose services have other names than the rest (partitions.json of the AWS SDKs). */
const SUFFIXES: Readonly<Record<string, string>> = { "aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu" };
