import { describe, expect, it } from "vitest";
import { serve, type Served } from "../cli/command-line.ts";
import { PRODUCTION } from "./manifests.ts";
import { addNextKeys } from "./next-keys.ts";

/** A fleet with two reports, and keys beside the one that signs them. */
async function given(s: Served) {
  const keys = addNextKeys(s.universe);
  expect(await s.run(["reconcile"])).toMatchObject({ code: 0 });
  return keys;
}

describe("holdfast report rotate-keys", () => {
  it("hands the chain over to two keys in KMS, after which it goes on with both and verifies whole", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { next, second } = await given(s);
    const asked = [
      "--to",
      "kms:alias/next",
      "--second-to",
      "kms:alias/second",
      "--reason",
      "a second signature",
      "--yes",
    ];
    const rotated = await s.run(["report", "rotate-keys", ...asked]);
    expect(rotated).toMatchObject({ code: 0, err: "" });
    for (const arn of [next.arn, second.arn]) expect(rotated.out).toContain(arn);

    const old = await s.run(["reconcile"]);
    expect(old).toMatchObject({ code: 1 });
    expect(old.err).toMatch(/report 3 .* must be signed by .*retired after report 2/);
    const alone = await s.run(["reconcile", "--signer", "kms:alias/next"]);
    expect(alone.err).toMatch(/takes 2 signatures.*--second-signer/);

    const both = ["--signer", "kms:alias/next", "--second-signer", "kms:alias/second"];
    expect(await s.run(["reconcile", ...both])).toMatchObject({ code: 0 });
    const verified = await s.run(["report", "verify", "-o", "json"]);
    expect(JSON.parse(verified.out)).toMatchObject({ reports: 3, intact: "yes", complete: "yes", problems: [] });
    expect((await s.run(["report", "rotate-keys", ...asked, ...both])).err).toMatch(/signed by these keys already/);
  });

  it("refuses what would change nothing, and what names no key", async () => {
    await using s = await serve({ files: PRODUCTION });
    expect((await s.run(["report", "rotate-keys", "--reason", "why", "--yes"])).err).toMatch(/nothing would change/);
    const revoked = await s.run(["report", "rotate-keys", "--revoke", "mine", "--reason", "why", "--yes"]);
    expect(revoked).toMatchObject({ code: 1, err: expect.stringMatching(/mine is not a key's id/) });
  });
});
