import type { AssertionTaskInput, Json } from "@scouter/contracts";

type Outcome = "passed" | "failed" | "errored";
type Operator = AssertionTaskInput["operator"];

/** The document that most cases are about. */
export const goldenContext: Json = {
  steps: ["plan", "fetch", "write"],
  state: "under_review",
  info: {
    owner: "acct_907",
    level: "urgent",
    labels: ["red", "night"],
    box: { inner: { leaf: "kernel" } },
  },
  totals: { all: 58, done: 21 },
  none_yet: [],
  lone: ["solo"],
};

/** Where a path leads in `goldenContext`. */
export const pathCases: readonly (readonly [string, Json])[] = [
    ["state", "under_review"],
    ["steps", ["plan", "fetch", "write"]],
    ["steps[0]", "plan"],
    ["steps[2]", "write"],
    ["info.labels[1]", "night"],
    ["info.box.inner.leaf", "kernel"],
    ["totals.all", 58],
    ["none_yet", []],
    ["lone[0]", "solo"],
];

/** Paths of `goldenContext` under an operator. */
export const operatorCases: readonly (readonly [string, Operator, Json, Outcome])[] = [
    ["info.level", "Equals", "urgent", "passed"],
    ["info.level", "Equals", "low", "failed"],
    ["state", "NotEqual", "closed", "passed"],
    ["state", "NotEqual", "under_review", "failed"],
    ["totals.all", "GreaterThan", 50, "passed"],
    ["totals.all", "GreaterThan", 60, "failed"],
    ["totals.done", "LessThan", 30, "passed"],
    ["totals.done", "LessThan", 20, "failed"],
    ["steps", "HasLengthEqual", 3, "passed"],
    ["steps", "HasLengthEqual", 5, "failed"],
    ["steps", "HasLengthGreaterThanOrEqual", 2, "passed"],
    ["steps", "HasLengthGreaterThanOrEqual", 3, "passed"],
    ["steps", "HasLengthLessThanOrEqual", 5, "passed"],
    ["steps", "HasLengthLessThanOrEqual", 3, "passed"],
    ["none_yet", "HasLengthEqual", 0, "passed"],
    ["info.labels", "Contains", "night", "passed"],
    ["info.labels", "Contains", "day", "failed"],
    ["state", "Contains", "review", "passed"],
    ["info.labels", "NotContains", "day", "passed"],
    ["info.labels", "NotContains", "night", "failed"],
    ["state", "StartsWith", "under_", "passed"],
    ["state", "StartsWith", "closed", "failed"],
    ["state", "EndsWith", "_review", "passed"],
    ["state", "EndsWith", "_pending", "failed"],
    ["state", "Matches", "^under_.*$", "passed"],
    ["state", "Matches", "^closed.*$", "failed"],
    ["info.owner", "Matches", "^acct_\\d+$", "passed"],
    ["nonexistent.field", "Equals", "any", "errored"],
    ["totals.all", "StartsWith", "5", "errored"],
];

/** Whole contexts under an operator. */
export const valueCases: readonly (readonly [Json, Operator, Json, Outcome])[] = [
    [42, "IsNumeric", null, "passed"],
    ["hello", "IsString", null, "passed"],
    [[1, 2, 3], "IsArray", null, "passed"],
    [{ mode: "on" }, "Equals", { mode: "on" }, "passed"],
    ["not_a_number", "GreaterThan", 10, "failed"],
    [85.5, "GreaterThanOrEqual", 85.0, "passed"],
    ["ninechars", "HasLengthEqual", 9, "passed"],
    ["user@example.com", "IsEmail", null, "passed"],
    ["not-an-email", "IsEmail", null, "failed"],
    ["https://example.com", "IsUrl", null, "passed"],
    ["550e8400-e29b-41d4-a716-446655440000", "IsUuid", null, "passed"],
    ["2024-01-05T10:30:00Z", "IsIso8601", null, "passed"],
    ['{"key": "value"}', "IsJson", null, "passed"],
    [75, "InRange", [0, 100], "passed"],
    [150, "InRange", [0, 100], "failed"],
    [42, "IsPositive", null, "passed"],
    [-42, "IsNegative", null, "passed"],
    [["rust", "python", "javascript", "go"], "ContainsAll", ["rust", "python"], "passed"],
    [["rust", "python"], "ContainsAny", ["python", "java", "c++"], "passed"],
    [[], "IsEmpty", null, "passed"],
    [[1, 2, 3, 4], "HasUniqueItems", null, "passed"],
    [[1, 2, 2, 3], "HasUniqueItems", null, "failed"],
    ["HelloWorld", "IsAlphabetic", null, "passed"],
    ["Hello123", "IsAlphanumeric", null, "passed"],
    ["hello world", "IsLowerCase", null, "passed"],
    ["HELLO WORLD", "IsUpperCase", null, "passed"],
    ["The quick brown fox", "ContainsWord", "quick", "passed"],
    ["The quickly brown fox", "ContainsWord", "quick", "failed"],
    [100.5, "ApproximatelyEquals", [100.0, 1.0], "passed"],
    [102.0, "ApproximatelyEquals", [100.0, 1.0], "failed"],
];

