import { describe, expect, it } from "vitest";
import type { Problem } from "../../controller/domain/desired.ts";
import { problemsJson, problemsText } from "../../controller/views/problems-text.ts";

const plain = { color: false, width: 100 };
const golden = (name: string): string => `../golden/views/${name}`;

const problems: readonly Problem[] = [
  {
    path: "vaults.yaml",
    line: 12,
    column: 7,
    severity: "error",
    message: "spec.encryptonKey is not a field of BackupVault",
    hint: "did you mean encryptionKey?",
  },
  {
    path: "plans.yaml",
    line: 9,
    column: 3,
    severity: "error",
    message: "rules[daily].lifecycle: AWS deletes no sooner than 90 days after moving to cold storage (30 + 90 > 60)",
    hint: "set deleteAfterDays to 120 or more, or drop moveToColdStorageAfterDays; AWS bills cold storage for 90 days in any case",
  },
  { path: "plans.yaml", line: 2, column: 1, severity: "warning", message: "targets.groups matches no account" },
  { path: "plans.yaml", line: 9, column: 1, severity: "error", message: "a duplicate of plans/daily.yaml:3" },
];

describe("problems of manifests", () => {
  it("are told one by one as file:line:column, in the order of files, with a total", async () => {
    await expect(problemsText(problems, plain)).toMatchFileSnapshot(golden("problems.txt"));
  });

  it("stay on one line each, however narrow the terminal, for tools that read lines", () => {
    const lines = problemsText(problems, { color: false, width: 40 }).split("\n");
    for (const { path, line, column, severity, message } of problems)
      expect(lines).toContain(`${path}:${line}:${column}: ${severity}: ${message}`);
  });

  it("are the same as JSON", async () => {
    await expect(problemsJson(problems)).toMatchFileSnapshot(golden("problems.json"));
  });

  it("are counted in words", () => {
    const [first] = problems;
    expect(problemsText([], plain).trim()).toBe("no problems");
    expect(problemsText(first ? [first] : [], plain)).toContain("1 error in 1 file\n");
  });
});
