import { expect, it } from "vitest";
import { treeOf } from "../structure/source-tree.ts";
import { moduleName, moduleText, pointAtPages, runnableBlocks } from "./runnable-blocks.ts";

const PAGE = ["# Title", "```ts run", "const a = 1;", "```", "", "````sh run", "ls", "```", "````"];

it("finds the marked blocks with their lines, and leaves the others", () => {
  const tree = treeOf({
    "docs/a.md": PAGE.join("\n"),
    "README.md": "```ts\nnot run\n```\n\n~~~sh\nnot run\n~~~\n",
    "docs/a.ts": "```ts run",
  });
  expect(runnableBlocks(tree)).toEqual([
    { page: "docs/a.md", line: 3, language: "ts", code: "const a = 1;" },
    { page: "docs/a.md", line: 7, language: "sh", code: "ls\n```" },
  ]);
});

it("refuses a language that it cannot run", () => {
  const tree = treeOf({ "a.md": "```python run\n```" });
  expect(() => runnableBlocks(tree)).toThrow("a.md:2: cannot run 'python'; expected ts or sh");
});

it("keeps the page's line numbers and name in messages", () => {
  const block = {
    page: "docs/a.md",
    line: 3,
    language: "ts",
    code: "const a: string = 1;",
  } as const;
  expect(moduleText(block).split("\n")[2]).toBe(block.code);
  const message = `.scouter-x/${moduleName(block)}(3,7): error TS2322: no`;
  expect(pointAtPages(message, [block])).toBe("docs/a.md(3,7): error TS2322: no");
});
