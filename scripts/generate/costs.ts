import { METRICS } from "../../controller/metrics/table.ts";
import { ALARMS } from "../../infra/alarms.ts";

/**
 * What an installation costs a month, worked out from what it does: no figure of the result stands anywhere else. AWS Backup itself, whose
 * storage costs what it did before, is left out; so are free tiers and taxes.
 */

/** A figure that the sums begin with, and where it is from. */
export interface Input {
  readonly value: number;
  /** With its unit, for readers. */
  readonly shown: string;
  readonly what: string;
  readonly source: string;
}

export const PRICES_OF = "list prices of us-east-1, last read in November 2026, without free tiers";

const KB = 1e3;
const GB = 1e9;

const price = (dollars: number, count: number, unit: string, what: string, page: string): Input => ({
  value: dollars / count,
  shown: `$${dollars} / ${count === 1 ? "" : `${figure(count)} `}${unit}`,
  what,
  source: `AWS's price page of ${page}`,
});

export const PRICES = {
  lambdaTime: price(0.0000133334, 1, "GB-second", "Lambda on arm64, time", "Lambda"),
  lambdaStart: price(0.2, 1e6, "starts", "Lambda, starts", "Lambda"),
  durableOperation: price(8, 1e6, "operations", "durable functions, operations", "Lambda"),
  durableWritten: price(0.25, 1, "GB", "durable functions, data written", "Lambda"),
  s3Write: price(0.005, 1000, "requests", "S3, PUT and LIST", "S3"),
  s3Read: price(0.0004, 1000, "requests", "S3, GET", "S3"),
  s3Stored: price(0.023, 1, "GB-month", "S3 Standard; Object Lock itself costs nothing", "S3"),
  key: price(1, 1, "key-month", "KMS, keys", "KMS"),
  signature: price(0.15, 10_000, "requests", "KMS, asymmetric requests but of RSA 2048", "KMS"),
  keyRead: price(0.03, 10_000, "requests", "KMS, other requests", "KMS"),
  logs: price(0.5, 1, "GB", "CloudWatch Logs, taking in", "CloudWatch"),
  logsStored: price(0.03, 1, "GB-month", "CloudWatch Logs, keeping", "CloudWatch"),
  metric: price(0.3, 1, "metric-month", "CloudWatch, custom metrics", "CloudWatch"),
  alarm: price(0.1, 1, "alarm-month", "CloudWatch, alarms", "CloudWatch"),
  dashboard: price(3, 1, "dashboard-month", "CloudWatch, dashboards", "CloudWatch"),
  schedule: price(1, 1e6, "starts", "EventBridge Scheduler", "EventBridge"),
  event: price(1, 1e6, "events", "EventBridge, events put to another bus", "EventBridge"),
  archived: price(0.1, 1, "GB", "EventBridge, archiving", "EventBridge"),
  message: price(0.4, 1e6, "requests", "SQS", "SQS"),
  notification: price(2, 100_000, "mails", "SNS, mail", "SNS"),
  secret: price(0.4, 1, "secret-month", "Secrets Manager", "Secrets Manager"),
} as const satisfies Readonly<Record<string, Input>>;

const input = (value: number, unit: string, what: string, source: string): Input => ({
  value,
  shown: `${figure(value)} ${unit}`,
  what,
  source,
});
const MEASURED = "measured on the simulator and rounded up; a test measures it again";
const ASSUMED = "assumed";

