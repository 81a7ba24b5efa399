import { expect, it } from "vitest";
import { treeOf } from "../source-tree.ts";
import { importCycles } from "./import-cycles.ts";

const manifest = (name: string) =>
  JSON.stringify({ name, exports: { ".": { "scouter-source": "./src/index.ts" } } });

it("accepts a graph without cycles", () => {
  const tree = treeOf({
    "packages/a/src/x.ts": `import { y } from "./y.ts"; export const x = y;`,
    "packages/a/src/y.ts": `export const y = 1;`,
    "packages/a/src/z.ts": `import "./x.ts"; import "./y.ts";`,
  });
  expect(importCycles(tree)).toEqual([]);
});

it("names the files of a cycle of three, from the first in byte order", () => {
  const tree = treeOf({
    "packages/a/src/c.ts": `export * from "./a.ts";`,
    "packages/a/src/a.ts": `import "./b.ts";`,
    "packages/a/src/b.ts": `import type { C } from "./c.ts"; export type D = C;`,
  });
  expect(importCycles(tree)).toEqual([
    {
      severity: "error",
      file: "packages/a/src/a.ts",
      message:
        "import cycle: packages/a/src/a.ts -> packages/a/src/b.ts -> packages/a/src/c.ts -> packages/a/src/a.ts",
    },
  ]);
});

it("finds a file that imports itself, and a cycle closed by import()", () => {
  const tree = treeOf({
    "scripts/self.mjs": `import "./self.mjs";`,
    "scripts/a.mjs": `import "./b.mjs";`,
    "scripts/b.mjs": `export const load = () => import("./a.mjs");`,
  });
  expect(importCycles(tree).map(({ file }) => file)).toEqual(["scripts/a.mjs", "scripts/self.mjs"]);
});

it("follows workspace imports through the packages' exports", () => {
  const tree = treeOf({
    "packages/a/package.json": manifest("@x/a"),
    "packages/a/src/index.ts": `export { deep } from "./deep.ts";`,
    "packages/a/src/deep.ts": `import { b } from "@x/b"; export const deep = b;`,
    "packages/b/package.json": manifest("@x/b"),
    "packages/b/src/index.ts": `import type { deep } from "@x/a"; export const b = 1;`,
  });
  expect(importCycles(tree)).toHaveLength(1);
});
