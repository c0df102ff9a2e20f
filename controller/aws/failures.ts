/** The one place that understands AWS's errors. Everybody else asks for a failure's `kind`. */
import { AwsError, HoldfastError, type AwsFailure, type FailureKind } from "../domain/errors.ts";
import type { AnyOperation } from "./operation.ts";

/** How far a failed call came. Only what was `never-sent` or `refused` has surely changed nothing. */
export type Delivery = "never-sent" | "refused" | "server-fault" | "unclear";

export interface Trouble {
  readonly failure: AwsFailure;
  readonly delivery: Delivery;
}

/** What is asked of an operation here. */
type Asked = Pick<AnyOperation, "name" | "access">;

/** AWS's error names, `Exception`, `Error` and `Fault` endings taken off: its services spell the same trouble with and without. */
const KIND_OF_CODE: Readonly<Partial<Record<FailureKind, readonly string[]>>> = {
  throttled: [
    "Throttling",
    "Throttled",
    "TooManyRequests",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceeded",
    "DependentServiceRequestThrottling",
  ],
  denied: [
    "AccessDenied",
    "Unauthorized",
    "UnauthorizedOperation",
    "SignatureDoesNotMatch",
    "RegionDisabled",
    "KMSAccessDenied",
  ],
  // The last four are mended by new credentials or by the signer's corrected clock, so they are tried again in the same way.
  expired: [
    "ExpiredToken",
    "RequestExpired",
    "InvalidToken",
    "TokenRefreshRequired",
    "UnrecognizedClient",
    "InvalidClientTokenId",
    "InvalidSignature",
    "RequestTimeTooSkewed",
  ],
  quota: ["LimitExceeded", "ServiceLimitExceeded", "ServiceQuotaExceeded", "TagLimitExceeded"],
  missing: ["ResourceNotFound", "NotFound", "NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NoSuchEntity"],
  exists: ["AlreadyExists", "ResourceAlreadyExists", "ResourceExists", "EntityAlreadyExists"],
  conflict: [
    "Conflict",
    "InvalidResourceState",
    "ConditionalRequestConflict",
    "PreconditionFailed",
    "OperationAborted",
    "ConcurrentModification",
  ],
  invalid: [
    "InvalidRequest",
    "InvalidParameterValue",
    "MissingParameterValue",
    "InvalidParameter",
    "InvalidInput",
    "InvalidArgument",
    "Validation",
  ],
  unsupported: [
    "UnknownOperation",
    "NotImplemented",
    "UnsupportedOperation",
    "InvalidAction",
    "AWSOrganizationsNotInUse",
  ],
  unavailable: ["ServiceUnavailable", "DependencyFailure", "InternalFailure", "InternalServer", "RequestTimeout"],
};

const kindByCode: ReadonlyMap<string, FailureKind> = new Map(
  Object.entries(KIND_OF_CODE).flatMap(([kind, codes]) => codes.map((code) => [code, kind as FailureKind] as const)),
);

/**
 * What services say of their own resources that are not there, by their prefix in IAM actions; elsewhere the same word is nobody's. Half
 * of the proof that a resource is deleted (rule 3), so that only what a service's own documentation lists stands here.
 */
const MISSING_FROM: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ["TableNotFound"],
  ec2: ["InvalidVolume.NotFound", "InvalidInstanceID.NotFound", "InvalidAMIID.NotFound", "InvalidSnapshot.NotFound"],
  elasticfilesystem: ["FileSystemNotFound"],
  fsx: ["FileSystemNotFound", "VolumeNotFound", "BackupNotFound"],
  rds: ["DBInstanceNotFound", "DBClusterNotFound", "DBSnapshotNotFound", "DBClusterSnapshotNotFound"],
  redshift: ["ClusterNotFound", "ClusterSnapshotNotFound"],
  // A bucket's configuration, not the bucket.
  s3: ["NoSuchBucketPolicy", "ObjectLockConfigurationNotFound"],
  sqs: ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"],
};

interface Oddity {
  readonly operation: string;
  readonly code: string;
  readonly text?: RegExp;
  readonly kind: FailureKind;
}

/**
 * Answers that do not mean what their name says. A vault that does not exist answers AccessDeniedException, as a forbidden
 * one does, and stays `denied`: only a listing tells them apart (semantics §1.2).
 */
const ODDITIES: readonly Oddity[] = [
  // Semantics §3.7: the plan is gone, and its selections with it.
  {
    operation: "backup:GetBackupSelection",
    code: "InvalidParameterValue",
    text: /cannot find backup plan/i,
    kind: "missing",
  },
  // Semantics §3.7: the answer to a second delete. A selection of an organization's plan is refused in the same class (§0.2).
  {
    operation: "backup:DeleteBackupSelection",
    code: "InvalidParameterValue",
    text: /^(?!.*created by organizations)/is,
    kind: "missing",
  },
];

/**
 * The SDK's own name for a 404 whose body names no error: a proxy's page, a wrong endpoint. Services name what is not there, KMS as
 * `NotFoundException`, so that this proves nothing.
 */
const NAMELESS_404 = "NotFound";