export const INPUTS = {
  regions: input(4, "an account", "Regions", ASSUMED),
  runs: input(120, "a month", "runs: one in six hours", "the settings' default"),
  concurrency: input(8, "targets", "concurrency", "the Fleet's default, guardrails.concurrency"),
  seconds: input(
    3,
    "a target",
    "seconds: some 55 calls, paced as AWS allows",
    `${ASSUMED}; grows with vaults, and with what CoveragePolicies ask for`,
  ),
  memory: input(1769 / 1024, "GB", "memory of each function", "infra/constructs"),
  shard: input(16, "targets", "a shard of the durable engine", "design of the durable engine"),
  requestsWritten: input(15, "a run", "S3 writes and listings: lease, opening, attachments, report", MEASURED),
  requestsRead: input(15, "a run", "S3 reads", MEASURED),
  evidence: input(40 * KB, "bytes a run", "evidence, whatever the fleet", MEASURED),
  evidenceOfTarget: input(3 * KB, "bytes a run", "evidence of each target", MEASURED),
  signatures: input(2, "a run", "signatures: the opening record's and the report's", MEASURED),
  keysRead: input(2, "a run", "key aliases resolved in each target", MEASURED),
  logOfTarget: input(2 * KB, "bytes a run", "log of each target", ASSUMED),
  logMonths: input(12, "months", "logs are kept", "infra/constructs/kept-logs.ts"),
  keys: input(
    3,
    "keys",
    "keys: reports', the desired state's, the notifications'; a second signature takes one more",
    "infra/hub",
  ),
  metrics: input(Object.keys(METRICS).length, "metrics", "metrics, of the fleet as a whole", "controller/metrics"),
  alarms: input(ALARMS.length, "alarms", "alarms, at most", "Alarms, above"),
  looks: input(
    300,
    "a month",
    "looks at each target that events call for: one for each of its jobs, since a batch takes what comes together",
    ASSUMED,
  ),
  eventRuns: input(3600, "a month", "runs that events call for: one in two minutes, four hours a night", ASSUMED),
  polls: input(
    650_000,
    "a month",
    "questions to the events' queue, of five pollers, each waiting twenty seconds",
    ASSUMED,
  ),
  events: input(3000, "a month", "events of each target: ten jobs a day, ten events each", ASSUMED),
  eventBytes: input(2 * KB, "bytes", "size of an event", ASSUMED),
  mails: input(100, "a month", "mails", ASSUMED),
} as const satisfies Readonly<Record<string, Input>>;

export interface Fleet {
  readonly accounts: number;
  readonly engine: "inline" | "durable";
}

/** A fleet whose targets one function cannot see in its quarter of an hour takes the durable engine. */
export const FLEETS: readonly Fleet[] = [
  { accounts: 10, engine: "inline" },
  { accounts: 100, engine: "inline" },
  { accounts: 1000, engine: "durable" },
];

export interface Item {
  readonly what: string;
  /** As it is worked out, in words. */
  readonly sum: string;
  /** Dollars a month. */
  readonly cost: (fleet: Fleet) => number;
}

const of = (name: keyof typeof INPUTS): number => INPUTS[name].value;
const at = (name: keyof typeof PRICES): number => PRICES[name].value;
export const targetsOf = ({ accounts }: Fleet): number => accounts * of("regions");

/** Seconds of all functions of a run together. A worker has its shard observed and applied; the coordinator mostly sleeps. */
export function functionSeconds(fleet: Fleet): number {
  const working = (targetsOf(fleet) * of("seconds")) / of("concurrency");
  return fleet.engine === "inline" ? working : working * 2 + COORDINATING_SECONDS;
}
const COORDINATING_SECONDS = 60;
const shardsOf = (fleet: Fleet): number => Math.ceil(targetsOf(fleet) / of("shard"));
/** What is declared, what is governed and the survey: each map asks for every shard. The coordinator's own steps, and a wave of changes, come besides. */
export const operationsOf = (fleet: Fleet): number => 3 * shardsOf(fleet) + 50;

const evidenceGb = (fleet: Fleet): number =>
  (of("runs") * (of("evidence") + of("evidenceOfTarget") * targetsOf(fleet))) / GB;
const logGb = (fleet: Fleet): number => (of("runs") * of("logOfTarget") * targetsOf(fleet)) / GB;

