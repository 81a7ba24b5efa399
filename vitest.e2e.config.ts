import { defineConfig } from "vitest/config";
import unit from "./vitest.config.ts";

/** Whole-system tests: they start servers, so files run one after the other and have time to do so. */
export default defineConfig({
  ...unit,
  test: {
    ...unit.test,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    include: ["apps/*/test/**/*.test.ts"],
    exclude: ["apps/dashboard/**"],
  },
});
