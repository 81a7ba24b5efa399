import { isScouterError, type Clock, type ScouterError } from "@scouter/contracts";
import type { ChatModel } from "../port/chat-model.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** 0..1, spreads the pauses of many judges that were refused at once. Default: always 1, no spread. */
  readonly random?: (() => number) | undefined;
}

const BASE_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** A vendor that asks for more is not waited for: the record may be evaluated again later. */
const MAX_ASKED_PAUSE_MS = 60_000;

/**
 * A model that is asked again after errors that may pass (`busy`, `timeout`, `unavailable`): after the pause the vendor
 * asks for, else after 0.5 s, doubled each time, at most 30 s, of which up to half is left to chance.
 */
export function retryingChatModel(model: ChatModel, options: RetryOptions): ChatModel {
  const { clock, maxRetries, random = () => 1 } = options;
  return {
    provider: model.provider,
    model: model.model,
    async complete(request, { signal } = {}) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await model.complete(request, signal === undefined ? {} : { signal });
        } catch (error) {
          signal?.throwIfAborted();
          const pauseMs = pauseAfter(error, attempt, random);
          if (attempt >= maxRetries || pauseMs === undefined) throw error;
          await clock.sleep(pauseMs, signal);
        }
      }
    },
  };
}

function pauseAfter(error: unknown, attempt: number, random: () => number): number | undefined {
  if (!isScouterError(error) || !mayPass(error)) return undefined;
  const asked = error.retryAfterMs;
  if (asked !== undefined) return asked <= MAX_ASKED_PAUSE_MS ? asked : undefined;
  const pauseMs = Math.min(MAX_PAUSE_MS, BASE_PAUSE_MS * 2 ** Math.min(attempt, 20));
  return pauseMs * (0.5 + random() / 2);
}

/** A spent budget is `busy` too, but for a day. */
function mayPass(error: ScouterError): boolean {
  return error.retryable && error.code !== "EVALUATE_BUDGET_SPENT";
}
