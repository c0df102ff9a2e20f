import { describe, expect, it } from "vitest";
import { listBackupVaults, listTags } from "../../controller/aws/backup-operations.ts";
import type { Call } from "../../controller/aws/operation.ts";
import { Channel } from "../../controller/domain/channel.ts";
import { AwsError } from "../../controller/domain/errors.ts";
import { memoised } from "../../controller/observe/memoised.ts";
import { VERSION } from "../../controller/version.ts";
import manifest from "../../package.json" with { type: "json" };

describe("asking a target once", () => {
  const counting = (answer: () => Promise<unknown>) => {
    const asked: string[] = [];
    const call = ((operation: { name: string }) => {
      asked.push(operation.name);
      return answer();
    }) as unknown as Call;
    return { asked, call: memoised(call) };
  };

  it("asks AWS the same question once and another question anew", async () => {
    const { asked, call } = counting(() => Promise.resolve({}));
    await Promise.all([
      call(listBackupVaults, {}),
      call(listBackupVaults, {}),
      call(listTags, { ResourceArn: "a" }),
      call(listTags, { ResourceArn: "b" }),
    ]);
    expect(asked).toEqual(["backup:ListBackupVaults", "backup:ListTags", "backup:ListTags"]);
  });

  it("remembers a failure as it does an answer, so that all who ask agree on what is unknown", async () => {
    const { asked, call } = counting(() =>
      Promise.reject(new AwsError({ kind: "denied", operation: "backup:ListBackupVaults", message: "no" })),
    );
    await expect(call(listBackupVaults, {})).rejects.toThrow("no");
    await expect(call(listBackupVaults, {})).rejects.toThrow("no");
    expect(asked).toHaveLength(1);
  });
});

describe("a channel", () => {
  it("hands rows on in order and lets its writer wait until they are taken", async () => {
    const channel = new Channel<number>();
    const events: string[] = [];
    const writing = (async () => {
      await channel.write([1, 2]);
      events.push("taken");
      await channel.write([3]);
      channel.close();
    })();
    for await (const row of channel) events.push(String(row));
    await writing;
    expect(events).toEqual(["1", "2", "taken", "3"]);
  });

  it("ends for a reader that was waiting when it was closed", async () => {
    const channel = new Channel<number>();
    const rows = Array.fromAsync(channel);
    channel.close();
    expect(await rows).toEqual([]);
  });
});

describe("the version in the code", () => {
  it("is package.json's", () => expect(VERSION).toBe(manifest.version));
});
