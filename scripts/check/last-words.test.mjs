import { expect, it } from "vitest";
import { LastWords } from "./last-words.mjs";

function lastWords(...chunks) {
  const words = new LastWords();
  for (const chunk of chunks) words.add(chunk);
  return words.text();
}

it.each([
  ["", ""],
  ["a warning\nanother one\n", ""],
  [
    "a warning\n#\n# Fatal error in , line 0\n# Check failed: node->IsInUse().\n#\n 1: 0x942cf1 [node]\n",
    "# Fatal error in , line 0\n# Check failed: node->IsInUse().\n 1: 0x942cf1 [node]",
  ],
  [
    "<--- Last few GCs --->\n\u001b[31mFATAL ERROR: Reached heap limit\u001b[39m\n 1: 0x1\n",
    "FATAL ERROR: Reached heap limit\n 1: 0x1",
  ],
  ["FATAL ERROR: it\n⎯⎯⎯ Unhandled Error ⎯⎯⎯\nError: it died\n", "FATAL ERROR: it"],
  [
    "node[7]: Assertion `(env) != nullptr' failed.\n",
    "node[7]: Assertion `(env) != nullptr' failed.",
  ],
])("of %j", (text, expected) => {
  expect(lastWords(text)).toBe(expected);
});

it("come in pieces, and much is said before and after them", () => {
  const before = Array.from({ length: 5_000 }, (_, index) => `warning ${index}\n`);
  const after = Array.from({ length: 5_000 }, (_, index) => `${index}\n`);
  const lines = lastWords(...before, "# Fatal er", "ror in\n", ...after).split("\n");
  expect(lines).toHaveLength(30);
  expect(lines.slice(0, 3)).toEqual(["# Fatal error in", "0", "1"]);
});
