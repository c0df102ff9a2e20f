import { HttpResponse } from "@smithy/core/protocols";
import { describe, expect, it } from "vitest";
import { createClients } from "../../controller/aws/clients.ts";
import { impostor, mayBePropagating, troubleOf, type Delivery } from "../../controller/aws/failures.ts";
import type { AnyOperation } from "../../controller/aws/operation.ts";
import {
  describeDbInstances,
  describeEfsFileSystems,
  describeFsxVolumes,
  describeRedshiftClusters,
  describeTable,
  describeVolumes,
  getBucketLocation,
  getRole,
} from "../../controller/aws/owner-operations.ts";
import type { FailureKind } from "../../controller/domain/errors.ts";

/** An error as the SDK makes it from a service's own answer. */
const answer = (name: string, status: number, message = "…") =>
  Object.assign(new Error(message), {
    name,
    $fault: status < 500 ? "client" : "server",
    $metadata: { httpStatusCode: status, requestId: "r-1" },
  });
/** An error as the SDK makes it from a body that it cannot parse. */
const garbled = (status: number, body = "<html>") =>
  Object.assign(
    new SyntaxError(`Unexpected token '<', "${body}" is not valid JSON\n  Deserialization error: to see…`),
    {
      $responseBodyText: body,
      $metadata: { httpStatusCode: status },
    },
  );
const network = (code: string, message = code) => Object.assign(new Error(message), { code });

const read = { name: "backup:ListBackupVaults", access: "read" } as const;
const write = { name: "backup:CreateBackupVault", access: "write" } as const;
const named = (name: string) => ({ name, access: name.includes("Get") ? "read" : "write" }) as const;

