import { describe, expect, it } from "vitest";
import { nearMiss } from "../../controller/kinds/near-miss.ts";

const asked = { listOfTags: [{ key: "backup", value: "nightly-2" }] };

describe("a tag that was meant for a selection", () => {
  it.each([
    ["another case", { Backup: "nightly-2" }, "Backup=nightly-2"],
    ["spaces and dashes", { back_up: "Nightly 2" }, "back_up=Nightly 2"],
    ["a letter too few in the value", { backup: "nightl-2" }, "backup=nightl-2"],
    ["a letter too many in the key", { backupp: "nightly-2" }, "backupp=nightly-2"],
    ["what fits", { backup: "nightly-2" }, undefined],
    ["another number, which is meant", { backup: "nightly-3" }, undefined],
    ["another word", { backup: "weekly-2" }, undefined],
    ["the value under a key of its own", { schedule: "nightly-2" }, undefined],
    ["nothing", {}, undefined],
  ])("is told from one that was not: %s", (_what, tags: Readonly<Record<string, string>>, found) => {
    expect(nearMiss(tags, asked)?.found).toBe(found);
  });

  it("is compared with a condition's key as resources bear it", () => {
    const conditions = { stringEquals: [{ key: "aws:ResourceTag/backup", value: "nightly" }] };
    expect(nearMiss({ Backup: "nightly" }, { conditions })?.wanted).toEqual({ key: "backup", value: "nightly" });
  });
});
