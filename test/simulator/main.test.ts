import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { services } from "./services.ts";
import constraints from "./wire/constraints.json" with { type: "json" };

it("serves the seeded company until it is told to end, and says how to use it", async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "--port", "0", "--seed", "4"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (printed.includes("Ctrl-C")) break;
  }
  const endpoint = /export AWS_ENDPOINT_URL=(http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
  const authorization = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/s3/aws4_request";
  const buckets = await (await fetch(`${endpoint}/`, { headers: { authorization } })).text();
  child.kill("SIGTERM");
  expect(buckets).toContain("<Name>holdfast-evidence-111122223333</Name>");
  expect(await ended).toBe(0);
});

it("keeps constraints of simulated operations only", () => {
  for (const [name, { inputs }] of Object.entries(constraints)) {
    expect(Object.keys(services[name as keyof typeof services].handlers)).toEqual(
      expect.arrayContaining(Object.keys(inputs)),
    );
  }
});
