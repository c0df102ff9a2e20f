/** `arn:aws:sqs:REGION:ACCOUNT:NAME` as the command line wants it (SQS Developer Guide, "Queue and message identifiers"). */
export function urlOf(arn: string): string {
  const [, partition = "aws", , region = "", account = "", name = ""] = arn.split(":");
  return `https://sqs.${region}.${partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"}/${account}/${name}`;
}
