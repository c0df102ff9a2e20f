export { DescribeFileSystemsCommand, EFSClient } from "@aws-sdk/client-efs";
