import { spanSourceContract } from "../contract/span-source.ts";
import { InMemorySpanSource } from "./in-memory-span-source.ts";

spanSourceContract("in memory", () => {
  const source = new InMemorySpanSource();
  return Promise.resolve({
    source,
    store: (spans) => {
      source.add(...spans);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
