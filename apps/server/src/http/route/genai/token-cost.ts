import type { PriceOf } from "@scouter/evaluate";
import type { GenAiGroup } from "@scouter/lake";
import { UNKNOWN_MODEL } from "./genai-json.ts";
import type { ModelPricing } from "./genai-query.ts";

/** US dollars for the tokens of a group of one model; null when no price is known. */
export type CostOf = (group: GenAiGroup) => number | null;

export function modelOf(group: GenAiGroup): string {
  return group.key.model ?? UNKNOWN_MODEL;
}

/**
 * By the caller's price of the model, else by the server's list, which is dated and that an operator may override. The list
 * knows no prices of caches: there cached tokens cost what others do.
 *
 * Input tokens include cached ones, so those are not paid for twice.
 */
export function tokenCost(pricing: ModelPricing, priceOf: PriceOf): CostOf {
  return (group) => {
    const model = modelOf(group);
    const own = Object.hasOwn(pricing, model) ? pricing[model] : undefined;
    if (own !== undefined) {
      const cached = group.cacheReadTokens + group.cacheWriteTokens;
      return (
        (Math.max(0, group.inputTokens - cached) * own.input_per_million +
          group.outputTokens * own.output_per_million +
          group.cacheWriteTokens * own.cache_creation_per_million +
          group.cacheReadTokens * own.cache_read_per_million) /
        1e6
      );
    }
    const listed = priceOf(vendorOf(group.key.provider ?? ""), model);
    if (listed === undefined) return null;
    const { inputUsdPerMillion, outputUsdPerMillion } = listed;
    return (
      (group.inputTokens * inputUsdPerMillion + group.outputTokens * outputUsdPerMillion) / 1e6
    );
  };
}

/** Conventions name a vendor's platform, such as `azure.ai.openai`; prices name the vendor. */
function vendorOf(provider: string): string {
  const name = provider.toLowerCase();
  if (name.includes("openai")) return "openai";
  if (name.includes("anthropic")) return "anthropic";
  return /google|gemini|gcp|vertex/.test(name) ? "google" : name;
}