/** Arrays, item by item or as a whole. */
export const arrayCases: readonly (readonly [Json, string | null, Operator, Json, Outcome])[] = [
    [[{ my_key: 10 }, { my_key: 7 }], "my_key", "GreaterThanOrEqual", 5, "passed"],
    [[{ my_key: 10 }, { my_key: 3 }], "my_key", "GreaterThanOrEqual", 5, "failed"],
    [[{ my_key: 10 }, { other: 3 }], "my_key", "GreaterThanOrEqual", 5, "failed"],
    [[10, 20, 30], null, "GreaterThan", 5, "passed"],
    [[10, 3, 30], null, "GreaterThan", 5, "failed"],
    [["a@example.com", "b@example.org"], null, "IsEmail", null, "passed"],
    [[5, 10], null, "IsNumeric", null, "failed"],
    [[1, 2, 3], null, "HasLengthEqual", 3, "passed"],
    [{ scores: [8, 9, 7] }, "scores", "GreaterThan", 5, "passed"],
    [{ responses: [] }, "responses", "IsNotEmpty", true, "failed"],
    [{ percentages: [10, 45, 100, 72] }, "percentages", "LessThan", 100, "failed"],
    [{ scores: [5, 8, -1, 7] }, "scores", "GreaterThan", 0, "failed"],
];

/** Cases where the first implementation of the format was wrong, and ours is not. */
export const mendedCases: readonly (readonly [
  string,
  Json,
  string | null,
  Operator,
  Json,
  Outcome,
])[] = [
    [
      "Equals on two arrays is equality, not item by item",
      [1, 2],
      null,
      "Equals",
      [1, 2],
      "passed",
    ],
    ["NotEqual on two arrays is its negation", [1, 2], null, "NotEqual", [1, 2], "failed"],
    ["an empty array equals an empty array", [], null, "Equals", [], "passed"],
    ["an empty array passes no item check", [], null, "Equals", "gpt-4", "failed"],
    ["an empty array passes no item check, negated", [], null, "NotEqual", "gpt-4", "failed"],
    ["an empty array passes no comparison", { s: [] }, "s", "LessThan", 5, "failed"],
    ["an empty root array passes no item check", [], "a", "GreaterThan", 5, "failed"],
    ["NotContains on an array is membership", ["nightly"], null, "NotContains", "night", "passed"],
    ["NotContains takes numbers too", [1, 2], null, "NotContains", 2, "failed"],
    [
      "ContainsNone takes strings as ContainsAny does",
      "a fox",
      null,
      "ContainsNone",
      ["fox"],
      "failed",
    ],
    [
      "5 and 5.0 are equal inside arrays",
      [5],
      null,
      "Contains",
      JSON.parse("5.0") as Json,
      "passed",
    ],
    ["a word may end in another character", "c++ and go", null, "ContainsWord", "c++", "passed"],
    ["a date must exist", "2024-99-99", null, "IsIso8601", null, "failed"],
    ["a URL may have a port and a query", "http://localhost:80?q=1", null, "IsUrl", null, "passed"],
    ["no letters: neither case, and no error", "123", null, "IsLowerCase", null, "failed"],
    ["false asks for the negation", "text", null, "IsString", false, "failed"],
    ["false asks for the negation and gets it", 5, null, "IsString", false, "passed"],
    ["a leading index takes the root's element", [[1], [9]], "[1][0]", "Equals", 9, "passed"],
    ["a wildcard checks each", { a: [{ n: 1 }, { n: 9 }] }, "a[*].n", "LessThan", 9, "failed"],
];
