import { expect, it } from "vitest";
import { missingOptional, platformEntry, withPlatformPackages } from "./platform-packages.mjs";

const parent = (optionalDependencies) => ({ version: "1.0.0", optionalDependencies });

it.each([
  [
    "@duckdb/node-bindings-darwin-arm64",
    { version: "1.5.6-r.1", cpu: ["arm64"], optional: true, os: ["darwin"] },
  ],
  [
    "@oxfmt/binding-linux-arm-musleabihf",
    { version: "1.5.6-r.1", cpu: ["arm"], libc: ["musl"], optional: true, os: ["linux"] },
  ],
  [
    "@oxfmt/binding-win32-ia32-msvc",
    { version: "1.5.6-r.1", cpu: ["ia32"], optional: true, os: ["win32"] },
  ],
  ["bufferutil", undefined],
])("reads the platform from the name %s", (name, entry) => {
  expect(platformEntry({ name, version: "1.5.6-r.1", parent: "node_modules/a" }, {})).toEqual(
    entry,
  );
});

it("does not guess a version from a range", () => {
  const missing = { name: "a-linux-x64", version: "^1.0.0", parent: "node_modules/a" };
  expect(platformEntry(missing, {})).toBeUndefined();
});

it("looks for an entry as Node does: in the parent's folder, then further out", () => {
  const packages = {
    "": {},
    "node_modules/a": parent({ inner: "1.0.0", outer: "1.0.0", none: "1.0.0" }),
    "node_modules/a/node_modules/inner": {},
    "node_modules/outer": {},
    "node_modules/b/node_modules/none": {},
  };
  expect(missingOptional(packages).map(({ name }) => name)).toEqual(["none"]);
});

it("adds what is missing in npm's order, keeps the rest, and is done after one pass", () => {
  const lock = {
    lockfileVersion: 3,
    packages: {
      "": {},
      "node_modules/a": { ...parent({ "a-linux-x64": "2.0.0", odd: "1.0.0" }), dev: true },
      "node_modules/b": {},
    },
  };
  const first = withPlatformPackages(lock);
  expect(first.unknown).toEqual(["odd"]);
  expect(Object.keys(first.lock.packages)).toEqual([
    "",
    "node_modules/a",
    "node_modules/a-linux-x64",
    "node_modules/b",
  ]);
  expect(first.lock.packages["node_modules/a-linux-x64"].dev).toBe(true);
  expect(withPlatformPackages(first.lock).lock).toEqual(first.lock);
});
