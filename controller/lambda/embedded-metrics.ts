import { Metrics } from "@aws-lambda-powertools/metrics";
import { type Metric, NAMESPACE } from "../metrics/table.ts";

const powertools = new Metrics({ namespace: NAMESPACE });

/** One line of CloudWatch's embedded metric format. The run's id is in it to be searched for, and no dimension (rule 29). */
export function emit(metrics: readonly Metric[], run: string): void {
  for (const { name, unit, value } of metrics) powertools.addMetric(name, unit, value);
  powertools.addMetadata("run", run);
  powertools.publishStoredMetrics();
}
