import { withSpan, type SpanOptions } from "./with-span.ts";

export interface TracedOptions extends Omit<SpanOptions, "input"> {
  /** Default: the function's own name. */
  readonly name?: string;
  /** Keep the arguments as the span's input, default true. */
  readonly captureInput?: boolean;
  /** Keep the result as the span's output, default true. */
  readonly captureOutput?: boolean;
}

type AnyFunction = (this: never, ...args: never[]) => unknown;

/**
 * Makes a function whose every call is a span with its arguments as input and its result as output. Use it as a wrapper,
 * `const answer = traced({ name: "answer" })(async (question: string) => ...)`, or as a decorator of a method
 * (ECMAScript's standard ones): `@traced() async answer(question: string) { ... }`.
 */
export function traced(options: TracedOptions = {}) {
  return <Wrapped extends AnyFunction>(
    wrapped: Wrapped,
    decorated?: { readonly kind: string; readonly name: string | symbol },
  ): Wrapped => {
    const fallback = wrapped.name === "" ? "anonymous" : wrapped.name;
    const name = options.name ?? (decorated === undefined ? fallback : String(decorated.name));
    const { captureInput = true, captureOutput = true } = options;
    function call(this: unknown, ...args: unknown[]): unknown {
      const input = captureInput ? inputOf(args) : undefined;
      const spanOptions = { ...options, captureOutput, ...(captureInput ? { input } : {}) };
      return withSpan(name, spanOptions, () => Reflect.apply(wrapped, this, args));
    }
    Object.defineProperty(call, "name", { value: wrapped.name, configurable: true });
    Object.defineProperty(call, "length", { value: wrapped.length, configurable: true });
    return call as unknown as Wrapped;
  };
}

/** One argument stands for itself; several are a list. */
function inputOf(args: readonly unknown[]): unknown {
  return args.length === 1 ? args[0] : args;
}
