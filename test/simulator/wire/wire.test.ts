import { describe, expect, it } from "vitest";
import { bare, smallSimulator } from "../fixture.ts";

const json = { "content-type": "application/x-amz-json-1.1" };
const form = { "content-type": "application/x-www-form-urlencoded" };

interface Case {
  readonly because: string;
  readonly service: string;
  readonly line: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** The exception's name as the protocol gives it. */
  readonly error?: string;
  readonly contains?: string;
}

const cases: Readonly<Record<string, Case>> = {
  "accepts a collection path with a trailing slash": {
    because: "semantics §0.1: botocore writes /backup/plans/",
    service: "backup",
    line: "GET /backup/plans/",
    status: 200,
    contains: `"NextToken":null`,
  },
  "accepts a tags path with a trailing slash after an encoded ARN": {
    because: "semantics §10.9: the AWS CLI sends /tags/{arn}/",
    service: "backup",
    line: "GET /tags/arn%3Aaws%3Abackup%3Aeu-west-1%3A111122223333%3Abackup-vault%3Anone/",
    status: 400,
    error: "ResourceNotFoundException",
  },
  "keeps an encoded slash within its label": {
    because: "semantics §0.1: the path is split before it is decoded",
    service: "backup",
    line: "GET /backup/plans/orgs%2F00000000-0000-4000-8000-000000000000",
    status: 400,
    error: "ResourceNotFoundException",
  },
  "knows no operation at a strange path": {
    because: "common errors: UnknownOperationException 404",
    service: "backup",
    line: "GET /nowhere",
    status: 404,
    error: "UnknownOperationException",
  },
  "says what it does not simulate": {
    because: "an operation AWS has and the simulator has not must not look like AWS's refusal",
    service: "backup",
    line: "GET /audit/frameworks",
    status: 501,
    error: "NotImplementedException",
  },
  "refuses a body that is not JSON": {
    because: "SerializationException 400",
    service: "backup",
    line: "PUT /backup-vaults/main",
    body: "{",
    status: 400,
    error: "SerializationException",
  },
  "refuses a member of the wrong type": {
    because: "SerializationException 400",
    service: "backup",
    line: "PUT /backup-vaults/main",
    body: `{"BackupVaultTags":["a"]}`,
    status: 400,
    error: "SerializationException",
  },
  "refuses a label that is not percent-encoding": {
    because: "SerializationException, not a crash",
    service: "backup",
    line: "GET /backup-vaults/%zz",
    status: 400,
    error: "SerializationException",
  },
  "refuses a number out of range with AWS Backup's own exception": {
    because: "MaxResults is 1 to 1000 in the model",
    service: "backup",
    line: "GET /backup-vaults?maxResults=1001",
    status: 400,
    error: "InvalidParameterValueException",
    contains:
      "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
  },
  "refuses a missing member with AWS Backup's own exception": {
    because: "BackupPlan is required",
    service: "backup",
    line: "PUT /backup/plans",
    body: "{}",
    status: 400,
    error: "MissingParameterValueException",
  },
  "gives KMS errors in the awsJson form": {
    because: "__type and the error header",
    service: "kms",
    line: "POST /",
    headers: { ...json, "x-amz-target": "TrentService.DescribeKey" },
    body: `{"KeyId":"alias/none"}`,
    status: 400,
    error: "NotFoundException",
    contains: `"__type":"NotFoundException"`,
  },
  "knows no target of another service": {
    because: "UnknownOperationException",
    service: "kms",
    line: "POST /",
    headers: { ...json, "x-amz-target": "AWSOrganizationsV20161128.ListRoots" },
    status: 404,
    error: "UnknownOperationException",
  },
  "gives STS errors as XML": {
    because: "awsQuery",
    service: "sts",
    line: "POST /",
    headers: form,
    body: "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx&RoleSessionName=s",
    status: 400,
    contains: "<Code>ValidationError</Code>",
  },
  "knows no strange action": {
    because: "STS answers InvalidAction",
    service: "sts",
    line: "POST /",
    headers: form,
    body: "Action=Fly&Version=2011-06-15",
    status: 400,
    contains: "<Code>InvalidAction</Code>",
  },
  "says which service it does not simulate": {
    because: "a client of CloudFormation must see at once why",
    service: "cloudformation",
    line: "POST /",
    headers: form,
    status: 501,
    error: "NotImplementedException",
    contains: "does not simulate the service cloudformation",
  },
  "gives S3 errors as XML": {
    because: "S3 API reference, error responses",
    service: "s3",
    line: "GET /no-such-bucket?list-type=2",
    status: 404,
    contains: "<Code>NoSuchBucket</Code>",
  },
  "has no body in the answer to HEAD": {
    because: "HTTP",
    service: "s3",
    line: "HEAD /no-such-bucket",
    status: 404,
  },
  "knows a bucket in the host name": {
    because: "virtual-hosted style",
    service: "s3",
    line: "GET /?versioning",
    headers: { host: "some-bucket.s3.eu-west-1.amazonaws.com" },
    status: 404,
    contains: "<BucketName>some-bucket</BucketName>",
  },
};

describe("the wire", () => {
  it.each(Object.entries(cases))("%s", (_sentence, { because, ...one }) => {
    const reply = bare(smallSimulator(), one.service, one.line, one);
    const seen = { because, status: reply.status, error: reply.headers["x-amzn-errortype"] };
    expect(seen).toEqual({ because, status: one.status, error: one.error });
    expect(reply.body).toContain(one.contains ?? "");
  });

  it("writes every absent member of an AWS Backup answer as null, and timestamps as numbers", () => {
    const simulator = smallSimulator();
    simulator.operator("111122223333", "eu-west-1")("backup", "CreateBackupVault", { BackupVaultName: "main" });
    const reply = bare(simulator, "backup", "GET /backup-vaults/main");
    expect(JSON.parse(reply.body)).toMatchObject({ CreationDate: 1767225600, LockDate: null, MinRetentionDays: null });
    expect(reply.headers).toMatchObject({ date: "Thu, 01 Jan 2026 00:00:00 GMT" });
    expect(reply.headers["x-amzn-requestid"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("gives every AWS Backup error the same four members", () => {
    const reply = bare(smallSimulator(), "backup", "GET /backup-vaults?maxResults=0");
    expect(JSON.parse(reply.body)).toEqual({
      Code: null,
      Type: null,
      Context: null,
      Message: expect.any(String) as string,
    });
  });

  it("answers an unsigned request with MissingAuthenticationTokenException", () => {
    const reply = bare(smallSimulator(), "backup", "GET /backup-vaults", { headers: { authorization: "" } });
    expect(reply.status).toBe(403);
    expect(reply.headers["x-amzn-errortype"]).toBe("MissingAuthenticationTokenException");
  });

  it("reads the credential of a presigned URL", () => {
    const query = "X-Amz-Credential=AKIATEST%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=0";
    const reply = bare(smallSimulator(), "", `GET /bucket/key?${query}`, { headers: { authorization: "" } });
    expect(reply.body).toContain("<Code>NoSuchBucket</Code>");
  });
});
