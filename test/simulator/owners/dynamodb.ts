/** DynamoDB's tables (Amazon DynamoDB API Reference). */
import { ApiError, type Handlers } from "../service.ts";
import type { Resource } from "../world.ts";
import { pageOf, resourceNamed, resourcesOf, type Owned, type OwnerState } from "./context.ts";

interface ListTablesInput {
  readonly ExclusiveStartTableName?: string;
  readonly Limit?: number;
}

/** Goes on after a name, whether or not there still is a table of that name. */
function listTables(input: ListTablesInput, context: Owned): unknown {
  const { ExclusiveStartTableName: after, Limit: limit } = input;
  if (limit !== undefined && (limit < 1 || limit > 100)) {
    throw new ApiError("ValidationException", `Value '${limit}' at 'limit' failed to satisfy constraint: 1 to 100`);
  }
  const names = resourcesOf(context, "dynamodb", "table/")
    .map(({ id }) => id)
    .filter((name) => after === undefined || name > after);
  const invalid = () => new ApiError("ValidationException", "The start key is invalid");
  const page = pageOf(context, names, { listing: ["dynamodb", "ListTables"], token: undefined, limit, invalid });
  return { TableNames: page.items, LastEvaluatedTableName: page.next === undefined ? undefined : page.items.at(-1) };
}

const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);

/** A table is named by its name or its ARN. */
function tableNamed(nameOrArn: string, context: Owned): Resource | undefined {
  const resource = resourceNamed(context, "dynamodb", "table/", nameOf(nameOrArn))?.resource;
  return nameOrArn.startsWith("arn:") && resource?.arn !== nameOrArn ? undefined : resource;
}

function describeTable(input: { readonly TableName: string }, context: Owned): unknown {
  const name = nameOf(input.TableName);
  const resource = tableNamed(input.TableName, context);
  if (resource === undefined)
    throw new ApiError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  return {
    Table: {
      TableName: name,
      TableArn: resource.arn,
      TableStatus: "ACTIVE",
      CreationDateTime: resource.created,
      TableSizeBytes: resource.sizeBytes,
      SSEDescription:
        resource.encryptedWith === undefined
          ? undefined
          : { Status: "ENABLED", KMSMasterKeyArn: resource.encryptedWith },
    },
  };
}

const dayMs = 86_400_000;

/**
 * Continuous backups are on for every table; point-in-time recovery is for those that ask for it, up to five minutes ago (Amazon DynamoDB
 * API Reference, DescribeContinuousBackups). Where it is off, nothing is told of how far it would reach.
 */
function describeContinuousBackups(input: { readonly TableName: string }, context: Owned): unknown {
  const resource = tableNamed(input.TableName, context);
  if (resource === undefined)
    throw new ApiError("TableNotFoundException", `Table not found: ${nameOf(input.TableName)}`);
  const { ownBackupDays: days, created } = resource;
  const latest = context.now.getTime() - 300_000;
  const recovery =
    days === undefined
      ? { PointInTimeRecoveryStatus: "DISABLED" }
      : {
          PointInTimeRecoveryStatus: "ENABLED",
          RecoveryPeriodInDays: days,
          EarliestRestorableDateTime: new Date(Math.max(created.getTime(), latest - days * dayMs)),
          LatestRestorableDateTime: new Date(latest),
        };
  return {
    ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED", PointInTimeRecoveryDescription: recovery },
  };
}

export const dynamodbHandlers: Handlers<OwnerState> = {
  ListTables: listTables,
  DescribeTable: describeTable,
  DescribeContinuousBackups: describeContinuousBackups,
};
