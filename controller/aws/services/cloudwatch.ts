export { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
