/** How the hub hears of AWS Backup's events: members forward them to its bus, the bus queues them, and a function is called with batches. */
import type { EventSource, EventSourceMapping, Invoked, SqsEvent } from "../simulator/platform/event-source.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { install, type Deployment, type Installed } from "./installed.ts";
import { installMessages } from "./installed-messages.ts";
import { goldenTemplate } from "./template.ts";

/** AWS Backup speaks every five minutes. */
const ROUND = 300;

type Handler = (event: SqsEvent) => Promise<unknown>;

export interface Told {
  readonly source: EventSource;
  /**
   * Lets so many seconds pass and calls the function with what comes meanwhile, round by round: at first with what waits already. Ten minutes
   * by default, in which AWS Backup has told of what has happened until now.
   */
  readonly deliver: (handler: Handler, seconds?: number) => Promise<readonly Invoked[]>;
  /** Bodies of what waits in the queue, hidden messages too. */
  readonly waiting: () => readonly string[];
  readonly deadLetters: () => readonly string[];
}

/** Rules in every account and Region, and bus and queue in the hub, as the templates have them. */
export function installEvents(simulator: Simulator, hub: Deployment, installed: Installed, template: string): Told {
  installMessages(simulator, goldenTemplate(template), hub, installed);
  for (const account of simulator.organization.accounts.keys())
    for (const region of simulator.regions) installForwarding(simulator, { account, region });

  const { queues } = simulator.platform(hub.account, hub.region);
  const mapping = mappingFrom(installed);
  const queue = queues.get(lastOf(mapping.arn));
  const deadLetters = queues.get(lastOf(queue?.redrive?.deadLetterArn));
  if (queue === undefined || deadLetters === undefined) throw new RangeError("the hub has no queue for events");
  const source = simulator.eventSource(mapping);
  return {
    source,
    deliver: async (handler, seconds = 2 * ROUND) => {
      const until = simulator.clock.now().getTime() + seconds * 1000;
      const invoked = [...(await source.poll(handler))];
      while (simulator.clock.now().getTime() < until) {
        simulator.clock.advance(Math.min(ROUND * 1000, until - simulator.clock.now().getTime()));
        invoked.push(...(await source.poll(handler)));
      }
      return invoked;
    },
    waiting: () => queue.messages.map(({ body }) => body),
    deadLetters: () => deadLetters.messages.map(({ body }) => body),
  };
}

interface MappingProperties {
  readonly EventSourceArn: string;
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig: { readonly MaximumConcurrency: number };
}

/** As the template has it, polled by the role of its function. */
function mappingFrom(installed: Installed): EventSourceMapping {
  const given = installed.properties("AWS::Lambda::EventSourceMapping", "") as unknown as MappingProperties;
  const { Role } = installed.properties("AWS::Lambda::Function", "EventsFunction");
  return {
    arn: given.EventSourceArn,
    batchSize: given.BatchSize,
    maximumBatchingWindowSeconds: given.MaximumBatchingWindowInSeconds,
    maximumConcurrency: given.ScalingConfig.MaximumConcurrency,
    reportBatchItemFailures: given.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
    roleArn: String(Role),
  };
}

const lastOf = (arn: string | undefined): string => arn?.split(":").at(-1) ?? "";

/** What puts AWS Backup's events on the hub's bus, in one Region of a member. */
export function installForwarding(simulator: Simulator, deployment: Deployment): void {
  const template = goldenTemplate("member-events");
  installMessages(simulator, template, deployment, install(simulator, template, deployment));
}
