import { defineErrors } from "@scouter/contracts";

interface ModelCall {
  readonly provider: string;
  readonly model: string;
  /** Such as `status 429 (rate_limit_exceeded)`; never a vendor's free text, which may repeat prompts and keys. */
  readonly reason: string;
}

const message = (p: ModelCall) => `${p.provider} model '${p.model}': ${p.reason}`;

/** The package's error catalogue; every adapter translates its vendor's errors into these. */
export const errors = defineErrors({
  MODELS_RATE_LIMITED: {
    kind: "busy",
    message,
    remedy: "wait as long as the vendor asks, or lower the number of calls at the same time",
  },
  MODELS_TIMEOUT: {
    kind: "timeout",
    message,
    remedy: "try again; raise the time-out if this model is always slow",
  },
  MODELS_UNAVAILABLE: {
    kind: "unavailable",
    message,
    remedy: "try again; check the base URL and the vendor's status page if it goes on",
  },
  MODELS_ANSWER_UNREADABLE: {
    kind: "unavailable",
    message,
    remedy: "try again; check that the base URL speaks the vendor's protocol if it goes on",
  },
  MODELS_UNAUTHORIZED: {
    kind: "unauthorized",
    message,
    remedy: "check the API key and that it may use this model",
  },
  MODELS_REQUEST_REFUSED: {
    kind: "invalid",
    message,
    remedy: "check the model's name, the parameters and the answer's schema",
  },
});
