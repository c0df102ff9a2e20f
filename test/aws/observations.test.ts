import { describe, expect, it } from "vitest";
import { getVaultPolicy, listBackupVaults, listTags } from "../../controller/aws/backup-operations.ts";
import { AwsError } from "../../controller/domain/errors.ts";
import { Observation } from "../../controller/domain/survey.ts";
import { getTaggedResources } from "../../controller/aws/owner-operations.ts";
import { pages } from "../../controller/aws/pages.ts";
import { vaultsOf } from "../../controller/kinds/listing.ts";
import { addVault } from "../simulator/backup/build.ts";
import { here, MEMBER, REGION, world } from "./world.ts";

/** A member with seven vaults, told three a page, and whose reads are told by operation. */
function given() {
  const scene = world();
  const state = scene.simulator.backup(MEMBER, REGION);
  for (let at = 1; at <= 7; at += 1) addVault(state, { name: `vault-${at}`, tags: { a: "1", b: "2" } });
  const rows = () => scene.fleet.observations();
  const list = (): Promise<unknown> => scene.time.until(Array.fromAsync(vaultsOf(scene.fleet.reader(here))));
  const denied = async (work: Promise<unknown>) => expect(await work.catch((e: unknown) => e)).toBeInstanceOf(AwsError);
  const requestIds = (operation: string) =>
    scene.simulator.calls
      .all()
      .filter((call) => call.operation === operation)
      .map(({ requestId }) => requestId);
  return { ...scene, rows, list, denied, requestIds };
}

describe("a read of a target is told as one question", () => {
  it("whose pages are counted, with every request id and without a page token", async () => {
    const { rows, list, requestIds } = given();
    await list();
    expect(rows()).toEqual([
      {
        api: "backup:ListBackupVaults",
        accountId: MEMBER,
        region: REGION,
        parameters: {},
        pages: 3,
        items: 7,
        requestIds: requestIds("ListBackupVaults"),
        from: "2026-01-01T00:00:00.000Z",
        to: expect.any(String) as string,
        complete: true,
      },
    ]);
    expect(rows()[0]?.requestIds).toHaveLength(3);
    expect(Observation.parse(rows()[0])).toEqual(rows()[0]);
  });

  it("with what was asked for, tags counted one by one", async () => {
    const { rows, fleet, time } = given();
    const ResourceArn = `arn:aws:backup:${REGION}:${MEMBER}:backup-vault:vault-1`;
    await time.until(fleet.reader(here)(listTags, { ResourceArn, NextToken: undefined }));
    expect(rows()).toMatchObject([{ parameters: { ResourceArn }, pages: 1, items: 2, complete: true }]);
  });

  it("that ends with an empty token as it does without one", async () => {
    const { rows, fleet, time } = given();
    const call = fleet.reader(here);
    const read = async (PaginationToken: string | undefined) => {
      const page = await call(getTaggedResources, { TagFilters: [{ Key: "a" }], PaginationToken });
      return { ...page, NextToken: page.PaginationToken };
    };
    await time.until(Array.fromAsync(pages("tag:GetResources", read)));
    expect(rows()).toMatchObject([{ parameters: { TagFilters: [{ Key: "a" }] }, pages: 3, items: 7, complete: true }]);
  });

  it("and asked again as another, also where the two go side by side", async () => {
    const { rows, list, fleet, time } = given();
    await Promise.all([list(), list()]);
    const call = fleet.reader(here);
    await time.until(call(listBackupVaults, {}));
    expect(rows().map(({ pages: count, items, complete }) => [count, items, complete])).toEqual([
      [3, 7, true],
      [3, 7, true],
      [1, 3, false],
    ]);
  });
});

describe("a read that fails is told with what it was", () => {
  it.each([
    ["at its first page", 1, 0, 0],
    ["further on: what came before it counts", 2, 1, 3],
  ])("%s", async (_, page, told, items) => {
    const { rows, list, simulator, denied, requestIds } = given();
    simulator.faults.add({ effect: { kind: "deny" }, operation: "ListBackupVaults", page });
    await denied(list());
    const [row] = rows();
    expect(rows()).toHaveLength(1);
    expect(row).toMatchObject({ pages: told, items, complete: false, failure: { kind: "denied" } });
    expect(row?.requestIds, "the refused try has one too").toEqual(requestIds("ListBackupVaults"));
  });

  it("but not where a later try was answered: its request ids tell of the refused ones", async () => {
    const { rows, list, simulator, requestIds } = given();
    simulator.faults.add({ effect: { kind: "throttle" }, operation: "ListBackupVaults", times: 2 });
    await list();
    expect(rows()).toMatchObject([{ pages: 3, items: 7, complete: true }]);
    expect(rows()[0]?.requestIds).toEqual(requestIds("ListBackupVaults"));
    expect(rows()[0]?.requestIds).toHaveLength(5);
  });

  it("without a request id where the account could not be entered", async () => {
    const { rows, list, simulator, denied } = given();
    simulator.faults.add({ effect: { kind: "deny" }, operation: "AssumeRole" });
    await denied(list());
    expect(rows()).toMatchObject([{ pages: 0, items: 0, requestIds: [], complete: false }]);
    expect(rows()[0]?.failure?.kind).toBe("unreachable");
  });

  it("and as a whole answer where AWS says that there is none", async () => {
    const { rows, fleet, time, denied } = given();
    await denied(time.until(fleet.reader(here)(getVaultPolicy, { BackupVaultName: "vault-1" })));
    expect(rows()).toMatchObject([{ pages: 0, items: 0, complete: true, failure: { kind: "missing" } }]);
  });
});

it("reads of a writer are told like those of a reader, and its writes are not", async () => {
  const { rows, fleet, time, lease, record } = given();
  await time.until(fleet.writer(here, "destroy", lease, record)(listBackupVaults, {}));
  expect(rows()).toMatchObject([{ api: "backup:ListBackupVaults", accountId: MEMBER }]);
});
