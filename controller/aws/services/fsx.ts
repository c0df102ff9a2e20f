export { DescribeFileSystemsCommand, DescribeVolumesCommand, FSxClient, TagResourceCommand } from "@aws-sdk/client-fsx";
