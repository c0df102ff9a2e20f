/**
 * AWS Backup's refusals (semantics §0.2). `Code` is its internal `ERROR_nnnn` where one is known; `Context` is diagnostic text.
 */
import { ApiError } from "../service.ts";

interface Details {
  readonly Code?: string;
  readonly Context?: string;
}

export function invalidParameter(message: string, details: Details = {}): ApiError {
  return new ApiError("InvalidParameterValueException", message, { ...details });
}

export function missingParameter(name: string): ApiError {
  return new ApiError("MissingParameterValueException", `${name} is required`);
}

export function invalidRequest(message: string, details: Details = {}): ApiError {
  return new ApiError("InvalidRequestException", message, { ...details });
}

export function invalidState(message: string): ApiError {
  return new ApiError("InvalidResourceStateException", message);
}

export function notFound(message: string): ApiError {
  return new ApiError("ResourceNotFoundException", message);
}

/** A quota, never a throttle. */
export function limitExceeded(message: string): ApiError {
  return new ApiError("LimitExceededException", message);
}

export function alreadyExists(
  message: string,
  existing: { arn?: string; creatorRequestId?: string | undefined },
): ApiError {
  return new ApiError("AlreadyExistsException", message, {
    Arn: existing.arn,
    CreatorRequestId: existing.creatorRequestId,
  });
}

/** Also what a vault that does not exist answers: only ListBackupVaults tells absent from forbidden (semantics §1.2). */
export function accessDenied(): ApiError {
  return new ApiError("AccessDeniedException", "Insufficient privileges to perform this action.", {}, 403);
}

/** A plan is refused for one of its rules: `ERROR_3015`, the rule and the detail also in `Context` (semantics §0.2). */
export function errorInRule(rule: string, detail: string): ApiError {
  return invalidParameter(`Error in rule ${rule} : ${detail}`, {
    Code: "ERROR_3015",
    Context: JSON.stringify([rule, detail]),
  });
}
