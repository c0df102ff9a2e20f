import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Random worlds take as long as they take on a small machine; a hang is what this is for.
    testTimeout: 120_000,
    pool: "threads",
    // On two cores the default would be one.
    maxWorkers: "100%",
  },
});
