export { type ScouterMatchers, scouterMatchers } from "./matchers.ts";
export { suiteTests, type SuiteTestsOptions } from "./suite-tests.ts";
export type { ScouterTestMeta } from "./test-meta.ts";
