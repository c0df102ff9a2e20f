/** What can be wrong with the way by which AWS Backup's events are heard, one thing at a time. */
import { sendTo } from "../simulator/platform/queue.ts";
import {
  changed,
  eventsFunction,
  eventsQueue,
  forwarding,
  lostEvents,
  mapping,
  platform,
  type Row,
} from "./breaking.ts";
import { HUB, IRELAND, SHOP } from "./scene.ts";

const BUS = `arn:aws:events:${IRELAND}:${HUB}:event-bus/holdfast`;
const FORWARDER = `arn:aws:iam::${SHOP}:role/Role`;
const HERE = `${SHOP}/${IRELAND}`;

export const EVENT_BREAKAGES: readonly Row[] = [
  {
    because: "a function without its alias hears nothing",
    breaks: (w) => {
      const { aliases } = eventsFunction(w);
      aliases.delete("live");
      return () => void aliases.set("live", "1");
    },
    check: "events.exists",
    health: "wrong",
    says: /no such function or alias/,
    fix: /cdk deploy holdfast-hub/,
  },
  {
    because: "a mapping that is disabled brings nothing",
    breaks: (w) => changed(mapping(w), { state: "Disabled" }),
    check: "events.mapping",
    health: "wrong",
    says: /^its mapping is disabled$/,
    fix: /update-event-source-mapping --uuid \S+ --enabled/,
  },
  {
    because: "a function that nothing is mapped to hears nothing",
    breaks: (w) => {
      const { mappings } = platform(w);
      const all = [...mappings];
      mappings.clear();
      return () => all.forEach(([id, one]) => mappings.set(id, one));
    },
    check: "events.mapping",
    health: "wrong",
    says: /no event source mapping/,
    fix: /setting eventBus/,
  },
  {
    because: "what is given back is deleted where single failures are not reported",
    breaks: (w) => changed(mapping(w), { responseTypes: [] }),
    check: "events.partial",
    health: "wrong",
    says: /ReportBatchItemFailures/,
    fix: /cdk deploy/,
  },
  {
    because: "fewer instances than batches turn good events into dead letters",
    breaks: (w) => changed(eventsFunction(w), { reservedConcurrency: 1 }),
    check: "events.concurrency",
    health: "wrong",
    says: /brings 2 batches at once, and 1 may run/,
    fix: /cdk deploy/,
  },
  {
    because: "and so does a function that somebody stopped",
    breaks: (w) => changed(eventsFunction(w), { reservedConcurrency: 0 }),
    check: "events.concurrency",
    health: "wrong",
    says: /concurrency is 0/,
    fix: /put-function-concurrency/,
  },
  {
    because: "and a mapping that brings as many as it likes",
    breaks: (w) => changed(mapping(w), { maximumConcurrency: undefined }),
    check: "events.concurrency",
    health: "wrong",
    says: /any number of batches at once/,
    fix: /cdk deploy/,
  },
  {
    because: "another role than the controller's signs nothing",
    breaks: (w) => changed(eventsFunction(w), { role: eventsFunction(w).role.replace("controller", "worker") }),
    check: "events.role",
    health: "wrong",
    says: /it runs as .*worker, and the controller as/,
    fix: /cdk deploy/,
  },
  {
    because: "event runs that look elsewhere tell of another fleet",
    breaks: (w) => {
      const { environment } = eventsFunction(w);
      return changed(environment, { HOLDFAST_WORK: "s3://somewhere" });
    },
    check: "events.settings",
    health: "wrong",
    says: /its HOLDFAST_WORK is s3:\/\/somewhere/,
    fix: /cdk deploy/,
  },
  {
    because: "a message that is hidden for too short comes again while it is dealt with",
    breaks: (w) => changed(eventsQueue(w), { visibilitySeconds: 30 }),
    check: "events.hidden",
    health: "warn",
    says: /again after 30 s/,
    fix: /cdk deploy/,
  },
  {
    because: "what cannot be dealt with comes for ever where nothing takes it aside",
    breaks: (w) => changed(eventsQueue(w), { redrive: undefined }),
    check: "events.dead-letters",
    health: "warn",
    says: /not moved aside/,
    fix: /cdk deploy/,
  },
  {
    because: "what was given up is looked at by a person",
    breaks: (w) => {
      const lost = lostEvents(w);
      sendTo(lost, { body: "{", at: w.simulator.clock.now(), sender: "events.amazonaws.com" }, w.simulator.random);
      return () => void lost.messages.splice(0);
    },
    check: "events.lost",
    health: "warn",
    says: /^1 event was given up after 10 tries$/,
    fix: /start-message-move-task --source-arn .*purge-queue --queue-url https/,
  },
  {
    because: "without its queue no event waits for anybody",
    breaks: (w) => {
      const { queues } = platform(w);
      const queue = eventsQueue(w);
      queues.delete(queue.name);
      return () => void queues.set(queue.name, queue);
    },
    check: "events.queue",
    health: "wrong",
    says: /does not exist/,
    fix: /cdk deploy/,
  },
  {
    because: "what goes to another bus does not come to ours",
    breaks: forwarding({ targets: [{ arn: `${BUS}-of-old`, roleArn: FORWARDER }] }),
    check: "forwarding.rule",
    health: "warn",
    says: /^no rule puts AWS Backup's events on arn:aws:events:eu-west-1:\d+:event-bus\/holdfast$/,
    fix: /holdfast-member-events in that account and Region with eventBus arn:/,
    place: HERE,
  },
  {
    because: "a rule that is disabled forwards nothing",
    breaks: forwarding({ enabled: false }),
    check: "forwarding.rule",
    health: "warn",
    says: /^the rule \S+ is disabled$/,
    fix: /^aws events enable-rule --region eu-west-1 --name \S+$/,
    place: HERE,
  },
  {
    because: "a narrower pattern leaves out what nobody thought of",
    breaks: forwarding({ pattern: { source: ["aws.backup"], "detail-type": ["Backup Job State Change"] } }),
    check: "forwarding.pattern",
    health: "warn",
    says: /Backup Job State Change.* is deployed with \{"source":\["aws.backup"\]\}$/,
    fix: /holdfast-member-events/,
    place: HERE,
  },
  {
    because: "another account's bus is reached by a role",
    breaks: forwarding({ targets: [{ arn: BUS }] }),
    check: "forwarding.role",
    health: "warn",
    says: /names no role/,
    fix: /holdfast-member-events/,
    place: HERE,
  },
  {
    because: "by one that is there",
    breaks: forwarding({ targets: [{ arn: BUS, roleArn: `${FORWARDER}-of-old` }] }),
    check: "forwarding.role",
    health: "warn",
    says: /which does not exist$/,
    fix: /holdfast-member-events/,
    place: HERE,
  },
  {
    because: "and that trusts EventBridge",
    breaks: forwarding({ targets: [{ arn: BUS, roleArn: `arn:aws:iam::${SHOP}:role/holdfast-observe` }] }),
    check: "forwarding.role",
    health: "warn",
    says: /does not trust EventBridge$/,
    fix: /holdfast-member-events/,
    place: HERE,
  },
];
