import { describe, expect, it } from "vitest";
import { createBackupVault, listBackupVaults, listTags, tagResource } from "../../controller/aws/backup-operations.ts";
import { runStep, step, type Call } from "../../controller/aws/operation.ts";
import { Target } from "../../controller/domain/identity.ts";

const target = Target.parse({ account: "111122223333", region: "eu-west-1" });
const silent = (async () => ({})) as Call;

describe("a step may call what it declares", () => {
  it("does not compile when it calls more", () => {
    step("observe")([listTags], async (call) => {
      await call(listTags, { ResourceArn: "arn" });
      // @ts-expect-error -- CreateBackupVault is not among the step's operations
      await call(createBackupVault, { BackupVaultName: "nightly" });
    });
    expect.assertions(0);
  });

  it("does not compile when its caller is handed to work that needs more: the variance hole is shut", () => {
    const needsTwo = async (call: Call<typeof listTags | typeof tagResource>) =>
      call(tagResource, { ResourceArn: "arn", Tags: {} });
    step("observe")([listTags], async (call) => {
      // @ts-expect-error -- a caller granted less is no caller granted more
      await needsTwo(call);
    });
    expect.assertions(0);
  });

  it("is refused at run time as well, should a cast have got past the compiler", async () => {
    const sly = step("observe")([listTags], async (call) => (call as unknown as Call)(listBackupVaults, {}));
    await expect(runStep(sly, silent, target)).rejects.toThrow(
      "backup:ListBackupVaults is not among this step's operations",
    );
  });
});