type Row = readonly [error: Error, asked: Parameters<typeof troubleOf>[1], kind: FailureKind, delivery: Delivery];
const table: Readonly<Record<string, Row>> = {
  "a throttle by name": [answer("ThrottlingException", 400, "Rate exceeded"), read, "throttled", "refused"],
  "a throttle by text alone": [answer("SomethingException", 400, "Rate exceeded"), read, "throttled", "refused"],
  "a throttle by status alone": [answer("Unheard", 429), write, "throttled", "refused"],
  "S3's throttle, a 503": [answer("SlowDown", 503), write, "throttled", "server-fault"],
  "Organizations' throttle": [answer("TooManyRequestsException", 400), read, "throttled", "refused"],
  "a denial": [answer("AccessDeniedException", 403), read, "denied", "refused"],
  "a missing vault, which AWS calls a denial": [
    answer("AccessDeniedException", 403, "Insufficient privileges to perform this action."),
    named("backup:GetBackupVaultAccessPolicy"),
    "denied",
    "refused",
  ],
  "S3's denial": [answer("AccessDenied", 403), write, "denied", "refused"],
  "a session that ended": [answer("ExpiredTokenException", 403), write, "expired", "refused"],
  "a session that ended, in S3's words": [answer("ExpiredToken", 400), read, "expired", "refused"],
  "a key that a Region does not know": [answer("UnrecognizedClientException", 403), read, "expired", "refused"],
  "a clock that is off": [answer("RequestTimeTooSkewed", 403), read, "expired", "refused"],
  "a quota, which no retry mends": [answer("LimitExceededException", 400), write, "quota", "refused"],
  "something absent": [answer("ResourceNotFoundException", 400), read, "missing", "refused"],
  "a key absent": [answer("NotFoundException", 400), named("kms:GetPublicKey"), "missing", "refused"],
  "a 404 without a name, which is a proxy's": [
    answer("NotFound", 404),
    named("s3:GetObject"),
    "unavailable",
    "refused",
  ],
  "an object absent": [answer("NoSuchKey", 404), named("s3:GetObject"), "missing", "refused"],
  "something already there": [answer("AlreadyExistsException", 400), write, "exists", "refused"],
  "another action under way": [answer("InvalidResourceStateException", 400), write, "conflict", "refused"],
  "a conflict by status alone": [answer("Unheard", 409), write, "conflict", "refused"],
  "a failed precondition": [answer("PreconditionFailed", 412), write, "conflict", "refused"],
  "a refused request": [answer("InvalidRequestException", 400), write, "invalid", "refused"],
  "a refused parameter": [answer("InvalidParameterValueException", 400), write, "invalid", "refused"],
  "a refused constraint": [answer("ValidationException", 400), write, "invalid", "refused"],
  "an operation the endpoint lacks": [answer("UnknownOperationException", 404), read, "unsupported", "refused"],
  "an operation nobody wrote": [answer("NotImplementedException", 501), read, "unsupported", "server-fault"],
  "an operation an emulator lacks": [answer("InternalFailure", 501), read, "unsupported", "server-fault"],
  "a route the endpoint lacks": [answer("UnknownError", 404), read, "unsupported", "refused"],
  "a 404 of an unheard name, which proves nothing": [answer("Unheard", 404), read, "unavailable", "refused"],
  "a server fault": [answer("ServiceUnavailableException", 500), write, "unavailable", "server-fault"],
  "a server fault of an unheard name": [answer("Unheard", 503), read, "unavailable", "server-fault"],
  "a page in place of a listing": [garbled(200), read, "unavailable", "unclear"],
  "a page with a 404, which is not absence": [garbled(404), read, "unavailable", "unclear"],
  "a page in place of a write's answer": [garbled(200), write, "unanswered", "unclear"],
  "a gateway's page for a write": [garbled(502), write, "unavailable", "unclear"],
  "an operation the endpoint lacks, in XML": [
    garbled(404, "<UnknownOperationException/>"),
    read,
    "unsupported",
    "refused",
  ],
  "a broken connection of a read": [network("ECONNRESET"), read, "unavailable", "unclear"],
  "a broken connection of a write": [network("ECONNRESET"), write, "unanswered", "unclear"],
  "a hang-up without a code": [new Error("socket hang up"), write, "unanswered", "unclear"],
  "a timeout of a write": [
    Object.assign(new Error("…"), { name: "TimeoutError", code: "ETIMEDOUT" }),
    write,
    "unanswered",
    "unclear",
  ],
  "an abort of a write": [Object.assign(new Error("…"), { name: "AbortError" }), write, "unanswered", "unclear"],
  "a refused connection": [network("ECONNREFUSED"), write, "unavailable", "never-sent"],
  "a name without an address": [network("ENOTFOUND"), write, "unavailable", "never-sent"],
  "no credentials": [
    Object.assign(new Error("Could not load credentials from any providers"), { name: "CredentialsProviderError" }),
    read,
    "unreachable",
    "never-sent",
  ],
  "a selection of a plan that is gone": [
    answer("InvalidParameterValueException", 400, "Cannot find Backup plan with ID 1"),
    named("backup:GetBackupSelection"),
    "missing",
    "refused",
  ],
  "another bad parameter of the same call": [
    answer("InvalidParameterValueException", 400, "…"),
    named("backup:GetBackupSelection"),
    "invalid",
    "refused",
  ],
  "a selection deleted twice": [
    answer("InvalidParameterValueException", 400, "…"),
    named("backup:DeleteBackupSelection"),
    "missing",
    "refused",
  ],
  "a selection of an organization's plan": [
    answer(
      "InvalidParameterValueException",
      400,
      "Cannot delete selection for backup plan orgs/1 created by organizations",
    ),
    named("backup:DeleteBackupSelection"),
    "invalid",
    "refused",
  ],
};

