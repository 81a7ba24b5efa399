import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["scouter-source"];

/** Real pages in a real browser, on one server with the demos' data. */
export default defineConfig({
  root: fileURLToPath(new URL("./apps/dashboard", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    environment: "node",
    pool: "forks",
    // The second: see docs/decisions/0048-wrappers-of-wasm.md; a file may begin without the database that sees to it.
    execArgv: ["--conditions=scouter-source", "--wasm-wrapper-tiering-budget=2147483647"],
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/browser/global-setup.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is awaited comes later on a busy machine; the usual second is for values in memory.
    expect: { poll: { timeout: 30_000 } },
  },
});
