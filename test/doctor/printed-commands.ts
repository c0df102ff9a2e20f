/** The `aws …` commands in what doctor prints, held to the SDK's own models: a verb or a flag that there is not is told. */
import * as backup from "@aws-sdk/client-backup";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as eventbridge from "@aws-sdk/client-eventbridge";
import * as iam from "@aws-sdk/client-iam";
import * as kms from "@aws-sdk/client-kms";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as secretsmanager from "@aws-sdk/client-secrets-manager";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import { readModel } from "../simulator/wire/model.ts";

/** By the names that the AWS CLI has for services. */
const MODULES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  backup,
  cloudwatch,
  events: eventbridge,
  iam,
  kms,
  lambda,
  s3api: s3,
  secretsmanager,
  sns,
  sqs,
};
/** Flags of the CLI itself. */
const GLOBAL: ReadonlySet<string> = new Set(["--region"]);

const COMMAND = /\baws ([a-z0-9]+) ([a-z-]+)((?: --[a-z-]+ (?:'[^']*'|[^\s']+))*)/g;

/** A name by its letters alone: the CLI parts `QueueUrl` by hyphens, and which ones is its own affair. */
const letters = (name: string): string => name.replaceAll("-", "").toLowerCase();

/** What is wrong with the commands of a text; empty where each is one that AWS knows, or where there is none. */
export function wrongCommands(text: string): readonly string[] {
  return [...text.matchAll(COMMAND)].flatMap(([command, service = "", verb = "", flags = ""]) => {
    const module = MODULES[service];
    if (module === undefined) return [`${command}: no service ${service}`];
    const operations = [...readModel(module).operations.values()];
    const operation = operations.find(({ name }) => letters(name) === letters(verb));
    if (operation === undefined) return [`${command}: ${service} has no ${verb}`];
    const members = new Set(Object.keys(operation.input.getMemberSchemas()).map(letters));
    const given = [...flags.matchAll(/ (--[a-z-]+) /g)].map(([, flag = ""]) => flag);
    const unknown = given.filter((flag) => !GLOBAL.has(flag) && !members.has(letters(flag)));
    return [
      ...unknown.map((flag) => `${command}: ${verb} has no ${flag}`),
      ...(given.length === 0 ? [`${command}: it names nothing`] : []),
    ];
  });
}
