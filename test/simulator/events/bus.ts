/** EventBridge's buses, with the rules and policies that they are placed with (EventBridge User Guide, "Event buses", "Rules"). */
import type { PolicyDocument } from "../iam/policy.ts";
import type { EventPattern } from "./pattern.ts";

/** The envelope, as subscribers get it (EventBridge User Guide, "Event structure"). */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  /** Where it came up, however often it was forwarded since. */
  readonly account: string;
  /** To the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventTarget {
  /** Of a bus, a queue, a topic or a function. */
  readonly arn: string;
  /** By which another account's or Region's bus is reached. */
  readonly roleArn?: string;
  /** The queue of what could not be delivered. */
  readonly deadLetterArn?: string;
}

export interface EventRule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly targets: readonly EventTarget[];
  enabled: boolean;
}

export interface EventBus {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  policy: PolicyDocument | undefined;
  /** By name. */
  readonly rules: Map<string, EventRule>;
  /** All that was put on it, in order; nothing of it is kept where no rule looks. */
  readonly received: BusEvent[];
}

export function busArn(account: string, region: string, name: string): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

export function newBus(account: string, region: string, name: string): EventBus {
  return {
    name,
    arn: busArn(account, region, name),
    account,
    region,
    policy: undefined,
    rules: new Map(),
    received: [],
  };
}

/** The default bus is not in its rules' ARNs. */
export function ruleArn({ name: bus, account, region }: EventBus, { name }: EventRule): string {
  return `arn:aws:events:${region}:${account}:rule/${bus === "default" ? "" : `${bus}/`}${name}`;
}
