/** DynamoDB's tables (Amazon DynamoDB API Reference). */
import { ApiError, type Handlers } from "../service.ts";
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

/** A table is named by its name or its ARN. */
function describeTable(input: { readonly TableName: string }, context: Owned): unknown {
  const name = input.TableName.slice(input.TableName.lastIndexOf("/") + 1);
  const found = resourceNamed(context, "dynamodb", "table/", name);
  if (found === undefined || (input.TableName.startsWith("arn:") && found.resource.arn !== input.TableName)) {
    throw new ApiError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  }
  const { resource } = found;
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

export const dynamodbHandlers: Handlers<OwnerState> = { ListTables: listTables, DescribeTable: describeTable };
