import { partitionOf } from "../backup/arns.ts";

const sorts: Readonly<Record<string, string>> = { vol: "volume", i: "instance", ami: "image", snap: "snapshot" };

/** The ARN behind one of EC2's ids. Snapshots and images have none of the account in theirs (Service Authorization Reference). */
export function ec2Arn({ account, region }: { readonly account: string; readonly region: string }, id: string): string {
  const sort = sorts[id.split("-")[0] ?? ""] ?? "*";
  const owner = sort === "image" || sort === "snapshot" ? "" : account;
  return `arn:${partitionOf(region)}:ec2:${region}:${owner}:${sort}/${id}`;
}
