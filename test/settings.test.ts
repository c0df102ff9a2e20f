import { describe, expect, it } from "vitest";
import { readSettings } from "../controller/settings.ts";

const S3 = { HOLDFAST_DESIRED_STATE: ".", HOLDFAST_EVIDENCE: "s3://evidence" };

describe("the retention of evidence", () => {
  it("is the bucket's own where nobody says another", () => {
    expect(readSettings({}, S3)).not.toHaveProperty("retention");
  });

  it.each([
    ["governance:1d", { mode: "GOVERNANCE", days: 1 }],
    ["compliance:2557d", { mode: "COMPLIANCE", days: 2557 }],
    ["compliance:36500d", { mode: "COMPLIANCE", days: 36_500 }],
  ])("is read: %s", (text, retention) => {
    expect(readSettings({ retention: text }, S3).retention).toEqual(retention);
    expect(readSettings({}, { ...S3, HOLDFAST_RETENTION: text }).retention).toEqual(retention);
  });

  it.each([
    "governance",
    "GOVERNANCE:1d",
    "compliance:0d",
    "compliance:36501d",
    "compliance:7",
    "none",
    "compliance:1d ",
  ])("is refused: %j", (text) => {
    expect(() => readSettings({ retention: text }, S3)).toThrow(/such as governance:2557d/);
  });

  it("is refused of a folder, which locks nothing", () => {
    expect(() => readSettings({ retention: "compliance:7d", evidence: "evidence" }, S3)).toThrow(/Object Lock/);
  });
});
