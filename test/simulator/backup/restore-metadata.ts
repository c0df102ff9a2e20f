/** How a restore test would restore a point where nobody overrides it (Developer Guide, "Restore testing inferred metadata"). */
import type {
  GetRestoreTestingInferredMetadataInput,
  GetRestoreTestingInferredMetadataOutput,
} from "@aws-sdk/client-backup";
import type { BackupContext, Checked } from "./contract.ts";
import { notFound } from "./errors.ts";
import type { RecoveryPoint } from "./state.ts";

type Metadata = Record<string, string>;

/** By type; what is restored as it was needs no more than the point itself. */
const inferred: Readonly<Record<string, (point: RecoveryPoint, region: string) => Metadata>> = {
  DynamoDB: () => ({ encryptionType: "Default" }),
  EBS: (_point, region) => ({ availabilityZone: `${region}a`, encrypted: "false" }),
  EC2: () => ({ instanceType: "t3.micro", requireImdsV2: "true" }),
  EFS: () => ({ encrypted: "true", newFileSystem: "true", performanceMode: "generalPurpose" }),
  RDS: () => ({ dbInstanceClass: "db.t3.medium", multiAz: "false", publiclyAccessible: "false" }),
  S3: () => ({ encrypted: "true", encryptionType: "original", newBucket: "true" }),
};

export function getRestoreTestingInferredMetadata(
  input: Checked<GetRestoreTestingInferredMetadataInput>,
  { state, region }: BackupContext,
): GetRestoreTestingInferredMetadataOutput {
  const point = state.vaults.get(input.BackupVaultName)?.points.get(input.RecoveryPointArn);
  if (point === undefined) throw notFound(`Cannot find recovery point ${input.RecoveryPointArn}`);
  return { InferredMetadata: inferred[point.resourceType]?.(point, region) ?? {} };
}
