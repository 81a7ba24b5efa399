import { expect, it } from "vitest";
import { treeOf } from "../source-tree.ts";
import { fileLength } from "./file-length.ts";
import { folderNames } from "./folder-names.ts";
import { lockFile } from "./lock-file.ts";

it("warns of a file over 500 lines, and only warns", () => {
  const tree = treeOf({ "a.ts": "x;\n".repeat(500), "b.ts": "x;\n".repeat(501) });
  expect(fileLength(tree)).toEqual([
    {
      severity: "warning",
      file: "b.ts",
      message: "501 lines (over 500): can it be split by idea?",
    },
  ]);
});

it("finds folders and files whose name says nothing, each once", () => {
  const tree = treeOf({
    "packages/a/src/utils/x.ts": "",
    "packages/a/src/utils/y.ts": "",
    "packages/a/src/helpers.ts": "",
    "packages/a/src/common-prefix.ts": "",
  });
  expect(folderNames(tree).map(({ file }) => file)).toEqual([
    "packages/a/src/helpers.ts",
    "packages/a/src/utils",
  ]);
});

it("accepts a lock file that names no addresses, links between folders included", () => {
  const text = `{\n"node_modules/@x/a": { "resolved": "packages/a", "link": true }\n}`;
  expect(lockFile(treeOf({ "package-lock.json": text }))).toEqual([]);
});

it("finds a platform's binary that the lock file leaves out", () => {
  const text = JSON.stringify({
    packages: { "node_modules/a": { optionalDependencies: { "a-darwin-arm64": "1.0.0" } } },
  });
  expect(lockFile(treeOf({ "package-lock.json": text })).map(({ message }) => message)).toEqual([
    "has no entry for 'a-darwin-arm64', which node_modules/a may need; run 'npm run lock'",
  ]);
});

it("finds a download address, and a missing lock file", () => {
  const text = `{\n"resolved": "https://registry.example.com/a/-/a-1.0.0.tgz"\n}`;
  expect(lockFile(treeOf({ "package-lock.json": text })).map(({ line }) => line)).toEqual([2]);
  expect(lockFile(treeOf({}))).toHaveLength(1);
});
