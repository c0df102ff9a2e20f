import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runNode } from "../cli/child.ts";

const config = fileURLToPath(new URL("../../.secretlintrc.json", import.meta.url));

/** Looks for secrets in one file of a folder of its own, as `npm run check:secrets` does in the repository. */
async function scan(name: string, text: string) {
  const cwd = await mkdtemp(join(tmpdir(), "holdfast-secrets-"));
  try {
    await writeFile(join(cwd, name), text);
    const words = ["**/*", "--secretlintrc", config, "--format", "compact", "--no-color"];
    return await runNode("node_modules/secretlint/bin/secretlint.js", words, { cwd, env: {} });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Written in two parts, lest the scan of this repository find it here. */
const KEY = ["-----BEGIN PRIVATE", "KEY-----"].join(" ");

it.each([
  [
    "a private key",
    "sync.pem",
    `${KEY}\n${"MIGHAgEAMBMGByqGSM49".repeat(9)}\n${KEY.replace("BEGIN", "END")}\n`,
    "PrivateKey",
  ],
  ["an access key of AWS", ".env", `AWS_SECRET_ACCESS_KEY=${"wJalrXUtnF".repeat(4)}\n`, "AWSSecretAccessKey"],
  [
    "a webhook's address",
    "notify.yaml",
    `url: https://hooks.slack.com/services/${["T00000001", "B00000001", "x".repeat(24)].join("/")}\n`,
    "IncomingWebhook",
  ],
])("the scan for secrets finds %s", async (_case, name, text, rule) => {
  const { code, out } = await scan(name, text);
  expect(out).toContain(rule);
  expect(code).toBe(1);
});

it("the scan for secrets passes what is none", async () => {
  expect(await scan("vault.yaml", "kind: BackupVault\nmetadata: { name: nightly }\n")).toMatchObject({ code: 0 });
});
