/** What every channel that speaks HTTP may be given besides its own settings. */
export interface RequestSettings {
  /** Of one attempt, default 8,000. */
  readonly timeoutMs?: number | undefined;
  /** Where people reach the dashboard, without a trailing slash; no links when absent. */
  readonly publicUrl?: string | undefined;
}
