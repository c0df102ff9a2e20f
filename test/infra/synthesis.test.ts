import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { CDK_JSON } from "./deployed.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NODE = process.execPath;
const CDK = join(ROOT, "node_modules/aws-cdk/bin/cdk");

/** In a network namespace of its own, where there is nobody to reach: where the machine lets an ordinary user make one. */
const UNSHARED = ["unshare", "--map-root-user", "--net"] as const;
const canUnshare = spawnSync(UNSHARED[0], [...UNSHARED.slice(1), "true"]).status === 0;

/** Runs a command of the repository without a network and without anybody's credentials. */
async function offline(command: readonly string[]): Promise<void> {
  const [file = "", ...args] = canUnshare ? [...UNSHARED, ...command] : command;
  await promisify(execFile)(file, args, {
    cwd: ROOT,
    // The CLI starts the app as cdk.json says, by `node`.
    env: { PATH: [dirname(NODE), process.env["PATH"]].join(delimiter), HOME: temporaryFolder(), CI: "true" },
  });
}

const readJson = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
const templateIn = (folder: string, stack: string) =>
  readJson(folder, `${stack}.template.json`) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  };

const withSettings = (settings: object): readonly string[] => {
  const holdfast = { ...(CDK_JSON.context["holdfast"] as object), ...settings };
  return ["-c", `holdfast=${JSON.stringify(holdfast)}`];
};

/** What is shown where the machine lets nobody make a network namespace is less, and said so. */
const how = canUnshare ? "without a network" : "with a network, which this machine cannot take away";

describe(`synthesis by the commands that are documented, ${how}`, () => {
  it("makes by itself, as npm run synth, what the CLI makes", async () => {
    const byTheCli = temporaryFolder();
    await offline([NODE, "infra/app.ts"]);
    await offline([NODE, CDK, "synth", "--quiet", "--output", byTheCli]);
    for (const stack of ["holdfast-hub", "holdfast-member"])
      expect(templateIn(join(ROOT, "cdk.out"), stack)).toEqual(templateIn(byTheCli, stack));
  });

  it("passes cdk-nag with the durable engine and an archive too, and lists in its report what was acknowledged", async () => {
    const folder = temporaryFolder();
    const settings = { engine: "durable", hubAccount: "111122223333", evidence: { account: "444455556666" } };
    await offline([NODE, CDK, "synth", "--quiet", "--output", folder, ...withSettings(settings)]);
    const functions = Object.values(templateIn(folder, "holdfast-hub").Resources).filter(
      ({ Type }) => Type === "AWS::Lambda::Function",
    );
    expect(functions.length).toBeGreaterThanOrEqual(3);
    expect(Object.keys(templateIn(folder, "holdfast-evidence").Resources)).not.toEqual([]);
    const { pluginReports } = readJson(folder, "validation-report.json") as {
      readonly pluginReports: readonly { readonly pluginName: string; readonly conclusion: string }[];
    };
    expect(pluginReports).toContainEqual(
      expect.objectContaining({ pluginName: "AwsSolutions", conclusion: "success" }),
    );
  });
});
