import { describe, expect, it } from "vitest";
import { foldedText, isFolder, jsonSummary } from "./json-summary.ts";
import { millisecondsText } from "./milliseconds-text.ts";
import { chipsInWords } from "./chips-in-words.ts";

describe("a JSON value in a line", () => {
  it.each([
    { value: { a: 1, b: 2 }, summary: "{ 2 keys }", folds: true },
    { value: [{ a: 1 }], summary: "[ 1 item ]", folds: true },
    { value: {}, summary: "{}", folds: false },
    { value: [], summary: "[]", folds: false },
    { value: null, summary: "null", folds: false },
    { value: "text", summary: '"text"', folds: false },
  ])("$summary", ({ value, summary, folds }) => {
    expect(jsonSummary(value)).toBe(summary);
    expect(isFolder(value)).toBe(folds);
  });
});

describe("a long text", () => {
  it("is cut and says how much is missing, until it is asked for", () => {
    const text = "x".repeat(1000);
    expect(foldedText(text, false)).toEqual({
      shown: `${"x".repeat(240)}…`,
      hiddenCharacters: 760,
    });
    expect(foldedText(text, true)).toEqual({ shown: text, hiddenCharacters: 0 });
  });

  it("is not cut within a character", () => {
    const { shown, hiddenCharacters } = foldedText(`x${"😀".repeat(200)}`, false);
    expect(shown.isWellFormed()).toBe(true);
    expect(shown.length - 1 + hiddenCharacters).toBe(401);
  });
});

it("less than a millisecond is told as such", () => {
  expect([null, 0, 12].map(millisecondsText)).toEqual(["–", "< 1 ms", "12 ms"]);
});

it("chips in words name what went wrong and leave gates out", () => {
  const chip = (task_id: string, outcome: "passed" | "failed" | "skipped", gate = false) => ({
    task_id,
    outcome,
    gate,
  });
  expect(
    chipsInWords([
      chip("is_question", "failed", true),
      chip("a", "passed"),
      chip("b", "failed"),
      chip("c", "failed"),
      chip("d", "skipped"),
    ]),
  ).toBe("1 passed; failed: b, c; 1 skipped");
});
