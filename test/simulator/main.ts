/** `npm run simulator -- --port 4566 [--strict] [--seed 7]`: a seeded organization on loopback until it is interrupted. */
import { Command, InvalidArgumentError } from "commander";
import { accounts, buckets, regions, seededSimulator, signingKeyAlias } from "./seed.ts";

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is wanted");
  return Number(text);
}

interface Options {
  readonly port: number;
  readonly seed: number;
  readonly strict: boolean;
}

const program = new Command("simulator")
  .description("AWS Backup and its neighbours on loopback, with an organization whose backups have drifted")
  .option("--port <number>", "port on 127.0.0.1; 0 picks a free one", wholeNumber, 4566)
  .option("--seed <number>", "everything invented follows from it", wholeNumber, 1)
  .option("--strict", "accept only access keys that were issued", false)
  .parse();
const options = program.opts<Options>();

const simulator = seededSimulator({ seed: options.seed, strict: options.strict });
const key = options.strict
  ? simulator.iam.putUser(accounts.hub, "administrator")
  : { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "any-secret-will-do" };
simulator.clock.run();
const listening = await simulator.listen(options.port);

const accountLines = [...simulator.organization.accounts.values()].map(({ id, name }) => `  ${id}  ${name}`);
process.stdout.write(`AWS, simulated, at ${listening.endpoint}

Accounts
${accountLines.join("\n")}
Regions
  ${regions.join(", ")}
Buckets of the hub account
  ${Object.values(buckets).join(", ")}
Signing key
  ${signingKeyAlias} in ${accounts.hub} eu-west-1

Use it with the AWS CLI, boto3 or Terraform:
  export AWS_ENDPOINT_URL=${listening.endpoint}
  export AWS_ACCESS_KEY_ID=${key.accessKeyId}
  export AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}
  export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
  aws backup list-backup-vaults --endpoint-url ${listening.endpoint}

It is ${simulator.clock.now().toISOString()} there. A day passes with:
  curl -d '{"advanceMs":86400000}' ${listening.endpoint}/_simulator/clock

Ctrl-C ends it.
`);

const end = () => {
  listening.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
};
process.once("SIGINT", end);
process.once("SIGTERM", end);
