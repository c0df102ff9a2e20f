import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { examineChain, reportFiles } from "../../controller/attest/chain/broken-chain.ts";
import { openChain, readStoredKeys } from "../../controller/attest/chain/chain.ts";
import { createHistory } from "../../controller/attest/memory/history.ts";
import { verifyChain } from "../../controller/attest/chain/verify.ts";
import { createFolderStore } from "../../controller/local/folder-store.ts";

const GOLDEN = fileURLToPath(new URL("../golden/chains/v0", import.meta.url));

describe("a chain of the first form", async () => {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-v0-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  await cp(GOLDEN, folder, { recursive: true });
  const store = createFolderStore(folder);
  const keys = (await readStoredKeys(store))!;

  it("verifies", async () => {
    expect(await verifyChain(reportFiles(store, keys.chainId), keys)).toMatchObject({ intact: "yes", complete: "yes" });
  });

  it("is gone on from by no run, which says what to do", async () => {
    await expect(createHistory({ store }).read()).rejects.toThrow(
      /are of the first form \(v0\): they verify as ever[^]*holdfast report rechain --reason/,
    );
    const chain = await openChain(store);
    await expect(chain?.tip()).rejects.toMatchObject({ code: "chain-broken" });
  });

  it("can be superseded: its last report is known by its digest", async () => {
    const { problems, reports, payloadSha256 } = await examineChain(store);
    expect(problems).toEqual([expect.stringContaining("first form (v0)")]);
    const { head } = await verifyChain(reportFiles(store, keys.chainId), keys);
    expect({ sequence: reports, payloadSha256 }).toEqual(head);
  });
});
