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
    execArgv: ["--conditions=scouter-source"],
    testTimeout: 20_000,
    include: ["{packages,apps,examples}/*/src/**/*.test.ts", "scripts/**/*.test.{ts,mjs}"],
  },
});
