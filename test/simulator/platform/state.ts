/** What a controller stands on in one account and Region: functions, schedules, alarms, topics and queues, placed as they already are. */
import type { SimulatedQueue } from "./queue.ts";
import type { SimulatedTopic } from "./topic.ts";

export interface SimulatedFunction {
  readonly name: string;
  readonly handler: string;
  role: string;
  timeoutSeconds: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** Base64 of the SHA-256 of the zip that was uploaded. */
  codeSha256: string;
  /** `Failed` and `Pending` answer no invocation. */
  state: "Active" | "Inactive" | "Pending" | "Failed";
  /** Alias → version. */
  readonly aliases: Map<string, string>;
  reservedConcurrency: number | undefined;
  /** Alias → how often Lambda itself tries an asynchronous invocation again; 2 where nothing is set. */
  readonly retries: Map<string, number>;
  /** DurableConfig: set when the function is made, and never after. */
  durable: { readonly executionSeconds: number; readonly retentionDays: number } | undefined;
}

export interface SimulatedSchedule {
  readonly group: string;
  readonly name: string;
  expression: string;
  timeZone: string;
  state: "ENABLED" | "DISABLED";
  target: {
    readonly arn: string;
    readonly roleArn: string;
    readonly deadLetterArn?: string;
    readonly maximumRetryAttempts?: number;
  };
}

export interface SimulatedAlarm {
  readonly name: string;
  namespace: string;
  metric: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  missingData: "breaching" | "notBreaching" | "ignore" | "missing";
  actionsEnabled: boolean;
  /** ARNs. */
  actions: readonly string[];
}

/** An event source mapping: what brings a queue's messages to a function. */
export interface SimulatedMapping {
  readonly uuid: string;
  /** With the alias that is called. */
  readonly functionArn: string;
  readonly queueArn: string;
  state: "Creating" | "Enabling" | "Enabled" | "Disabling" | "Disabled" | "Updating" | "Deleting";
  readonly batchSize: number;
  readonly gatheredForSeconds: number;
  maximumConcurrency: number | undefined;
  responseTypes: readonly string[];
}

export interface PlatformState {
  readonly functions: Map<string, SimulatedFunction>;
  /** By UUID. */
  readonly mappings: Map<string, SimulatedMapping>;
  /** By `group/name`. */
  readonly schedules: Map<string, SimulatedSchedule>;
  readonly alarms: Map<string, SimulatedAlarm>;
  /** By ARN. */
  readonly topics: Map<string, SimulatedTopic>;
  readonly queues: Map<string, SimulatedQueue>;
}

export const createPlatform = (): PlatformState => ({
  functions: new Map(),
  mappings: new Map(),
  schedules: new Map(),
  alarms: new Map(),
  topics: new Map(),
  queues: new Map(),
});
