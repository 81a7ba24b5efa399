import { defineConfig } from "vitest/config";
import unit from "./vitest.config.ts";

/** Object stores against emulators by other hands, which `npm run check:stores` installs and starts. */
export default defineConfig({
  ...unit,
  test: {
    ...unit.test,
    testTimeout: 60_000,
    include: ["packages/{delta,lake}/emulator/**/*.test.ts"],
  },
});
