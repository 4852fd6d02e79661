import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**"],
          // Never an assertion on time: a busy machine takes several times as long as an idle one.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/controlplane/global-setup.ts", "test/built/global-setup.ts"],
          // Two files at a time: each has a control plane and waits for it most of the time.
          maxWorkers: 2,
          // Not beside the unit tests, which take all cores.
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
