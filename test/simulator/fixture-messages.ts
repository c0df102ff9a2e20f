/** Clients of what messages go through, as an administrator of the hub's account or with somebody's keys. */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { region, type Key } from "./fixture.ts";
import type { Simulator } from "./simulator.ts";

export function messagingClients(
  simulator: Simulator,
  credentials: Key = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
) {
  const config = { region, credentials, maxAttempts: 1, requestHandler: simulator.handler() };
  return { events: new EventBridgeClient(config), sns: new SNSClient(config), sqs: new SQSClient(config) };
}
