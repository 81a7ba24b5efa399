import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Vitest passes these on to Node in front of its own: one like "import" would give a require() in an installed package
// an ES module.
const conditions = ["scouter-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    environment: "node",
    pool: "forks",
    maxWorkers: availableParallelism(),
    // A fresh process for each file costs more than most files' tests; the guard keeps them from meeting in a shared one.
    isolate: false,
    setupFiles: ["./scripts/vitest/process-guard.ts"],
    globalSetup: ["./scripts/vitest/pglite-template.ts"],
    // The second: see docs/decisions/0048-wrappers-of-wasm.md; a file may begin without the database that sees to it.
    execArgv: ["--conditions=scouter-source", "--wasm-wrapper-tiering-budget=2147483647"],
    // Only a hang should meet these: a busy machine with a cold disk takes twenty times longer than a quiet one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: [
      "{packages,apps,examples}/*/src/**/*.test.ts",
      "scripts/**/*.test.{ts,mjs}",
      "ci/**/*.test.mjs",
    ],
  },
});
