import { expect, it } from "vitest";
import { parsedModule } from "./parsed-module.ts";
import { treeOf } from "./source-tree.ts";

it("lists every kind of import with its line", () => {
  const text = `import "side-effect";
import type { A } from "types";
import { type B, c } from "mixed";
export { d } from "export";
export type { E } from "export-types";
const lazy = () => import("lazy");
const unknown = (name: string) => import(name);
// import "comment";
const text = 'import "string"';
const loader = \`import("template")\`;`;
  const imports = parsedModule(treeOf({ "a.ts": text }), "a.ts").imports;
  expect(imports.map((i) => [i.specifier, i.line, i.typeOnly, i.dynamic])).toEqual([
    ["side-effect", 1, false, false],
    ["types", 2, true, false],
    ["mixed", 3, false, false],
    ["export", 4, false, false],
    ["export-types", 5, true, false],
    ["lazy", 6, false, true],
  ]);
});

it("names the file that cannot be parsed", () => {
  expect(() => parsedModule(treeOf({ "a.ts": "const = ;" }), "a.ts")).toThrow(/cannot parse a\.ts/);
});
