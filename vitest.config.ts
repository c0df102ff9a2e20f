import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Random worlds take as long as they take on a small machine; a hang is what this is for.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "threads",
    // A worker loads and warms up the SDKs once and not for each of three hundred files. No test replaces modules or leaves any state in one.
    isolate: false,
    // On two cores the default would be one.
    maxWorkers: "100%",
    globalSetup: ["test/support/own-temporary-folder.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["test/**/*.test.ts"],
          exclude: ["test/proofs/**"],
          setupFiles: ["test/support/once-over.ts"],
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
