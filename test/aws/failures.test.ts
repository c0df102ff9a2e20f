import { describe, expect, it } from "vitest";
import { impostor, mayBePropagating, troubleOf, type Delivery } from "../../controller/aws/failures.ts";
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
