import type { context, trace } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { captureSpanProcessor } from "./capture-span-processor.ts";

/**
 * - `registered`: no tracer provider was there, so one of ours is the process's own until `end`
 * - `attached`: the process's own provider hands its spans to us as well
 * - `unavailable`: OpenTelemetry is not installed, or its provider takes nothing
 */
export type SpanCaptureMode = "registered" | "attached" | "unavailable";

export interface SpanCapture {
  readonly mode: SpanCaptureMode;
  /** Takes back what this call did. */
  end(): void;
}

interface Api {
  readonly context: typeof context;
  readonly trace: typeof trace;
}

interface Shared {
  readonly capture: Promise<SpanCapture>;
  users: number;
}

let shared: Shared | undefined;

/**
 * Makes the spans of whatever uses OpenTelemetry in this process reach the scopes of offline evaluations, without a change
 * to it. Call it before the agent's modules are loaded: tracers that an agent took before keep what they had.
 */
export async function startSpanCapture(): Promise<SpanCapture> {
  const own = (shared ??= { capture: install(), users: 0 });
  own.users += 1;
  const capture = await own.capture;
  let ended = false;
  return {
    mode: capture.mode,
    end() {
      if (ended) return;
      ended = true;
      own.users -= 1;
      if (own.users > 0) return;
      capture.end();
      if (shared === own) shared = undefined;
    },
  };
}

async function install(): Promise<SpanCapture> {
  const api = await import("@opentelemetry/api").catch(() => undefined);
  if (api === undefined) return UNAVAILABLE;
  const capture = await installOn(api);
  if (capture.mode === "unavailable") return capture;
  const restore = keepCallbacksInPlace();
  return {
    mode: capture.mode,
    end() {
      restore();
      capture.end();
    },
  };
}

/**
 * LangChain.js tells its tracers from a queue of its own by default, in which it is lost who asked. This variable of it makes
 * it tell them where they are; whoever set it keeps what he set.
 */
function keepCallbacksInPlace(): () => void {
  const name = "LANGCHAIN_CALLBACKS_BACKGROUND";
  if (process.env[name] !== undefined) return () => {};
  process.env[name] = "false";
  return () => {
    delete process.env[name];
  };
}

async function installOn(api: Api): Promise<SpanCapture> {
  const provider = delegateOf(api.trace.getTracerProvider());
  const processors = processorsOf(provider);
  if (processors !== undefined) return attach(processors);
  return isPlaceholder(provider) ? register(api) : UNAVAILABLE;
}

const UNAVAILABLE: SpanCapture = { mode: "unavailable", end: () => {} };

async function register(api: Api): Promise<SpanCapture> {
  const [sdk, contexts] = await Promise.all([
    import("@opentelemetry/sdk-trace").catch(() => undefined),
    import("@opentelemetry/context-async-hooks").catch(() => undefined),
  ]);
  if (sdk === undefined || contexts === undefined) return UNAVAILABLE;
  const { AlwaysOnSampler, TracerProvider } = sdk;
  const contextManager = new contexts.AsyncLocalStorageContextManager().enable();
  const hasContext = api.context.setGlobalContextManager(contextManager);
  if (!hasContext) contextManager.disable();
  const provider = new TracerProvider({
    spanProcessors: [captureSpanProcessor()],
    sampler: new AlwaysOnSampler(),
  });
  const hasProvider = api.trace.setGlobalTracerProvider(provider);
  return {
    mode: hasProvider ? "registered" : "unavailable",
    end() {
      if (hasProvider) api.trace.disable();
      if (hasContext) api.context.disable();
    },
  };
}

function attach(processors: SpanProcessor[]): SpanCapture {
  const processor = captureSpanProcessor();
  processors.push(processor);
  return {
    mode: "attached",
    end() {
      const position = processors.indexOf(processor);
      if (position !== -1) processors.splice(position, 1);
    },
  };
}

/** The provider behind the API's stand-in. */
function delegateOf(provider: object): object {
  const getDelegate: unknown = Reflect.get(provider, "getDelegate");
  if (typeof getDelegate !== "function") return provider;
  const delegate: unknown = Reflect.apply(getDelegate, provider, []);
  return typeof delegate === "object" && delegate !== null ? delegate : provider;
}

/** The list that OpenTelemetry's own providers of versions 1 to 3 go through for every span. */
function processorsOf(provider: object): SpanProcessor[] | undefined {
  for (const name of ["_activeSpanProcessor", "activeSpanProcessor"]) {
    const active: unknown = Reflect.get(provider, name);
    if (typeof active !== "object" || active === null) continue;
    const list: unknown = Reflect.get(active, "_spanProcessors");
    if (Array.isArray(list) && !Object.isFrozen(list)) return list as SpanProcessor[];
  }
  return undefined;
}

/** What the API answers with when nothing is registered. */
function isPlaceholder(provider: object): boolean {
  return /noop|proxy/i.test(provider.constructor.name);
}
