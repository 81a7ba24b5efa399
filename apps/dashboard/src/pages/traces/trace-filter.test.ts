import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hasToken,
  parseDurationBound,
  traceFilterQuery,
  withTokenToggled,
  type DurationBound,
} from "./trace-filter.ts";

/** Without what is not asked for. */
function asked(text: string, service?: string) {
  const { query } = traceFilterQuery(text, service);
  return Object.fromEntries(
    Object.entries(query).filter(
      ([, value]) =>
        value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

describe("traceFilterQuery", () => {
  it.each<[string, object]>([
    ["", {}],
    ["service:a service:b status:error", { service: ["a", "b"], status: "error" }],
    ["status:ok status:error", {}],
    ["-status:error", { status: "ok" }],
    [
      "kind:llm name:chat root_name:run model:m",
      { kind: ["llm"], name: ["chat"], root_name: ["run"], model: ["m"] },
    ],
    ["two words", { text: "two words" }],
    ["duration:>500ms duration:<2s", { min_duration_ms: 500, max_duration_ms: 2000 }],
    ["duration:>1s duration>2s late", { min_duration_ms: 2000, text: "late" }],
    ["attr:http.status_code:gt:499", { attr: ["http.status_code:gt:499"] }],
    ['attr:"user name:eq:two words"', { attr: ["user name:eq:two words"] }],
    ["-attr:tier:eq:gold", { attr: ["tier:ne:gold"] }],
  ])("'%s'", (text, expected) => {
    expect(asked(text)).toEqual(expected);
    expect(traceFilterQuery(text, undefined).problems).toEqual([]);
  });

  it.each([
    ["-service:a", "not by what they lack"],
    ["status:bad", "write status:ok or status:error"],
    ["kind:robot", "kinds are agent, llm"],
    ["duration:long", "write a bound such as"],
    ["attr:tier", "write attr:key:eq:value"],
  ])("leaves '%s' out and says why", (text, problem) => {
    expect(asked(text)).toEqual({});
    expect(traceFilterQuery(text, undefined).problems.join()).toContain(problem);
  });

  it("takes the service of the switch until a token names another", () => {
    expect(asked("", "shop")).toEqual({ service: ["shop"] });
    expect(asked("service:cart", "shop")).toEqual({ service: ["cart"] });
  });
});

it.each<[string, DurationBound | undefined]>([
  [">500", { side: "min", ms: 500 }],
  ["<= 2s", { side: "max", ms: 2000 }],
  ["> 1.5 min", { side: "min", ms: 90_000 }],
  ["<250us", { side: "max", ms: 0.25 }],
  ["500ms", undefined],
  [">-1s", undefined],
  [">1 week", undefined],
])("reads the bound '%s'", (text, expected) => {
  expect(parseDurationBound(text)).toEqual(expected);
});

it("a token that is toggled is there, toggled twice it is not, and the others stay", () => {
  const value = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(value, (name) => {
      const before = "status:error -service:x words";
      const once = withTokenToggled(before, "model", name);
      expect(hasToken(once, "model", name)).toBe(true);
      expect(hasToken(once, "status", "error")).toBe(true);
      expect(withTokenToggled(once, "model", name)).toBe(before);
    }),
  );
});
