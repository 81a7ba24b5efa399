import { expect, it } from "vitest";
import { treeOf } from "../source-tree.ts";
import { declaredDependencies } from "./declared-dependencies.ts";

const root = JSON.stringify({ devDependencies: { vitest: "1.0.0" } });

function messagesFor(manifest: object, files: Record<string, string>): readonly string[] {
  const tree = treeOf({
    "package.json": root,
    "packages/a/package.json": JSON.stringify({ name: "@x/a", version: "0.1.0", ...manifest }),
    "packages/b/package.json": JSON.stringify({ name: "@x/b", version: "0.2.0" }),
    ...files,
  });
  return declaredDependencies(tree).map(({ message }) => message);
}

it("accepts what is declared and used, in code, in tests and by name", () => {
  const manifest = {
    dependencies: { zod: "4.0.0", "data-set": "1.0.0", "@x/b": "0.2.0" },
    devDependencies: { "fast-check": "4.0.0", "@types/pg": "8.0.0" },
    peerDependencies: { "@opentelemetry/api": ">=1.9.0 <2" },
  };
  const files = {
    "packages/a/src/a.ts": `import "zod"; import fs from "node:fs"; import "@x/b/deep";
      import "@opentelemetry/api"; export const file = require.resolve("data-set/cars.json");`,
    "packages/a/src/a.test.ts": `import "vitest"; import "fast-check"; import "./a.ts";`,
  };
  expect(messagesFor(manifest, files)).toEqual([]);
});

it("finds an import that is not declared", () => {
  expect(messagesFor({}, { "packages/a/src/a.ts": `import "@scope/lib/deep";` })).toEqual([
    "'@scope/lib' is not declared; add it to dependencies of packages/a/package.json",
  ]);
});

it("does not let shipped code use what is declared for tests", () => {
  const files = { "packages/a/src/a.ts": `import "vitest"; import "fast-check";` };
  expect(messagesFor({ devDependencies: { "fast-check": "4.0.0" } }, files)).toEqual([
    "'vitest' is not declared; add it to dependencies of packages/a/package.json",
    "'fast-check' is not declared; add it to dependencies of packages/a/package.json",
  ]);
});

it("finds a dependency that only a test uses, and one that nothing uses", () => {
  const manifest = { dependencies: { zod: "4.0.0" }, devDependencies: { pg: "8.0.0" } };
  const files = { "packages/a/src/a.test.ts": `import "zod";` };
  expect(messagesFor(manifest, files)).toEqual([
    "'zod' is declared but not imported",
    "'pg' is declared but not imported",
  ]);
});

it("wants exact versions and the repository's own version of its packages", () => {
  const manifest = { dependencies: { zod: "^4.0.0", "@x/b": "0.1.0" } };
  const files = { "packages/a/src/a.ts": `import "zod"; import "@x/b";` };
  expect(messagesFor(manifest, files)).toEqual([
    "'zod' has the range '^4.0.0'; state one exact version",
    "'@x/b' is '0.1.0' here but 0.2.0 in this repository",
  ]);
});

it("wants the node: prefix", () => {
  expect(messagesFor({}, { "packages/a/src/a.ts": `import "fs";` })).toEqual([
    "write 'node:fs' for Node's own module",
  ]);
});
