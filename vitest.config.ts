import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Random worlds take as long as they take on a small machine; a hang is what this is for.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "threads",
    // On two cores the default would be one.
    maxWorkers: "100%",
    globalSetup: ["test/support/clear-uses.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["test/**/*.test.ts"],
          exclude: ["test/proofs/**"],
          setupFiles: ["test/support/leave-uses.ts"],
        },
      },
      {
        // After all the others: they go by what those used.
        extends: true,
        test: { name: "proofs", include: ["test/proofs/**/*.test.ts"], sequence: { groupOrder: 1 } },
      },
    ],
  },
});