/** Semantics §0.5 and §3.6: said while a role just made has not reached AWS Backup yet, and also when it never will. */
const PROPAGATING =
  /cannot be assumed by AWS Backup|is not authorized to call tag:GetResources|Provided principal is not valid/i;

/** Whether the refusal may pass by itself: IAM is still spreading a new role. Up to two minutes. */
export const mayBePropagating = ({ kind, message }: AwsFailure): boolean =>
  kind === "invalid" && PROPAGATING.test(message);

/** Errors of connections that were never made, so that nothing was sent (node:net, node:dns, node:tls). */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** What the SDK attaches to an error that came with an answer. */
interface SdkFields {
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $responseBodyText?: unknown;
  readonly code?: unknown;
}

/**
 * What went wrong with one sending of an operation. An error that is neither AWS's nor the network's is a fault of our own
 * and is thrown on as it is.
 */
export function troubleOf(error: unknown, asked: Asked): Trouble {
  if (!(error instanceof Error) || error instanceof HoldfastError || error instanceof AwsError) throw error;
  const fields = error as SdkFields;
  if (fields.$metadata?.httpStatusCode !== undefined) {
    return fields.$fault === undefined ? unreadable(error, asked) : answered(error, asked);
  }
  if (error.name === "CredentialsProviderError" || error.name === "TokenProviderError") {
    return { failure: failure("unreachable", error, asked), delivery: "never-sent" };
  }
  if (
    typeof fields.code !== "string" &&
    !/^(Timeout|Abort)Error$/.test(error.name) &&
    !/socket hang up/.test(error.message)
  )
    throw error;
  if (typeof fields.code === "string" && NEVER_SENT.has(fields.code)) {
    return { failure: failure("unavailable", error, asked, fields.code), delivery: "never-sent" };
  }
  const kind = asked.access === "read" ? "unavailable" : "unanswered";
  return { failure: failure(kind, error, asked, connectionCode(error)), delivery: "unclear" };
}

/** An answer that is AWS's own error document. */
function answered(error: Error, asked: Asked): Trouble {
  const status = (error as SdkFields).$metadata?.httpStatusCode ?? 0;
  const kind = error.name === NAMELESS_404 ? "unavailable" : kindOf(stem(error.name), error.message, status, asked);
  return { failure: failure(kind, error, asked, error.name), delivery: status >= 500 ? "server-fault" : "refused" };
}

/**
 * An answer that no model knows: a proxy's page, an empty document. It says nothing about AWS, least of all that something is
 * absent; a write that it answers may have been carried out.
 */
function unreadable(error: Error, asked: Asked): Trouble {
  const { $metadata, $responseBodyText } = error as SdkFields;
  if (String($responseBodyText).includes("UnknownOperationException")) {
    return { failure: failure("unsupported", error, asked, "UnknownOperationException"), delivery: "refused" };
  }
  const accepted = ($metadata?.httpStatusCode ?? 0) < 400;
  const kind = asked.access === "write" && accepted ? "unanswered" : "unavailable";
  const message = `HTTP ${String($metadata?.httpStatusCode)} with a body that is not the service's`;
  return { failure: { ...failure(kind, error, asked), message }, delivery: "unclear" };
}

/** Success without a request id did not come from AWS: every AWS answer has one. */
export const impostor = (asked: Asked): Trouble => ({
  failure: {
    kind: asked.access === "read" ? "unavailable" : "unanswered",
    operation: asked.name,
    message: "an answer without a request id is not AWS's: something on the way to it answered in its place",
  },
  delivery: "unclear",
});

function kindOf(code: string, message: string, status: number, { name }: Asked): FailureKind {
  const odd = ODDITIES.find(
    ({ operation, code: odder, text }) => operation === name && odder === code && (text?.test(message) ?? true),
  );
  if (odd !== undefined) return odd.kind;
  if (/^rate exceeded/i.test(message)) return "throttled";
  // Whatever name it goes by: an endpoint that stands in for AWS says InternalFailure of what it does not have (LocalStack).
  if (status === 501) return "unsupported";
  if (MISSING_FROM[name.slice(0, name.indexOf(":"))]?.includes(code)) return "missing";
  return kindByCode.get(code) ?? kindOfStatus(code, status);
}

function kindOfStatus(code: string, status: number): FailureKind {
  if (status === 429) return "throttled";
  if (status >= 500) return "unavailable";
  if (status === 401 || status === 403) return "denied";
  if (status === 409 || status === 412) return "conflict";
  // A 404 without a name is a route that the endpoint does not have; with a name nobody knows it proves nothing.
  if (status === 404) return code.startsWith("Unknown") ? "unsupported" : "unavailable";
  return "invalid";
}

const stem = (code: string): string => code.replace(/(Exception|Error|Fault)$/, "");

const connectionCode = (error: Error): string => {
  const { code } = error as SdkFields;
  return typeof code === "string" ? code : error.name;
};

function failure(kind: FailureKind, error: Error, { name: operation }: Asked, code?: string): AwsFailure {
  const requestId = (error as SdkFields).$metadata?.requestId;
  return {
    kind,
    operation,
    message: error.message.replace(/\s+Deserialization error: to see the raw response.*$/s, ""),
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
