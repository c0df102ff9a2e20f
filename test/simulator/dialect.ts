/** The errors every operation of a service may give, in that service's own words and statuses. */
import { ApiError } from "./service.ts";
import { violationText, type Violation } from "./wire/constraints.ts";

export interface Dialect {
  readonly denied: (message: string) => ApiError;
  readonly expired: () => ApiError;
  readonly unknownKey: () => ApiError;
  readonly throttled: () => ApiError;
  readonly unavailable: () => ApiError;
  readonly invalid: (violations: readonly Violation[]) => ApiError;
  readonly notSimulated: (operation: string) => ApiError;
}

const expiredText = "The security token included in the request is expired";
const unknownText = "The security token included in the request is invalid.";
const notSimulatedText = (operation: string) => `The simulator does not simulate ${operation}`;

/** AWS Backup: semantics §0.2. Modelled constraints are refused with its own exceptions, not with ValidationException. */
export const backupDialect: Dialect = {
  denied: (message) => new ApiError("AccessDeniedException", message, {}, 403),
  expired: () => new ApiError("ExpiredTokenException", expiredText, {}, 403),
  unknownKey: () => new ApiError("UnrecognizedClientException", unknownText, {}, 403),
  throttled: () => new ApiError("ThrottlingException", "Rate exceeded", {}, 400),
  unavailable: () => new ApiError("ServiceUnavailableException", "Service unavailable", {}, 500),
  invalid: (violations) =>
    new ApiError(
      violations[0]?.problem === "missing" ? "MissingParameterValueException" : "InvalidParameterValueException",
      violationText(violations),
    ),
  notSimulated: (operation) => new ApiError("NotImplementedException", notSimulatedText(operation), {}, 501),
};

/** The awsJson services differ in what they call a refused constraint, a throttle and a fault of their own. */
function jsonDialect(names: {
  readonly invalid: string;
  readonly throttled: string;
  readonly unavailable: string;
}): Dialect {
  return {
    denied: (message) => new ApiError("AccessDeniedException", message, {}, 400),
    expired: () => new ApiError("ExpiredTokenException", expiredText, {}, 400),
    unknownKey: () => new ApiError("UnrecognizedClientException", unknownText, {}, 400),
    throttled: () => new ApiError(names.throttled, "Rate exceeded", {}, 400),
    unavailable: () => new ApiError(names.unavailable, "Internal service error", {}, 500),
    invalid: (violations) => new ApiError(names.invalid, violationText(violations), {}, 400),
    notSimulated: (operation) => new ApiError("NotImplementedException", notSimulatedText(operation), {}, 501),
  };
}

/** Semantics §9.6. */
export const kmsDialect: Dialect = {
  ...jsonDialect({
    invalid: "ValidationException",
    throttled: "ThrottlingException",
    unavailable: "KMSInternalException",
  }),
  throttled: () =>
    new ApiError(
      "ThrottlingException",
      "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
      {},
      400,
    ),
};

/** Semantics §9.4. */
export const organizationsDialect: Dialect = {
  ...jsonDialect({
    invalid: "InvalidInputException",
    throttled: "TooManyRequestsException",
    unavailable: "ServiceException",
  }),
  denied: () => new ApiError("AccessDeniedException", "You don't have permissions to access this resource.", {}, 400),
};

/** Semantics §9.2. */
export const taggingDialect: Dialect = jsonDialect({
  invalid: "InvalidParameterException",
  throttled: "ThrottledException",
  unavailable: "InternalServiceException",
});

/** AWS Secrets Manager API Reference, "Common Errors" and each operation's own. */
export const secretsDialect: Dialect = jsonDialect({
  invalid: "InvalidParameterException",
  throttled: "ThrottlingException",
  unavailable: "InternalServiceError",
});

/** Amazon DynamoDB Developer Guide, "Error handling". */
export const dynamodbDialect: Dialect = jsonDialect({
  invalid: "ValidationException",
  throttled: "ThrottlingException",
  unavailable: "InternalServerError",
});

/** Amazon FSx API Reference, "Common Errors". */
export const fsxDialect: Dialect = jsonDialect({
  invalid: "BadRequest",
  throttled: "ThrottlingException",
  unavailable: "InternalServerError",
});

/** Amazon CloudWatch API Reference, "Common Errors". */
export const cloudwatchDialect: Dialect = jsonDialect({
  invalid: "InvalidParameterValueException",
  throttled: "ThrottlingException",
  unavailable: "InternalServiceFault",
});

/** Amazon EventBridge API Reference, "Common Errors". */
export const eventsDialect: Dialect = jsonDialect({
  invalid: "ValidationException",
  throttled: "ThrottlingException",
  unavailable: "InternalException",
});

