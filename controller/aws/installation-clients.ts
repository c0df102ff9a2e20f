/** Clients of the services that an installation stands on. Doctor asks them, and no run does: the function is without them. */
import { makerOf, type Makers } from "./clients.ts";
import { cloudwatch, scheduler, sns, sqs } from "./services/installation.ts";

export const INSTALLATION_CLIENTS: Makers = {
  cloudwatch: async () => makerOf((await cloudwatch()).CloudWatchClient),
  scheduler: async () => makerOf((await scheduler()).SchedulerClient),
  sns: async () => makerOf((await sns()).SNSClient),
  sqs: async () => makerOf((await sqs()).SQSClient),
};
