/** The functions of a deployed hub as Lambda runs them: the uploaded zip, the template's environment, a session of the template's role. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { invoke, type Invoked } from "../lambda/worker.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { Installed } from "../support/installed.ts";
import type { Assembly } from "./assembly.ts";

export interface Hub {
  readonly simulator: Simulator;
  readonly assembly: Assembly;
  readonly installed: Installed;
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
}

export interface Calling {
  readonly event: unknown;
  readonly requestId?: string;
  /** Milliseconds until Lambda's timeout. Absent: the template's. */
  readonly remainingMs?: number;
  readonly kill?: AbortSignal;
}

export interface LambdaFunction {
  /** The ARN of its alias. */
  readonly arn: string;
  readonly timeoutMs: number;
  /** The folder of its code. */
  readonly folder: string;
  /** Its environment as the template sets it, by what Lambda's own paths are here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly call: (calling: Calling) => Promise<Invoked>;
}

/** What of AWS::Lambda::Function is Lambda's to act on. */
interface Properties {
  readonly Code: { readonly S3Key: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly Handler: string;
  readonly Layers?: readonly string[];
  readonly MemorySize: number;
  readonly Role: string;
  readonly Timeout: number;
}

/** The function whose logical id begins so, ready to be called as often as one likes. */
export function functionOf(hub: Hub, logicalId: string): LambdaFunction {
  const { simulator, assembly, installed, account, region } = hub;
  const properties = installed.properties("AWS::Lambda::Function", logicalId) as unknown as Properties;
  const alias = installed.properties("AWS::Lambda::Alias", logicalId) as {
    readonly [K in "FunctionName" | "Name"]: string;
  };
  const name = alias.FunctionName;
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}:${alias.Name}`;
  const folder = assembly.unpacked(properties.Code.S3Key);
  const [file = "", exported] = properties.Handler.split(".");
  if (exported !== "handler") throw new RangeError(`${properties.Handler} exports something else than handler`);
  const timeoutMs = properties.Timeout * 1000;
  const environment = environmentOf(properties, hub);
  return {
    arn,
    timeoutMs,
    folder,
    environment,
    call: ({ event, requestId = randomUUID(), remainingMs = timeoutMs, kill }) =>
      invoke({
        file: join(folder, `${file}.mjs`),
        requestId,
        event,
        remainingMs,
        ...(kill && { kill }),
        context: {
          functionName: name,
          functionVersion: "1",
          invokedFunctionArn: arn,
          memoryLimitInMB: String(properties.MemorySize),
          logGroupName: `/aws/lambda/${name}`,
          logStreamName: "2026/03/01/[1]0123456789abcdef0123456789abcdef",
        },
        env: {
          ...environment,
          ...runtimeOf(name, properties, hub),
          ...sessionOf(simulator, properties.Role, name, unqualified(arn)),
        },
      }),
  };
}

/** Layers lie below /opt in Lambda (Lambda Developer Guide, "Packaging your layer content"), and here wherever CDK put them together. */
function environmentOf({ Environment, Layers = [] }: Properties, { assembly, installed }: Hub) {
  if (Layers.length === 0) return Environment.Variables;
  const { Content } = installed.properties("AWS::Lambda::LayerVersion", "Trust") as Readonly<
    Record<"Content", Properties["Code"]>
  >;
  const opt = assembly.layer(Content.S3Key);
  return Object.fromEntries(
    Object.entries(Environment.Variables).map(([name, value]) => [name, value.replace(/^\/opt\//, `${opt}/`)]),
  );
}

/** What Lambda itself puts into a function's environment (Lambda Developer Guide, "Defined runtime environment variables"). */
const runtimeOf = (name: string, { Handler, MemorySize }: Properties, { endpoint, region }: Hub) => ({
  _HANDLER: Handler,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: "1",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
  AWS_LAMBDA_LOG_FORMAT: "JSON",
  AWS_LAMBDA_LOG_LEVEL: "INFO",
  TZ: ":UTC",
  AWS_ENDPOINT_URL: endpoint,
});

/** A function as Lambda tells others of it, whatever it was called by. */
export const unqualified = (arn: string): string => arn.split(":").slice(0, 7).join(":");

/** A session of that role, as the environment has it. Lambda takes a function's role on itself, and hands it the session; that it came from there goes with every call. */
export function sessionOf(simulator: Simulator, roleArn: string, name: string, sourceFunction?: string) {
  const role = simulator.iam.role(roleArn);
  if (role === undefined) throw new RangeError(`there is no role ${roleArn}`);
  const expires = new Date(simulator.clock.now().getTime() + 12 * 3_600_000);
  const within = sourceFunction === undefined ? {} : { sourceFunction };
  const session = simulator.iam.issueSession({ role, name, sourceIdentity: undefined, expires, ...within });
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
}

/** The same, as the SDK takes it. */
export const credentialsOf = (session: ReturnType<typeof sessionOf>) => ({
  accessKeyId: session.AWS_ACCESS_KEY_ID,
  secretAccessKey: session.AWS_SECRET_ACCESS_KEY,
  sessionToken: session.AWS_SESSION_TOKEN,
});
