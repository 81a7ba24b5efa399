import { describe, expect, it } from "vitest";
import { errors } from "../errors.ts";
import { errorSourceOf } from "./error-source.ts";

const withFields = (fields: object, message = "x") => Object.assign(new Error(message), fields);
const circle = withFields({});
circle.cause = circle;

describe("errorSourceOf", () => {
  it.each<[string, unknown, string]>([
    ["a bug", new TypeError("x is undefined"), "agent"],
    ["an answer of 400", withFields({ status: 400 }), "agent"],
    [
      "an answer of 401: a key that is missing is mended by its owner",
      withFields({ statusCode: 401 }),
      "agent",
    ],
    ["too many requests", withFields({ statusCode: 429 }), "provider"],
    ["an overloaded model", withFields({ status: 529 }), "provider"],
    ["a connection that was refused", withFields({ code: "ECONNREFUSED" }), "provider"],
    [
      "fetch's own error",
      new TypeError("fetch failed", { cause: withFields({ code: "ENOTFOUND" }) }),
      "provider",
    ],
    [
      "all tries of a client",
      withFields({ lastError: withFields({ statusCode: 503 }) }),
      "provider",
    ],
    [
      "errors together",
      new AggregateError([new Error("a"), withFields({ code: "ETIMEDOUT" })]),
      "provider",
    ],
    ["one of ours", errors.EVALUATE_JUDGE_TIMEOUT({ model: "m", waitedMs: 1 }), "provider"],
    ["an error that says so", withFields({ errorSource: "harness", status: 503 }), "harness"],
    ["one that says nonsense", withFields({ errorSource: "nobody" }), "agent"],
    ["a text", "no", "agent"],
    ["nothing", undefined, "agent"],
    ["a circle", circle, "agent"],
  ])("%s", (_name, error, source) => {
    expect(errorSourceOf(error)).toBe(source);
  });
});
