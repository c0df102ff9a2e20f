import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runNode } from "../cli/child.ts";
import { defined, MACHINE, serve, shellFor } from "../cli/command-line.ts";
import { PRODUCTION } from "./manifests.ts";

/** Somebody else's AWS: whoever connects is counted, and hears nothing. */
async function trap() {
  let caught = 0;
  const server = createServer((socket) => {
    caught += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caught: () => caught,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

/** A machine that is set up for another account, another endpoint, another Region and another fleet, and whose files are garbage. */
async function hostile(url: string) {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-hostile-"));
  const garbage = join(folder, "garbage");
  await writeFile(garbage, randomBytes(512));
  const theirs = (name: string): string => join(folder, `their-${name}`);
  return {
    left: async () => (await readdir(folder)).toSorted(),
    env: {
      HOME: folder,
      TMPDIR: folder,
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_BACKUP: url,
      AWS_ENDPOINT_URL_S3: url,
      AWS_ENDPOINT_URL_STS: url,
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
      AWS_PROFILE: "missing",
      AWS_CONFIG_FILE: garbage,
      AWS_SHARED_CREDENTIALS_FILE: garbage,
      AWS_ACCESS_KEY_ID: "ASIAOFANOTHERACCOUNT",
      AWS_SECRET_ACCESS_KEY: "their-secret",
      AWS_SESSION_TOKEN: "their-session",
      AWS_REGION: "xx",
      AWS_DEFAULT_REGION: "xx",
      AWS_CA_BUNDLE: garbage,
      AWS_USE_FIPS_ENDPOINT: "true",
      AWS_WEB_IDENTITY_TOKEN_FILE: garbage,
      AWS_ROLE_ARN: "arn:aws:iam::999999999999:role/theirs",
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      http_proxy: url,
      https_proxy: url,
      ALL_PROXY: url,
      NODE_USE_ENV_PROXY: "1",
      HOLDFAST_DESIRED_STATE: theirs("desired-state"),
      HOLDFAST_EVIDENCE: theirs("evidence"),
      HOLDFAST_WORK: theirs("work"),
      HOLDFAST_SIGNER: `file:${theirs("key.pem")}`,
      HOLDFAST_TRUST: garbage,
      HOLDFAST_SYNC_TRUST: garbage,
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

describe.concurrent("npm start on a machine that is set up for something else", () => {
  it("runs to its end, reaches nobody but its own simulator, and leaves nothing behind", async () => {
    await using there = await trap();
    await using machine = await hostile(there.url);
    const demo = await runNode("scripts/demo.ts", [], { env: machine.env });
    expect(demo.err).toBe("");
    expect(demo.code, demo.out).toBe(0);
    expect(demo.out).toContain("Put back, and on record.");
    expect(there.caught()).toBe(0);
    expect(await machine.left()).toEqual(["garbage"]);
  });
});

describe.concurrent("the command line on such a machine", () => {
  it("goes where --endpoint-url says and nowhere else, whatever each service was given", async () => {
    await using there = await trap();
    await using s = await serve({ files: PRODUCTION });
    const [url, env] = [there.url, shellFor(["plan"], s.universe)];
    const planned = await runNode(
      "controller/cli/main.ts",
      ["plan", "--desired-state", s.manifests, "--endpoint-url", s.endpoint, "--region", "eu-west-1"],
      {
        env: {
          ...env,
          AWS_ENDPOINT_URL: url,
          AWS_ENDPOINT_URL_BACKUP: url,
          AWS_ENDPOINT_URL_STS: url,
          AWS_ENDPOINT_URL_S3: url,
          AWS_REGION: "xx",
          HOLDFAST_EVIDENCE: join(s.folder, "evidence"),
        },
      },
    );
    expect(planned.err).toBe("");
    expect(planned.code).toBe(0);
    expect(planned.out).toContain("create vault nightly");
    expect(there.caught()).toBe(0);
  });

  it("says which profile is missing, and what to do", async ({ expect }) => {
    await using s = await serve({ files: PRODUCTION });
    const planned = await runNode("controller/cli/main.ts", ["plan"], {
      env: { ...defined(MACHINE), ...defined(s.env), AWS_PROFILE: "missing" },
    });
    expect(planned.code).toBe(1);
    expect(planned.err).toMatchInlineSnapshot(`
      "holdfast: could not list s3://acme-evidence/: s3:ListBucket: Could not load credentials from any providers. Check the credentials: AWS_PROFILE, a signed-in session, the function's role
      "
    `);
  });
});
