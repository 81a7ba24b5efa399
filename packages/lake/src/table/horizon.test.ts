import { join } from "node:path";
import { openLocalObjectStore } from "@scouter/delta";
import { describe, expect, it } from "vitest";
import { lakeFixture } from "../traces/lake.fixture.ts";
import { checkHorizon } from "./horizon.ts";
import { openSpanDelta, summaryTableDefinition } from "./span-delta.ts";

const MINUTE_MS = 60_000;
const use = { refreshIntervalMs: 10_000, queryLimitMs: MINUTE_MS };

describe("the horizons of a table", () => {
  it.each([
    ["too short for files", 79_999, 86_400_000, "delta.deletedFileRetentionDuration"],
    ["too short for commits", 86_400_000, 79_999, "delta.logRetentionDuration"],
  ])("are %s", (_name, deletedFileRetentionMs, logRetentionMs, property) => {
    const check = () => checkHorizon("t", { deletedFileRetentionMs, logRetentionMs }, use);
    expect(check).toThrow(
      `table 't' keeps what ${property} says for 79.999 s: expected at least 80 s`,
    );
  });

  it("are long enough when they are just so", () => {
    const least = { deletedFileRetentionMs: 80_000, logRetentionMs: 80_000 };
    expect(() => checkHorizon("t", least, use)).not.toThrow();
  });

  it.each([
    ["trace_spans", undefined],
    ["trace_summaries", summaryTableDefinition],
  ])("are looked at when the lake is opened: %s", async (name, definition) => {
    const fixture = await lakeFixture();
    try {
      const store = await openLocalObjectStore(join(fixture.root, name));
      const table = await openSpanDelta(store, undefined, definition);
      await table.setProperties({ "delta.deletedFileRetentionDuration": "interval 30 seconds" });
      const again = lakeFixture({ root: fixture.root });
      // A configuration that cannot work: the server's main program ends with 2 for this kind.
      await expect(again).rejects.toMatchObject({
        code: "LAKE_HORIZON_TOO_SHORT",
        kind: "invalid",
      });
    } finally {
      await fixture.close();
    }
  });
});
