import { expect, it } from "vitest";
import { treeOf } from "../source-tree.ts";
import { packageArrows } from "./package-arrows.ts";

const manifest = (name: string, subpaths: Record<string, string> = { ".": "./src/index.ts" }) =>
  JSON.stringify({
    name,
    exports: Object.fromEntries(
      Object.entries(subpaths).map(([path, source]) => [path, { "scouter-source": source }]),
    ),
  });

const HOUSE = {
  "@x/low": { mayImport: [] },
  "@x/high": { mayImport: ["@x/low", "@x/heavy"], onlyLazily: ["@x/heavy"] },
  "@x/heavy": { mayImport: [] },
  "@scouter/testkit": { mayImport: ["@x/low"] },
};

const PACKAGES = {
  "packages/low/package.json": manifest("@x/low"),
  "packages/low/src/index.ts": "export const low = 1;",
  "packages/heavy/package.json": manifest("@x/heavy"),
  "packages/heavy/src/index.ts": "export const heavy = 1;",
  "packages/testkit/package.json": manifest("@scouter/testkit", { "./*": "./src/*.ts" }),
  "packages/testkit/src/contract/low.ts": `import { low } from "@x/low"; export { low };`,
  "apps/high/package.json": manifest("@x/high"),
};

const cases: readonly [string, Record<string, string>, string | undefined][] = [
  ["an allowed arrow", { "apps/high/src/a.ts": `import "@x/low";` }, undefined],
  [
    "an arrow that points the wrong way",
    { "packages/low/src/a.ts": `import type { T } from "@x/high";`, "apps/high/src/index.ts": "" },
    "@x/low may not import @x/high; allowed: none",
  ],
  [
    "a relative import that leaves the package",
    { "packages/low/src/a.ts": `import "../../heavy/src/index.ts";` },
    "'../../heavy/src/index.ts' leaves the package; import the other package by its name",
  ],
  [
    "an import of private parts",
    { "apps/high/src/a.ts": `import "@x/low/src/index.ts";` },
    "'@x/low/src/index.ts' is not exported by packages/low/package.json",
  ],
  [
    "an import of the own package by name",
    { "packages/low/src/a.ts": `import "@x/low";` },
    "imports its own package by name; import the file",
  ],
  [
    "the test kit in shipped code",
    { "packages/low/src/a.ts": `import "@scouter/testkit/contract/low";` },
    "@x/low may not import @scouter/testkit; allowed: none",
  ],
  [
    "the test kit in a test",
    { "packages/low/src/a.test.ts": `import "@scouter/testkit/contract/low";` },
    undefined,
  ],
  ["a lazy import", { "apps/high/src/a.ts": `void import("@x/heavy");` }, undefined],
  [
    "the types of a lazy package",
    { "apps/high/src/a.ts": `import type { heavy } from "@x/heavy";` },
    undefined,
  ],
  [
    "a static import of a lazy package",
    { "apps/high/src/a.ts": `import "@x/heavy";` },
    "@x/heavy must be loaded by import() here, where it is needed",
  ],
];

it.each(cases)("%s", (_name, files, message) => {
  const messages = packageArrows(treeOf({ ...PACKAGES, ...files }), HOUSE).map((f) => f.message);
  expect(messages).toEqual(message === undefined ? [] : [message]);
});

it("asks for a row in the plan for a new package", () => {
  const tree = treeOf({ "packages/new/package.json": manifest("@x/new") });
  expect(packageArrows(tree, HOUSE).map(({ message }) => message)).toEqual([
    "package '@x/new' has no row in the house plan (scripts/structure/house.ts)",
  ]);
});
