import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openFolder } from "../../controller/verifier/folder.ts";
import { readKeys } from "../../controller/verifier/keys.ts";
import { nodePrimitives } from "../../controller/verifier/node.ts";
import { verifyChain } from "../../controller/verifier/verify.ts";

/** Chains that earlier releases wrote, kept as they were stored. What is expected of them is written down here, and only ever added to. */
const CHAINS = [
  {
    form: "v0",
    head: { sequence: 5, payloadSha256: "006c9b811fa1d6ae39d57d95108f10a38040bb532e9a96c7e9b1f49712fc9a19" },
    // It has no packs of its commits.
    sourced: "not-checked",
    // One P-256 key.
    shell: 0,
  },
  {
    form: "v1",
    head: { sequence: 9, payloadSha256: "c330b1ff5338c579b9661fb4e5463b7f0d0ad4b321b3225d4cb662bb70c7c12a" },
    sourced: "yes",
    // Its second key is of ML-DSA-65, which the shell's tools do not know and say so.
    shell: 4,
  },
] as const;

const root = (form: string): string => fileURLToPath(new URL(`../golden/chains/${form}`, import.meta.url));
const verifier = (file: string): string => fileURLToPath(new URL(`../../controller/verifier/${file}`, import.meta.url));

describe.each(CHAINS)("a chain of form $form", ({ form, head, sourced, shell }) => {
  const folder = root(form);
  const pinned = ["--head", `${head.sequence}:${head.payloadSha256}`];

  it("verifies for ever, in what it has", async () => {
    const keys = await readKeys(readFileSync(join(folder, "keys.json")), nodePrimitives);
    const { reports, attachment, pack } = await openFolder(folder, keys.chainId);
    const options = { head, ...(attachment ? { attachment } : {}), ...(pack ? { repository: { pack } } : {}) };
    expect(await verifyChain(reports, keys, options, nodePrimitives)).toMatchObject({
      intact: "yes",
      complete: "yes",
      sourced,
      anchored: "yes",
      reports: head.sequence,
      problems: [],
    });
  });

  it("verifies by the file that packs carry", () => {
    const { status, stdout } = spawnSync(process.execPath, [verifier("built/verify.mjs"), folder, ...pinned, "--json"]);
    expect(JSON.parse(stdout.toString())).toMatchObject({ intact: "yes", complete: "yes", sourced, anchored: "yes" });
    expect(status).toBe(0);
  });

  it("verifies by shell, OpenSSL and jq, as far as they go", () => {
    expect(spawnSync("bash", [verifier("verify.sh"), folder, ...pinned]).status).toBe(shell);
  });

  it("holds no path of the machine that wrote it", () => {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".dsse.json"),
    )) {
      const { payload } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { readonly payload: string };
      expect(Buffer.from(payload, "base64").toString("utf8")).not.toMatch(/file:\/\/|\/home\/|\/tmp\//);
    }
  });
});

describe("a report among others that cannot be read", () => {
  it("leaves open whether the manifests are those of the commits: nobody knows which it names", async () => {
    const folder = root("v1");
    const keys = await readKeys(readFileSync(join(folder, "keys.json")), nodePrimitives);
    const { reports, pack } = await openFolder(folder, keys.chainId);
    const files = await Array.fromAsync(reports);
    const changed = files.map((file, at) => (at === 2 ? { ...file, bytes: file.bytes.with(100, 0x41) } : file));
    const verify = (given: typeof files) =>
      verifyChain(given, keys, pack ? { repository: { pack } } : {}, nodePrimitives);
    expect(await verify(files)).toMatchObject({ intact: "yes", sourced: "yes" });
    expect(await verify(changed)).toMatchObject({ intact: "no", sourced: "not-checked" });
  });
});
