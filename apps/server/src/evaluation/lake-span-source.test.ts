import { InMemorySpanSource } from "@scouter/testkit/span-source/in-memory-span-source";
import { spanSourceContract } from "@scouter/testkit/contract/span-source";
import { expect, it } from "vitest";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { spanRow } from "../../test/fake/span-rows.ts";
import { lakeSpanSource } from "./lake-span-source.ts";

spanSourceContract("lake", () => {
  const lake = new FakeLake();
  // Order and repeats are the lake's own business, which its tests look at.
  const stored = new InMemorySpanSource();
  return Promise.resolve({
    source: lakeSpanSource(lake),
    store: async (spans) => {
      stored.add(...spans);
      for (const { traceId } of spans) {
        lake.spans.set(traceId, (await stored.spansOf(traceId)).map(spanRow));
      }
    },
    close: () => Promise.resolve(),
  });
});

it("reads what plain JSON cannot hold as text, and times to the microsecond", async () => {
  const lake = new FakeLake();
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const span = {
    traceId,
    spanId: "00000000000000aa",
    name: "a",
    serviceName: "s",
    startTimeMs: 1_735_689_600_000,
    endTimeMs: 1_735_689_600_000,
    status: "Ok" as const,
    attributes: {},
  };
  const attributes = new Map([["big", '{"intValue":"9007199254740993"}']]);
  const endTimeUnixNano = 1_735_689_600_012_500_000n;
  lake.spans.set(traceId, [{ ...spanRow(span), attributes, endTimeUnixNano }]);
  const [read] = await lakeSpanSource(lake).spansOf(traceId);
  expect(read).toMatchObject({
    attributes: { big: "9007199254740993" },
    endTimeMs: 1_735_689_600_012.5,
  });
});