type Said = readonly [operation: string, code: string, status: number, kind: FailureKind];
/** What the services that own resources say, in the words of their wire and of the SDK's classes. */
const owners: readonly Said[] = [
  ["ec2:DescribeVolumes", "InvalidVolume.NotFound", 400, "missing"],
  ["ec2:DescribeInstances", "InvalidInstanceID.NotFound", 400, "missing"],
  ["ec2:DescribeImages", "InvalidAMIID.NotFound", 400, "missing"],
  ["ec2:CreateTags", "InvalidSnapshot.NotFound", 400, "missing"],
  ["rds:DescribeDBInstances", "DBInstanceNotFound", 404, "missing"],
  ["rds:DescribeDBInstances", "DBInstanceNotFoundFault", 404, "missing"],
  ["rds:DescribeDBClusters", "DBClusterNotFoundFault", 404, "missing"],
  ["rds:DescribeDBSnapshots", "DBSnapshotNotFound", 404, "missing"],
  ["rds:AddTagsToResource", "DBSnapshotNotFoundFault", 404, "missing"],
  ["rds:DescribeDBClusterSnapshots", "DBClusterSnapshotNotFoundFault", 404, "missing"],
  ["elasticfilesystem:DescribeFileSystems", "FileSystemNotFound", 404, "missing"],
  ["fsx:DescribeFileSystems", "FileSystemNotFound", 400, "missing"],
  ["fsx:DescribeVolumes", "VolumeNotFound", 400, "missing"],
  ["fsx:TagResource", "ResourceNotFound", 400, "missing"],
  ["redshift:DescribeClusters", "ClusterNotFound", 404, "missing"],
  ["redshift:DescribeClusters", "ClusterNotFoundFault", 404, "missing"],
  ["iam:GetRole", "NoSuchEntity", 404, "missing"],
  ["iam:GetRole", "NoSuchEntityException", 404, "missing"],
  ["s3:GetBucketLocation", "NoSuchBucket", 404, "missing"],
  ["dynamodb:DescribeTable", "ResourceNotFoundException", 400, "missing"],
  ["dynamodb:DescribeContinuousBackups", "TableNotFoundException", 400, "missing"],
  // The same words from anybody else are nobody's, and prove nothing.
  ["iam:GetRole", "ClusterNotFound", 404, "unavailable"],
  ["ec2:DescribeVolumes", "VolumeNotFound", 404, "unavailable"],
  ["rds:DescribeDBInstances", "FileSystemNotFound", 404, "unavailable"],
  ["ec2:DescribeVolumes", "InvalidVolumeID.Malformed", 400, "invalid"],
  ["s3:GetBucketLocation", "NotFound", 404, "unavailable"],
  ["ec2:DescribeVolumes", "RequestLimitExceeded", 503, "throttled"],
  ["rds:DescribeDBInstances", "Throttling", 400, "throttled"],
  ["iam:GetRole", "Throttling", 400, "throttled"],
  ["dynamodb:ListTables", "ThrottlingException", 400, "throttled"],
  ["dynamodb:DescribeTable", "ProvisionedThroughputExceededException", 400, "throttled"],
  ["elasticfilesystem:DescribeFileSystems", "ThrottlingException", 429, "throttled"],
  ["redshift:DescribeClusters", "DependentServiceRequestThrottlingFault", 400, "throttled"],
  ["tag:GetResources", "ThrottledException", 400, "throttled"],
  ["ec2:DescribeVolumes", "UnauthorizedOperation", 403, "denied"],
  ["ec2:DescribeVolumes", "AuthFailure", 401, "denied"],
  ["rds:DescribeDBInstances", "AccessDenied", 403, "denied"],
  ["iam:GetRole", "AccessDenied", 403, "denied"],
  ["dynamodb:ListTables", "AccessDeniedException", 400, "denied"],
  ["s3:ListAllMyBuckets", "AccessDenied", 403, "denied"],
  ["sns:Publish", "AuthorizationErrorException", 403, "denied"],
  ["sns:Publish", "KMSAccessDeniedException", 400, "denied"],
  ["ec2:DescribeVolumes", "RequestExpired", 400, "expired"],
  ["iam:GetRole", "InvalidClientTokenId", 403, "expired"],
  ["ec2:CreateTags", "TagLimitExceeded", 400, "quota"],
  ["redshift:CreateTags", "TagLimitExceededFault", 400, "quota"],
  ["ec2:DescribeVolumes", "InternalError", 500, "unavailable"],
  ["fsx:DescribeVolumes", "InternalServerError", 500, "unavailable"],
];

describe("what an owner's error means", () => {
  it.each(owners)("%s: %s (%i) is %s", (name, code, status, kind) => {
    expect(troubleOf(answer(code, status), { name, access: "read" }).failure).toMatchObject({ kind, code });
  });
});

