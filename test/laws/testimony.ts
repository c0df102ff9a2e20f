import type { Report } from "../../controller/domain/report.ts";
import type { Call } from "../simulator/calls.ts";

type Action = Report["actions"][number];

/**
 * Where a report and what AWS logged of its run part ways. Answered tries are matched by request id; tries without an answer, and
 * answers that bore no id (an HTML page), by target and operation.
 */
export function partings(report: Report, calls: readonly Call[]): readonly string[] {
  const logged = counted(calls.map(nameOfCall));
  const said = counted(report.actions.map(nameOfAction));
  return [...new Set([...logged.keys(), ...said.keys()])].flatMap((name) => {
    const [inLog, inReport] = [logged.get(name) ?? 0, said.get(name) ?? 0];
    return inLog === inReport ? [] : [`${name}: ${inLog} in the log, ${inReport} in the report`];
  });
}

const nameOfCall = ({ operation, account, region, requestId, delivered, outcome }: Call): string =>
  `${operation} ${account}/${region} ${delivered && !outcome.startsWith("HTML") ? requestId : "unanswered"}`;

const nameOfAction = ({ operation, key: { target }, requestId }: Action): string =>
  `${operation.replace(/^backup:/, "")} ${target.account}/${target.region} ${requestId ?? "unanswered"}`;

const counted = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
