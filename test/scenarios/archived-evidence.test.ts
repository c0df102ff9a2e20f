import { expect, it } from "vitest";
import { PRODUCTION } from "./manifests.ts";
import { verifiedTip } from "../laws/evidence.ts";
import { ARCHIVED_EVIDENCE, BUCKETS, SHOP, universe } from "../support/universe.ts";
import { archivedRun } from "./archived-run.ts";

it("is kept in another account: the coordinator publishes there and workers attach, as that bucket's policy lets them", async () => {
  const {
    u: { simulator },
    ended,
  } = await archivedRun();
  expect(ended).toMatchObject({ Status: "SUCCEEDED" });
  expect((await verifiedTip(simulator, ARCHIVED_EVIDENCE)).result).toBe("CORRECTED");
  expect(simulator.bucket(ARCHIVED_EVIDENCE).account).toBe(SHOP);
  expect([...simulator.buckets.keys()]).not.toContain(BUCKETS.evidence);
  const put = simulator.calls
    .all()
    .filter(({ operation, input }) => operation === "PutObject" && input["Bucket"] === ARCHIVED_EVIDENCE);
  const by = new Set(put.map(({ principal }) => /assumed-role\/([\w-]+)/.exec(principal)?.[1]));
  expect(by).toEqual(new Set(["holdfast-controller", "holdfast-worker"]));
});

it("is not begun by a worker, which can tell that there is no chain yet from that it may not look", async () => {
  const u = universe({ files: PRODUCTION, archive: SHOP });
  const { evidence } = await u.worker();
  await expect(evidence.attach("list", [])).rejects.toMatchObject({ code: "chain-broken" });
});

it("takes a list once: a worker that puts it again finds it as it was put", async () => {
  const { u } = await archivedRun();
  const { evidence } = await u.worker();
  const put = await evidence.attach("list", []);
  const before = u.simulator.bucket(ARCHIVED_EVIDENCE).keys;
  expect(await evidence.attach("list", [])).toEqual(put);
  expect(u.simulator.bucket(ARCHIVED_EVIDENCE).keys).toEqual(before);
});
