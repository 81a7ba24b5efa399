import { defineConfig } from "vitest/config";
import unit from "./vitest.config.ts";

/** The SDK as apps install it, prepared by `scripts/packages/prepare-packages.mjs`. One app after the other. */
export default defineConfig({
  ...unit,
  test: {
    ...unit.test,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
    include: ["apps/server/test/packages/**/*.test.ts"],
  },
});
