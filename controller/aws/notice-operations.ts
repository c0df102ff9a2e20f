/** What telling people of concerns asks of AWS, in the hub's own account. */
import { later, writes } from "./operation.ts";
import { eventBridge, sns } from "./services/index.ts";

const OTHER = { pace: "other" } as const;

export const publishMessage = writes("sns:Publish", later(sns, "PublishCommand"), OTHER);
export const putEvents = writes("events:PutEvents", later(eventBridge, "PutEventsCommand"), OTHER);
