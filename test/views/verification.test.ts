import { describe, expect, it } from "vitest";
import type { Verification } from "../../controller/domain/verification.ts";
import { verificationJson, verificationText } from "../../controller/views/verification-text.ts";
import { digest } from "./plan-fixtures.ts";

const plain = { color: false, width: 100 };
const golden = (name: string): string => `../golden/views/${name}`;

const broken: Verification = {
  intact: "no",
  complete: "no",
  sourced: "not-checked",
  anchored: "yes",
  reports: 116,
  head: { sequence: 117, payloadSha256: digest("b") },
  problems: [
    { file: "0000000042.dsse.json", check: "signature", message: "no trusted key signed these bytes" },
    { file: "0000000044.dsse.json", check: "sequence", message: "43 is missing before it" },
  ],
  limitations: ["The keys came from the evidence store itself: somebody who can write there could have replaced them."],
  late: [],
  keys: [],
};

describe("a verification", () => {
  it("answers four questions apart, and lists all that is wrong", async () => {
    await expect(verificationText(broken, plain)).toMatchFileSnapshot(golden("verification.txt"));
  });

  it("of nothing says no, and shows no head", () => {
    const { head: _none, ...headless } = broken;
    const text = verificationText({ ...headless, reports: 0, problems: [] }, plain);
    expect(text).toContain("0 reports read, 0 problems");
    expect(text).toMatch(/^INTACT +no/);
  });

  it("is the same as JSON", async () => {
    await expect(verificationJson(broken)).toMatchFileSnapshot(golden("verification.json"));
  });
});
