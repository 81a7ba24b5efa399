import { isScouterError, type Clock } from "@scouter/contracts";
import type { ChatModel } from "../port/chat-model.ts";

/** A vendor that asks for more is tried again all the same: the answer may have changed. */
const MAX_PAUSE_MS = 60_000;
/** Calls that were refused together ask for the same pause within this; a shorter pause is over before others hear of it. */
const SAME_PAUSE_MS = 250;

/** A pause that a vendor asked for. One serves all models of a provider: its limits are per account. */
export class ProviderPause {
  readonly #clock: Clock;
  #untilMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Longer pauses win; a shorter one that was asked for later takes nothing back. Returns whether this one is worth telling
   * others: it ends later than what was known, by more than calls that were refused together differ.
   */
  ask(ms: number): boolean {
    const untilMs = this.#clock.monotonicMs() + Math.min(ms, MAX_PAUSE_MS);
    const isNews = ms > SAME_PAUSE_MS && untilMs > this.#untilMs + SAME_PAUSE_MS;
    this.#untilMs = Math.max(this.#untilMs, untilMs);
    return isNews;
  }

  /** Resolves when the pause is over, at once when there is none. Rejects with the signal's reason. */
  async over(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const leftMs = this.#untilMs - this.#clock.monotonicMs();
      if (leftMs <= 0) return;
      await this.#clock.sleep(leftMs, signal);
    }
  }
}

/**
 * A model that is left alone while its provider asked for a pause, whichever judge heard of it (`Retry-After`).
 *
 * @param onAsked told once of each pause that this model's calls were asked for
 */
export function pausedChatModel(
  model: ChatModel,
  pause: ProviderPause,
  onAsked: (ms: number) => void = () => undefined,
): ChatModel {
  return {
    provider: model.provider,
    model: model.model,
    async complete(request, options = {}) {
      await pause.over(options.signal);
      try {
        return await model.complete(request, options);
      } catch (error) {
        if (isScouterError(error) && error.kind === "busy" && error.retryAfterMs !== undefined) {
          if (pause.ask(error.retryAfterMs)) onAsked(error.retryAfterMs);
        }
        throw error;
      }
    },
  };
}
