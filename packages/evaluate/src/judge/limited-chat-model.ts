import type { ChatModel } from "../port/chat-model.ts";

/** Places for calls under way. One gate serves all models of a provider: limits of vendors are per account. */
export class CallGate {
  readonly #waiting = new Set<() => void>();
  #free: number;

  /** `places` is at least 1. */
  constructor(places: number) {
    this.#free = Math.max(1, places);
  }

  /** Runs work when there is a place, first come first served. Rejects with the signal's reason while it waits. */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#free === 0) await this.#wait(signal);
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = () => {
        this.#waiting.delete(enter);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(enter);
    });
  }

  /** The place goes straight to the one who waited longest, so that nobody overtakes. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

export function limitedChatModel(model: ChatModel, gate: CallGate): ChatModel {
  return {
    provider: model.provider,
    model: model.model,
    complete: (request, options = {}) =>
      gate.run(() => model.complete(request, options), options.signal),
  };
}
