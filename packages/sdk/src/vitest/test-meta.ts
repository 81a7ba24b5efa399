/** What a test of `suiteTests` tells the reporter; JSON, because it comes from another process. */
export interface ScouterTestMeta {
  readonly suite: string;
  /** Null for the test of the comparison as a whole. */
  readonly scenario: string | null;
  /** Of the scenario in the report, or the verdict. */
  readonly status: string;
  /** Passed repeats, such as `2/3`; empty for the whole. */
  readonly before: string;
  readonly now: string;
}

declare module "vitest" {
  interface TaskMeta {
    scouter?: ScouterTestMeta;
  }
}