/** Amazon SQS API Reference, "Common Errors". */
export const sqsDialect: Dialect = jsonDialect({
  invalid: "InvalidParameterValueException",
  throttled: "RequestThrottled",
  unavailable: "InternalFailure",
});

/** AWS Lambda API Reference, "Common Errors". */
export const lambdaDialect: Dialect = {
  ...backupDialect,
  throttled: () => new ApiError("TooManyRequestsException", "Rate Exceeded.", { Type: "User" }, 429),
  unavailable: () => new ApiError("ServiceException", "An internal error occurred.", { Type: "Service" }, 500),
  invalid: (violations) => new ApiError("InvalidParameterValueException", violationText(violations), { Type: "User" }),
};

/** EventBridge Scheduler API Reference, "Common Errors". */
export const schedulerDialect: Dialect = {
  ...backupDialect,
  throttled: () => new ApiError("ThrottlingException", "Rate exceeded", {}, 429),
  unavailable: () => new ApiError("InternalServerException", "An internal error occurred.", {}, 500),
  invalid: (violations) => new ApiError("ValidationException", violationText(violations)),
};

/** Amazon EFS API Reference, "Common Errors". */
export const efsDialect: Dialect = {
  ...backupDialect,
  throttled: () => new ApiError("ThrottlingException", "Rate exceeded", {}, 429),
  unavailable: () =>
    new ApiError("InternalServerError", "An internal error occurred.", { ErrorCode: "InternalServerError" }, 500),
  invalid: (violations) => new ApiError("BadRequest", violationText(violations), { ErrorCode: "BadRequest" }),
};

/** Semantics §9.3. IAM's common errors are the same. */
export const stsDialect: Dialect = {
  denied: (message) => new ApiError("AccessDenied", message, {}, 403),
  expired: () => new ApiError("ExpiredToken", expiredText, {}, 403),
  unknownKey: () => new ApiError("InvalidClientTokenId", unknownText, {}, 403),
  throttled: () => new ApiError("Throttling", "Rate exceeded", {}, 400),
  unavailable: () => new ApiError("ServiceUnavailable", "Service is unavailable", {}, 503),
  invalid: (violations) => new ApiError("ValidationError", violationText(violations), {}, 400),
  notSimulated: (operation) => new ApiError("NotImplemented", notSimulatedText(operation), {}, 501),
};

/** Amazon RDS API Reference and Amazon Redshift API Reference, "Common Errors". */
export const queryDialect: Dialect = {
  ...stsDialect,
  unavailable: () => new ApiError("InternalFailure", "An internal error occurred.", {}, 500),
  invalid: (violations) => new ApiError("InvalidParameterValue", violationText(violations), {}, 400),
};

/** Amazon SNS API Reference, Publish: its own refusal has a name of its own, and so has that of the topic's key. */
export const snsDialect: Dialect = {
  ...queryDialect,
  denied: (message) =>
    message.includes("perform: kms:")
      ? new ApiError("KMSAccessDeniedException", message, {}, 400)
      : new ApiError("AuthorizationErrorException", message, {}, 403),
};

/** EC2 API Reference, "Error codes". */
export const ec2Dialect: Dialect = {
  denied: (message) =>
    new ApiError("UnauthorizedOperation", `You are not authorized to perform this operation. ${message}`, {}, 403),
  expired: () => new ApiError("RequestExpired", "Request has expired.", {}, 400),
  unknownKey: () =>
    new ApiError("AuthFailure", "AWS was not able to validate the provided access credentials", {}, 401),
  throttled: () => new ApiError("RequestLimitExceeded", "Request limit exceeded.", {}, 503),
  unavailable: () => new ApiError("Unavailable", "The server is overloaded and can't handle the request.", {}, 503),
  invalid: (violations) => new ApiError("InvalidParameterValue", violationText(violations), {}, 400),
  notSimulated: (operation) => new ApiError("NotImplemented", notSimulatedText(operation), {}, 501),
};

/** S3 User Guide, "Error responses". */
export const s3Dialect: Dialect = {
  denied: () => new ApiError("AccessDenied", "Access Denied", {}, 403),
  expired: () => new ApiError("ExpiredToken", "The provided token has expired.", {}, 400),
  unknownKey: () =>
    new ApiError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {}, 403),
  throttled: () => new ApiError("SlowDown", "Please reduce your request rate.", {}, 503),
  unavailable: () => new ApiError("InternalError", "We encountered an internal error. Please try again.", {}, 500),
  invalid: (violations) => new ApiError("InvalidArgument", violationText(violations), {}, 400),
  notSimulated: (operation) => new ApiError("NotImplemented", notSimulatedText(operation), {}, 501),
};
