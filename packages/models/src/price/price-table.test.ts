import { describe, expect, it } from "vitest";
import { LIST_PRICES, PRICES_AS_OF, priceTable } from "./price-table.ts";

describe("priceTable", () => {
  const priceOf = priceTable([
    { provider: "openai", model: "gpt-4o", inputUsdPerMillion: 1, outputUsdPerMillion: 2 },
    { provider: "local", model: "llama", inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
  ]);

  it.each<[string, string, number | undefined]>([
    ["openai", "gpt-4o", 1],
    ["openai", "gpt-4o-2024-08-06", 1],
    ["openai", "gpt-4o-mini", 0.15],
    ["openai", "gpt-4o-mini-2024-07-18", 0.15],
    ["openai", "gpt-4o-audio-preview", undefined],
    ["anthropic", "claude-haiku-4-5-20251001", 1],
    ["google", "gemini-2.0-flash-001", 0.1],
    ["google", "gpt-4o", undefined],
    ["local", "llama", 0],
    ["local", "other", undefined],
  ])("%s %s", (provider, model, inputUsdPerMillion) => {
    expect(priceOf(provider, model)?.inputUsdPerMillion).toBe(inputUsdPerMillion);
  });

  it("lists every model once, with the date it was looked through", () => {
    const names = LIST_PRICES.map(({ provider, model }) => `${provider}/${model}`);
    expect(new Set(names).size).toBe(names.length);
    expect(Number.isNaN(Date.parse(PRICES_AS_OF))).toBe(false);
  });
});
