import { defineConfig } from "vitest/config";

const conditions = ["scouter-source", "node", "module", "import", "default"];

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
