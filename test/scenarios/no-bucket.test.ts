import { describe, expect, it } from "vitest";
import { serve } from "../cli/command-line.ts";
import { ADMINISTRATOR } from "../support/installation.ts";
import { PRODUCTION } from "./manifests.ts";
import { writesSince } from "./telling.ts";

// Whoever may not look at a bucket is refused whether it is there or not: that it is not, an administrator is told.
describe("a bucket that is not there", () => {
  it.each([
    ["of evidence", { HOLDFAST_EVIDENCE: "s3://acme-evidnece" }, "list s3://acme-evidnece/: s3:ListBucket"],
    ["of lease and journal", { HOLDFAST_WORK: "s3://acme-wrok" }, "read s3://acme-wrok/lease.json: s3:GetObject"],
    [
      "of the desired state",
      { HOLDFAST_DESIRED_STATE: "s3://acme-desired-stat" },
      "list s3://acme-desired-stat/: s3:ListBucket",
    ],
  ])("%s: the run fails before any write, and says which", async (_which, env, what) => {
    await using s = await serve({ files: PRODUCTION });
    const run = await s.run(["reconcile"], { env, as: ADMINISTRATOR });
    expect(run.code).toBe(1);
    expect(writesSince(s.universe, 0)).toEqual([]);
    const [, , bucket] = what.split("/");
    expect(run.err).toBe(
      `holdfast: could not ${what}: The specified bucket does not exist. There is no bucket ${bucket}: check the setting, or deploy the hub stack that makes it\n`,
    );
  });

  it.each([["--to", "s3://acme-nowhere"]])("sync %s %s says so, and publishes nothing", async (...flags) => {
    await using s = await serve({ files: PRODUCTION });
    const synced = await s.run(["sync", ...flags], { as: ADMINISTRATOR });
    expect(synced.code).toBe(1);
    expect(synced.err).toContain("There is no bucket acme-nowhere");
  });
});

describe("a key that is not there", () => {
  it("to sign with: the run fails before any write, since what could not be reported must not be done", async () => {
    await using s = await serve({ files: PRODUCTION });
    const run = await s.run(["reconcile"], { env: { HOLDFAST_SIGNER: "kms:alias/evidnece" } });
    expect(run.code).toBe(1);
    expect(writesSince(s.universe, 0)).toEqual([]);
    expect(run.err).toMatchInlineSnapshot(`
      "holdfast: cannot sign with the KMS key alias/evidnece: kms:GetPublicKey: Alias 'arn:aws:kms:eu-west-1:111122223333:alias/evidnece' is not found. Check the setting: an alias counts in the controller's own account and Region only
      "
    `);
  });
});