const query = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>gone</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;

/** The kind of failure that a call ends with, when the service answers with that document. */
async function kindOf(operation: AnyOperation, statusCode: number, answered: string): Promise<FailureKind> {
  const body = new TextEncoder().encode(answered);
  const requestHandler = {
    handle: () => Promise.resolve({ response: new HttpResponse({ statusCode, headers: {}, body }) }),
  };
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret" };
  const clients = createClients({ region: "eu-west-1", credentials, requestHandler, allowHttp: false });
  const client = await clients.of(operation.name.split(":")[0]!, "eu-west-1");
  const Command = await operation.command();
  const error: unknown = await client
    .send(new Command({ TableName: "t", Bucket: "b" }), { requestTimeout: 1000 })
    .catch((reason: unknown) => reason);
  return troubleOf(error, operation).failure.kind;
}

describe("an owner's error, as the SDK reads it", () => {
  const documents: readonly (readonly [AnyOperation, number, string, FailureKind])[] = [
    [
      describeVolumes,
      400,
      "<Response><Errors><Error><Code>InvalidVolume.NotFound</Code><Message>gone</Message></Error></Errors><RequestID>r-1</RequestID></Response>",
      "missing",
    ],
    [describeDbInstances, 404, query("DBInstanceNotFound"), "missing"],
    [describeRedshiftClusters, 404, query("ClusterNotFound"), "missing"],
    [getRole, 404, query("NoSuchEntity"), "missing"],
    [getRole, 400, query("Throttling"), "throttled"],
    [describeTable, 400, '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}', "missing"],
    [describeFsxVolumes, 400, '{"__type":"VolumeNotFound","Message":"gone"}', "missing"],
    [describeEfsFileSystems, 404, '{"__type":"FileSystemNotFound","ErrorCode":"FileSystemNotFound"}', "missing"],
    [getBucketLocation, 404, "<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>", "missing"],
    [getBucketLocation, 404, "", "unavailable"],
    [describeVolumes, 404, "<html><body>no such page</body></html>", "unavailable"],
    [describeDbInstances, 404, "<html><body>no such page</body></html>", "unavailable"],
    [describeTable, 404, "<html></html>", "unavailable"],
  ];
  it.each(documents.map(([operation, ...rest]) => [operation.name, ...rest, operation] as const))(
    "%s: %i %s is %s",
    async (_name, status, body, kind, operation) => {
      expect(await kindOf(operation, status, body)).toBe(kind);
    },
  );
});

describe("what an error means", () => {
  it.each(Object.entries(table))("%s", (_, [error, asked, kind, delivery]) => {
    const trouble = troubleOf(error, asked);
    expect({ kind: trouble.failure.kind, delivery: trouble.delivery }).toEqual({ kind, delivery });
    expect(trouble.failure.operation).toBe(asked.name);
  });

  it("keeps AWS's name, text and request id", () => {
    expect(troubleOf(answer("ThrottlingException", 400, "Rate exceeded"), read).failure).toEqual({
      kind: "throttled",
      operation: "backup:ListBackupVaults",
      code: "ThrottlingException",
      message: "Rate exceeded",
      requestId: "r-1",
    });
  });

  it("leaves faults of our own as they are", () => {
    const fault = new TypeError("x is not a function");
    expect(() => troubleOf(fault, read)).toThrow(fault);
  });

  it("takes success without a request id for what it is: not AWS's", () => {
    expect(impostor(read).failure.kind).toBe("unavailable");
    expect(impostor(write).failure.kind).toBe("unanswered");
  });

  it.each([
    ["IAM Role arn:aws:iam::111122223333:role/b cannot be assumed by AWS Backup", true],
    ["IAM Role arn:aws:iam::111122223333:role/b is not authorized to call tag:GetResources", true],
    ["Provided principal is not valid", true],
    ["Invalid backup selection.", false],
  ])("a role that AWS Backup may not know yet: %s", (message, expected) => {
    expect(mayBePropagating({ kind: "invalid", operation: "…", message })).toBe(expected);
  });
});
