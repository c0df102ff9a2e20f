import { describeKey } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { AwsError, type AwsFailure } from "../../../domain/errors.ts";

export type KeyCall = Call<typeof describeKey>;

/** Which of some keys are known to be enabled. One that cannot be read is not known to be (rule 1). */
export async function enabledKeys(call: KeyCall, arns: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const enabled = new Set<string>();
  for (const arn of arns) if ((await keyState(call, arn)) === "Enabled") enabled.add(arn);
  return enabled;
}

/** A key's state in KMS's words, or why it could not be read. `call` is undefined outside what the run looks at. */
export async function keyState(call: KeyCall | undefined, arn: string): Promise<string | AwsFailure> {
  if (!call)
    return { kind: "unreachable", operation: describeKey.name, message: "its account is not among those looked at" };
  try {
    return (await call(describeKey, { KeyId: arn })).KeyMetadata?.KeyState ?? "of no known state";
  } catch (error) {
    if (error instanceof AwsError) return error.failure;
    throw error;
  }
}
