import { defineConfig } from "vitest/config";
import unit from "./vitest.config.ts";

/**
 * Whole-system tests: they start servers, which wait for the disk and for leases as much as they compute, so two files
 * at a time keep two cores busy. Every server has ports of its own.
 */
export default defineConfig({
  ...unit,
  test: {
    ...unit.test,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    include: ["apps/*/test/**/*.test.ts"],
    exclude: ["apps/dashboard/**", "apps/server/test/packages/**"],
  },
});