export const ITEMS: readonly Item[] = [
  {
    what: "Lambda",
    sum: "runs × (targets × seconds ÷ concurrency; durable: twice that, and 60 s) × memory × price",
    cost: (fleet) => of("runs") * functionSeconds(fleet) * of("memory") * at("lambdaTime"),
  },
  {
    what: "Durable operations",
    sum: "runs × (3 maps × shards + 50) × price, and starts of workers and 1 MB written a run",
    cost: (fleet) =>
      fleet.engine === "inline"
        ? 0
        : of("runs") *
          (operationsOf(fleet) * (at("durableOperation") + at("lambdaStart")) + 0.001 * at("durableWritten")),
  },
  {
    what: "S3 requests",
    sum: "runs × (writes × price + reads × price); durable: 4 more writes and reads a shard",
    cost: (fleet) => {
      const shards = fleet.engine === "inline" ? 0 : 4 * shardsOf(fleet);
      return (
        of("runs") * ((of("requestsWritten") + shards) * at("s3Write") + (of("requestsRead") + shards) * at("s3Read"))
      );
    },
  },
  {
    what: "S3 storage, after a year",
    sum: "12 × runs × (evidence + evidence of a target × targets) × price",
    cost: (fleet) => 12 * evidenceGb(fleet) * at("s3Stored"),
  },
  {
    what: "KMS",
    sum: "keys × price + runs × (signatures × price + aliases × targets × price)",
    cost: (fleet) =>
      of("keys") * at("key") +
      of("runs") * (of("signatures") * at("signature") + of("keysRead") * targetsOf(fleet) * at("keyRead")),
  },
  {
    what: "CloudWatch Logs",
    sum: "runs × log of a target × targets × (price of taking in + months × price of keeping)",
    cost: (fleet) => logGb(fleet) * (at("logs") + of("logMonths") * at("logsStored")),
  },
  {
    what: "CloudWatch metrics, alarms, dashboard",
    sum: "metrics × price + alarms × price + 1 dashboard",
    cost: () => of("metrics") * at("metric") + of("alarms") * at("alarm") + at("dashboard"),
  },
  { what: "Scheduler", sum: "runs × price", cost: () => of("runs") * at("schedule") },
  {
    what: "Events, where they are forwarded and archived",
    sum: "targets × events × (price + size × price of archiving + 3 messages × price)",
    cost: (fleet) =>
      targetsOf(fleet) * of("events") * (at("event") + (of("eventBytes") / GB) * at("archived") + 3 * at("message")),
  },
  {
    what: "What events call for",
    sum: "targets × looks × seconds ÷ concurrency × memory × price + event runs × (writes, reads, signatures, a year's evidence) + polls × price",
    cost: (fleet) =>
      ((targetsOf(fleet) * of("looks") * of("seconds")) / of("concurrency")) * of("memory") * at("lambdaTime") +
      of("eventRuns") * (of("requestsWritten") * at("s3Write") + of("requestsRead") * at("s3Read")) +
      of("eventRuns") * (of("signatures") * at("signature") + ((12 * of("evidence")) / GB) * at("s3Stored")) +
      of("polls") * at("message"),
  },
  { what: "SNS", sum: "mails × price", cost: () => of("mails") * at("notification") },
  { what: "Secrets Manager", sum: "1 secret; each address of Slack or Teams is one more", cost: () => at("secret") },
];

export const monthly = (fleet: Fleet): number => ITEMS.reduce((sum, { cost }) => sum + cost(fleet), 0);

/** The tables as Markdown: what comes out, and what went in. */
export const costTables = (): string =>
  [
    `A month in dollars, by ${PRICES_OF}.`,
    "",
    `| | how it is worked out | ${FLEETS.map(heading).join(" | ")} |`,
    `| --- | --- | ${FLEETS.map(() => "---:").join(" | ")} |`,
    ...ITEMS.map(
      ({ what, sum, cost }) => `| ${what} | ${sum} | ${FLEETS.map((one) => dollars(cost(one))).join(" | ")} |`,
    ),
    `| **together** | | ${FLEETS.map((one) => `**${dollars(monthly(one))}**`).join(" | ")} |`,
    "",
    "| what goes in | value | from |",
    "| --- | ---: | --- |",
    ...[...Object.values(INPUTS), ...Object.values(PRICES)].map(
      ({ what, shown, source }) => `| ${what} | ${shown} | ${source} |`,
    ),
  ].join("\n");

const heading = (fleet: Fleet): string =>
  `${figure(fleet.accounts)} accounts, ${figure(targetsOf(fleet))} targets, ${fleet.engine}`;
const dollars = (amount: number): string => (amount === 0 ? "–" : amount < 0.005 ? "< 0.01" : amount.toFixed(2));
/** With thousands marked, to as many digits as count. */
function figure(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}
