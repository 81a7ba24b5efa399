import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPinnedNode, majorOf } from "./pinned-node.mjs";
import { checkNodeVersion, checkNpmVersion, needsInstall } from "./prepare-checkout.mjs";

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scouter-checkout-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path, modifiedSeconds, text = "") {
  const full = join(root, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, text);
  utimesSync(full, modifiedSeconds, modifiedSeconds);
  return full;
}

describe("versions", () => {
  it.each([
    ["v24.21.0", 24],
    ["9.8.1", 9],
    ["nonsense", 0],
  ])("%s has major %s", (version, major) => {
    expect(majorOf(version)).toBe(major);
  });

  it("takes Node 20 and newer", () => {
    expect(() => checkNodeVersion("v20.0.0")).not.toThrow();
    expect(() => checkNodeVersion("v18.20.4")).toThrow("Node v18.20.4 is too old: expected 20");
  });

  it("finds npm", () => {
    expect(majorOf(checkNpmVersion())).toBeGreaterThanOrEqual(9);
  });
});

describe("needsInstall", () => {
  const INSTALLED = "node_modules/.package-lock.json";

  it("is true without packages, and after an installation that was cut short", () => {
    expect(needsInstall(root)).toBe(true);
    file("node_modules/left-over/package.json", 10);
    expect(needsInstall(root)).toBe(true);
  });

  it("is true when the lock file is newer than the packages", () => {
    file(INSTALLED, 10);
    file("package-lock.json", 20);
    expect(needsInstall(root)).toBe(true);
  });

  it("is false when the packages are newer, or when there is no lock file", () => {
    file(INSTALLED, 20);
    expect(needsInstall(root)).toBe(false);
    file("package-lock.json", 10);
    expect(needsInstall(root)).toBe(false);
  });
});

// The stand-ins for binaries are shell scripts.
describe.runIf(process.platform !== "win32")("findPinnedNode", () => {
  const names = [
    `node-${process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ];

  function binary(name, script) {
    const path = file(`node_modules/${name}/bin/node`, 10, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it.each(names)("finds the binary of %s", (name) => {
    const path = binary(name, "echo v24.9.9");
    expect(findPinnedNode(root)).toEqual({ path, version: "v24.9.9", pinned: true });
  });

  it.each([
    ["is too old", "echo v23.11.1"],
    ["does not run here", "exit 127"],
  ])("takes the running Node when the binary %s", (_, script) => {
    binary(names[0], script);
    expect(findPinnedNode(root)).toEqual({
      path: process.execPath,
      version: process.version,
      pinned: false,
    });
  });
});
