import type { TraceSpan } from "@scouter/sdk";
import { describe, expect, it } from "vitest";
import { spanTree } from "./span-tree.ts";
import { oneLine, shorten, table } from "./table.ts";
import { durationMs, formatDuration, formatPercent } from "./time.ts";

describe("table", () => {
  it("aligns columns and ends lines without blanks", () => {
    const rows = [
      { name: "a", count: 1 },
      { name: "longer name", count: 100 },
    ];
    expect(
      table(rows, [
        { title: "name", value: (row) => row.name },
        { title: "count", value: (row) => String(row.count), align: "right" },
      ]).split("\n"),
    ).toEqual(["NAME         COUNT", "a                1", "longer name    100"]);
  });

  it("keeps text of others from moving the reader's cursor", () => {
    const evil = "a\u001B[2Jb\nc\u2028d\u009Be";
    expect(oneLine(evil)).toBe("a [2Jb c d e");
    const rendered = table([evil], [{ title: "t", value: (row) => row }]);
    expect(rendered.split("\n")).toHaveLength(2);
  });

  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["abcd", undefined, "abcd"],
  ])("shortens '%s' to %s", (text, maximum, expected) => {
    expect(shorten(text, maximum)).toBe(expected);
  });
});

describe("time", () => {
  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", 1000],
    ["2026-01-01T00:00:00.000000001Z", "2026-01-01T00:00:00.000500001Z", 0.5],
    ["2026-01-01T00:00:59.999999Z", "2026-01-01T00:01:00.000001Z", 0.002],
    ["2026-01-01T01:00:00.5+01:00", "2026-01-01T00:00:00.75Z", 250],
  ])("from %s to %s are %s ms", (start, end, expected) => {
    expect(durationMs(start, end)).toBe(expected);
  });

  it.each([
    [0, "0.00 ms"],
    [0.4239, "0.42 ms"],
    [12.345, "12.3 ms"],
    [999.4, "999 ms"],
    [1500, "1.50 s"],
    [125_000, "2 min 5 s"],
  ])("writes %s ms as %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it("writes ratios as per cent", () => {
    expect(formatPercent(0.9251)).toBe("92.5 %");
  });
});

function span(name: string, depth: number, attributes: Record<string, unknown> = {}): TraceSpan {
  return {
    trace_id: "t",
    span_id: name,
    parent_span_id: null,
    span_name: name,
    span_kind: "INTERNAL",
    start_time: "2026-01-01T00:00:00Z",
    end_time: "2026-01-01T00:00:00.0105Z",
    duration_ms: 10,
    status_code: name === "tool" ? 2 : 0,
    status_message: name === "tool" ? "no such column" : null,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: value as string })),
    events: [],
    links: [],
    depth,
    path: [],
    root_span_id: "root",
    service_name: "s",
    span_order: 0,
    input: null,
    output: null,
  };
}

describe("spanTree", () => {
  it("draws branches, and says what the attributes of generative AI say", () => {
    const spans = [
      span("root", 0),
      span("chat", 1, {
        "gen_ai.request.model": "m",
        "gen_ai.response.model": "m-1",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 3,
        "gen_ai.response.finish_reasons": ["stop", "length"],
      }),
      span("http", 2),
      span("tool", 1, { "error.type": "UNKNOWN" }),
      span("orphan", 0),
    ];
    expect(spanTree(spans).split("\n")).toEqual([
      "root        10.5 ms  unset",
      "├─ chat     10.5 ms  unset  m-1; tokens 12 in, 3 out; finish stop,length",
      "│  └─ http  10.5 ms  unset",
      "└─ tool     10.5 ms  error  UNKNOWN; no such column",
      "orphan      10.5 ms  unset",
    ]);
  });

  it("draws nothing for no spans", () => {
    expect(spanTree([])).toBe("");
  });
});
