import { Aws } from "aws-cdk-lib";
import type { Settings } from "./settings.ts";

/** A bucket, by what others know it by. */
export interface Store {
  readonly name: string;
  readonly arn: string;
}

/**
 * The evidence bucket of another account, where the settings name one: by a name that hub and archive both know before it is there. Both
 * are deployed to the same Region. Undefined: the hub keeps its evidence itself. (An account without `hubAccount` is refused by the settings.)
 */
export function evidenceElsewhere({ evidence, hubAccount }: Settings): Store | undefined {
  if (evidence.account === undefined || hubAccount === undefined) return undefined;
  const name = `holdfast-evidence-${hubAccount}-${Aws.REGION}`;
  return { name, arn: `arn:${Aws.PARTITION}:s3:::${name}` };
}
