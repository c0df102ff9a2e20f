/** How the hub hears of AWS Backup's events: members forward them to its bus, the bus queues them, and a function is called with batches. */
import type { EventSource, Invoked, SqsEvent } from "../simulator/platform/event-source.ts";
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
  const [rule] = simulator.eventBridge.bus(hub.account, hub.region, "holdfast")?.rules.values() ?? [];
  const [target] = rule?.targets ?? [];
  const queue = queues.get(nameOf(target?.arn));
  const deadLetters = queues.get(nameOf(queue?.redrive?.deadLetterArn));
  if (target === undefined || queue === undefined || deadLetters === undefined)
    throw new RangeError("the hub has no queue for events");
  const source = simulator.eventSource({
    arn: target.arn,
    batchSize: 1000,
    maximumBatchingWindowSeconds: 30,
    reportBatchItemFailures: true,
  });
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

const nameOf = (arn: string | undefined): string => arn?.split(":").at(-1) ?? "";

function installForwarding(simulator: Simulator, deployment: Deployment): void {
  const template = goldenTemplate("member-events");
  installMessages(simulator, template, deployment, install(simulator, template, deployment));
}
