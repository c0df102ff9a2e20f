import * as z from "zod";

/** The embedded metric format, as CloudWatch reads it ("Specification: Embedded metric format"). */
const Embedded = z.looseObject({
  _aws: z.strictObject({
    Timestamp: z.int(),
    CloudWatchMetrics: z.tuple([
      z.strictObject({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.strictObject({ Name: z.string(), Unit: z.string() })).max(100),
      }),
    ]),
  }),
  service: z.string(),
  run: z.string(),
});

/** What CloudWatch would make of the only line. Throws where a metric is announced and has no number. */
export function embeddedMetrics(lines: readonly string[]) {
  const [line, ...others] = lines;
  if (line === undefined || others.length > 0) throw new Error("there is not exactly one line of metrics");
  const { _aws, service, run, ...rest } = Embedded.parse(JSON.parse(line));
  const [{ Namespace: namespace, Dimensions: dimensions, Metrics }] = _aws.CloudWatchMetrics;
  return {
    namespace,
    dimensions,
    service,
    run,
    units: Object.fromEntries(Metrics.map(({ Name, Unit }) => [Name, Unit])),
    values: Object.fromEntries(Metrics.map(({ Name }) => [Name, z.number().parse(rest[Name])])),
  };
}
