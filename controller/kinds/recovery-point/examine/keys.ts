import { describeKey } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { AwsError } from "../../../domain/errors.ts";

/** Which of some keys are known to be enabled. One that cannot be read is not known to be (rule 1). */
export async function enabledKeys(
  call: Call<typeof describeKey>,
  arns: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const enabled = new Set<string>();
  for (const arn of arns) if (await isEnabled(call, arn)) enabled.add(arn);
  return enabled;
}

async function isEnabled(call: Call<typeof describeKey>, arn: string): Promise<boolean> {
  try {
    return (await call(describeKey, { KeyId: arn })).KeyMetadata?.KeyState === "Enabled";
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
