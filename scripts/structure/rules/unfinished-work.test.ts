import { expect, it } from "vitest";
import { treeOf } from "../source-tree.ts";
import { unfinishedWork } from "./unfinished-work.ts";

const messagesFor = (path: string, text: string) =>
  unfinishedWork(treeOf({ [path]: text })).map(({ line, message }) => `${line}: ${message}`);

const note = (text: string) => `// TODO ${text}`;

const faults: readonly [string, string, string][] = [
  [
    "a note without its condition",
    note("make faster"),
    "1: 'TODO' without its condition; write 'TODO when ...: ...'",
  ],
  [
    "a silenced type checker",
    "/* @ts-ignore */ x;",
    "1: the type checker is silenced; mend the type",
  ],
  [
    "a rule switched off without a reason",
    "// oxlint-disable-next-line no-empty",
    "1: a lint rule is switched off without a reason after ' -- '",
  ],
  [
    "a skipped test",
    "\nit.skip('x', () => {});",
    "2: '.skip' leaves tests out or turns them round; remove it",
  ],
  [
    "a lone suite",
    "describe.concurrent.only('x', () => {});",
    "1: '.only' leaves tests out or turns them round; remove it",
  ],
];

it.each(faults)("finds %s", (_name, text, expected) => {
  expect(messagesFor("packages/a/src/a.test.ts", text)).toEqual([expected]);
});

it("looks for lone tests in contract suites too", () => {
  expect(messagesFor("packages/testkit/src/contract/a.ts", "it.only('x', f);")).toHaveLength(1);
});

it.each([
  ["a note with its condition", note("when the reader supports deletion vectors: use them")],
  ["a rule switched off with a reason", "// oxlint-disable-next-line no-empty -- nothing to do"],
  ["a condition for a suite", "describe.skipIf(!server)('x', () => {});"],
  ["a method of something else", "stream.skip(3); rows.only(2); const word = 'TODO';"],
])("accepts %s", (_name, text) => {
  expect(messagesFor("packages/a/src/a.test.ts", text)).toEqual([]);
});
