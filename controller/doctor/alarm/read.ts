import { describeAlarms, listSubscriptions } from "../../aws/installation-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { pages } from "../../aws/pages.ts";
import { look, lookFor, type Fact } from "../fact.ts";

/** What the names of all our alarms begin with. */
const PREFIX = "holdfast";

export interface Alarm {
  readonly name: string;
  readonly ringing: boolean;
  /** It goes off when nothing is heard: the dead man's switch. */
  readonly hearsSilence: boolean;
  readonly actsOn: boolean;
  /** ARNs of whom it tells. */
  readonly tells: readonly string[];
}

export interface AlarmFacts {
  readonly alarms: Fact<readonly Alarm[]>;
  /** Who listens to each topic that an alarm tells; `undefined`: there is no such topic. */
  readonly listeners: ReadonlyMap<string, Fact<Listeners | undefined>>;
}
export interface Listeners {
  readonly confirmed: number;
  readonly pending: number;
}

export async function readAlarms(call: Call<typeof describeAlarms | typeof listSubscriptions>): Promise<AlarmFacts> {
  const alarms = await look(() => alarmsOf(call));
  const topics = new Set((alarms.seen ? alarms.value : []).flatMap(({ tells }) => tells).filter(isTopic));
  const listeners = await Promise.all(
    [...topics].map(async (topic) => [topic, await lookFor(() => listenersOf(call, topic))] as const),
  );
  return { alarms, listeners: new Map(listeners) };
}

const isTopic = (arn: string): boolean => /^arn:[^:]+:sns:/.test(arn);

async function alarmsOf(call: Call<typeof describeAlarms>): Promise<readonly Alarm[]> {
  const found: Alarm[] = [];
  const read = (NextToken: string | undefined) => call(describeAlarms, { AlarmNamePrefix: PREFIX, NextToken });
  for await (const page of pages(describeAlarms.name, read))
    for (const { AlarmName, StateValue, TreatMissingData, ActionsEnabled, AlarmActions } of page.MetricAlarms ?? [])
      found.push({
        name: AlarmName ?? "",
        ringing: StateValue === "ALARM",
        hearsSilence: TreatMissingData === "breaching",
        actsOn: ActionsEnabled ?? false,
        tells: AlarmActions ?? [],
      });
  return found;
}

async function listenersOf(call: Call<typeof listSubscriptions>, TopicArn: string): Promise<Listeners> {
  let [confirmed, pending] = [0, 0];
  const read = (NextToken: string | undefined) => call(listSubscriptions, { TopicArn, NextToken });
  for await (const page of pages(listSubscriptions.name, read))
    for (const { SubscriptionArn } of page.Subscriptions ?? [])
      // In the ARN's place stands a word while nobody has confirmed it (SNS API Reference, Subscription).
      if (SubscriptionArn?.startsWith("arn:") === true) confirmed += 1;
      else pending += 1;
  return { confirmed, pending };
}
