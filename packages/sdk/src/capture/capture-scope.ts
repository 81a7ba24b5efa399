import { AsyncLocalStorage } from "node:async_hooks";

/** What a captured record holds: the item's fields as they were when it was inserted. */
export interface CapturedRecord {
  readonly uid: string;
  readonly recordId: string;
  readonly sessionId: string;
  readonly traceId: string | null;
  /** JSON of the context, made at insertion: what the app changes later is not seen. */
  readonly contextJson: string;
}

/** Takes what is recorded by work that runs under it, on any path of calls and timers that the work began. */
export interface CaptureScope {
  /** Nothing is taken any more. */
  readonly isClosed: boolean;
  addRecord(alias: string, record: CapturedRecord): void;
  spanStarted(): void;
  spanEnded(span: unknown): void;
}

/**
 * The process's scopes. An agent may bring a copy of this package of its own: all copies share one, as those of
 * OpenTelemetry's API do.
 */
const REGISTRY = Symbol.for("scouter.capture.1");

interface Registry {
  readonly scopes: AsyncLocalStorage<CaptureScope | undefined>;
}

function registry(): Registry | undefined {
  return (globalThis as { [REGISTRY]?: Registry })[REGISTRY];
}

/** The scope that the caller runs under; undefined outside of any. Costs one property read where nothing ever captured. */
export function activeCapture(): CaptureScope | undefined {
  return registry()?.scopes.getStore();
}

/** Runs work under a scope, or, with undefined, under none. */
export function withCapture<Result>(scope: CaptureScope | undefined, work: () => Result): Result {
  const own = registry() ?? { scopes: new AsyncLocalStorage<CaptureScope | undefined>() };
  (globalThis as { [REGISTRY]?: Registry })[REGISTRY] = own;
  return own.scopes.run(scope, work);
}
