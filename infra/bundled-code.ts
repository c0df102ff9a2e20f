import { existsSync } from "node:fs";
import { Code } from "aws-cdk-lib/aws-lambda";
import { HoldfastError } from "../controller/domain/errors.ts";

/**
 * What every function here is deployed of: the zip that `npm run bundle` made. CDK uploads a zip as it is, so that the tested bytes are the
 * deployed bytes. Throws HoldfastError `setting-refused` where it was not made.
 */
export function bundledCode(zip: string): Code {
  if (existsSync(zip)) return Code.fromAsset(zip);
  throw new HoldfastError("setting-refused", "there is no dist/worker.zip to deploy: run npm run bundle first");
}
