import * as z from "zod";
import { canonical } from "../../domain/digest.ts";
import { ToldObservation, ToldPoint } from "../told.ts";
import { csvHead, csvLines, several, type Cell } from "./csv.ts";
import { originOf, type ToldReport } from "./table.ts";

/** Tables whose rows lie in a report's attachment. */
export interface AttachedTable {
  readonly file: string;
  readonly says: string;
  /** Its name, or what the names of all have in common where there are several. */
  readonly attachment: string | RegExp;
  readonly head: string;
  /** The rows that can be read as such; others are not of this form and are passed over. */
  readonly lines: (report: ToldReport, rows: readonly unknown[]) => string;
}

function attachedTable<Row>(
  file: string,
  says: string,
  attachment: string | RegExp,
  schema: z.ZodType<Row>,
  columns: Readonly<Record<string, (row: Row) => Cell>>,
): AttachedTable {
  const cells = Object.values(columns);
  return {
    file,
    says,
    attachment,
    head: csvHead(["sequence", "payloadSha256", "commit", ...Object.keys(columns)]),
    lines: (report, rows) =>
      csvLines(
        rows.flatMap((row) => {
          const read = schema.safeParse(row);
          return read.success ? [[...originOf(report), ...cells.map((cell) => cell(read.data))]] : [];
        }),
      ),
  };
}

/** Of the newest report that has one: an inventory is a state, and the earlier ones are attachments of theirs. */
export const RECOVERY_POINTS = attachedTable(
  "recovery-points.csv",
  "the recovery points of the newest inventory of the period",
  /^inventory(-\d+)*\.ndjson\.gz$/,
  ToldPoint,
  {
    arn: ({ arn }) => arn,
    resourceArn: ({ resourceArn }) => resourceArn,
    resourceType: ({ resourceType }) => resourceType,
    status: ({ status }) => status,
    form: ({ form }) => form,
    createdOn: ({ createdOn }) => createdOn,
    deleteOn: ({ deleteOn }) => deleteOn,
    bytes: ({ bytes }) => bytes,
  },
);

/** Every read of every report: the auditor's query, parameters and population. */
export const OBSERVATIONS = attachedTable(
  "observations.csv",
  "every question put to AWS: parameters, pages, items, request ids",
  "observations.ndjson.gz",
  ToldObservation,
  {
    api: ({ api }) => api,
    accountId: ({ accountId }) => accountId,
    region: ({ region }) => region,
    parameters: ({ parameters }) => canonical(parameters),
    pages: ({ pages }) => pages,
    items: ({ items }) => items,
    from: ({ from }) => from,
    to: ({ to }) => to,
    complete: ({ complete }) => complete,
    failure: ({ failure }) => failure && `${failure.kind}: ${failure.message}`,
    requestIds: ({ requestIds }) => several(requestIds),
  },
);
