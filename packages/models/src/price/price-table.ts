import type { PriceOf, TokenPrice } from "@scouter/evaluate";

/** When the list was last looked through. Vendors change prices without notice: check them before you rely on them. */
export const PRICES_AS_OF = "2025-11-30";

export interface PricedModel extends TokenPrice {
  /** Lower case, as prompts name it. */
  readonly provider: string;
  /** Name of the model; dated and numbered versions of it cost the same unless they are listed themselves. */
  readonly model: string;
}

function row(
  provider: string,
  model: string,
  inputUsdPerMillion: number,
  outputUsdPerMillion: number,
): PricedModel {
  return { provider, model, inputUsdPerMillion, outputUsdPerMillion };
}

/** List prices of the vendors' public pages, without caching, batches and long-context surcharges. */
export const LIST_PRICES: readonly PricedModel[] = [
  row("openai", "gpt-4o", 2.5, 10),
  row("openai", "gpt-4o-mini", 0.15, 0.6),
  row("openai", "gpt-4.1", 2, 8),
  row("openai", "gpt-4.1-mini", 0.4, 1.6),
  row("openai", "gpt-4.1-nano", 0.1, 0.4),
  row("openai", "gpt-5", 1.25, 10),
  row("openai", "gpt-5-mini", 0.25, 2),
  row("openai", "gpt-5-nano", 0.05, 0.4),
  row("anthropic", "claude-3-5-haiku", 0.8, 4),
  row("anthropic", "claude-haiku-4-5", 1, 5),
  row("anthropic", "claude-sonnet-4", 3, 15),
  row("anthropic", "claude-sonnet-4-5", 3, 15),
  row("anthropic", "claude-opus-4-1", 15, 75),
  row("anthropic", "claude-opus-4-5", 5, 25),
  row("google", "gemini-2.0-flash", 0.1, 0.4),
  row("google", "gemini-2.5-flash-lite", 0.1, 0.4),
  row("google", "gemini-2.5-flash", 0.3, 2.5),
  row("google", "gemini-2.5-pro", 1.25, 10),
];

/** What may follow the name of a model and leave its price alone: a date, a number, `-latest`. */
const VERSION_SUFFIX = /^(?:[-@](?:\d{3,8}|\d{4}-\d{2}-\d{2}|latest))+$/;

/**
 * Looks prices up: an own row wins over the list's, an exact name over one with a version behind it.
 *
 * ```ts
 * const priceOf = priceTable([
 *   { provider: "openai", model: "gpt-4o", inputUsdPerMillion: 2, outputUsdPerMillion: 8 },
 * ]);
 * ```
 */
export function priceTable(own: readonly PricedModel[] = []): PriceOf {
  return (provider, model) => find(own, provider, model) ?? find(LIST_PRICES, provider, model);
}

function find(rows: readonly PricedModel[], provider: string, model: string) {
  const ofProvider = rows.filter((one) => one.provider === provider);
  return (
    ofProvider.find((one) => one.model === model) ??
    ofProvider.find(
      (one) => model.startsWith(one.model) && VERSION_SUFFIX.test(model.slice(one.model.length)),
    )
  );
}
