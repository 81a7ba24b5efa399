import type { VersionRequest } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveVersion } from "./resolve-version.ts";
import {
  compareNumbers,
  comparePrecedence,
  formatVersion,
  parseVersion,
} from "./semantic-version.ts";

const resolve = (existing: readonly string[], request: Partial<VersionRequest> = {}) =>
  resolveVersion(existing, { version_type: "Minor", ...request });

describe("the first version", () => {
  it.each([
    { version: undefined, expected: "0.1.0" },
    { version: null, expected: "0.1.0" },
    { version: "", expected: "0.1.0" },
    { version: "*", expected: "0.1.0" },
    { version: "1", expected: "1.0.0" },
    { version: "1.2", expected: "1.2.0" },
    { version: "1.2.3", expected: "1.2.3" },
    { version: " 1.2.3 ", expected: "1.2.3" },
    { version: "1.2.3-rc.1+b7", expected: "1.2.3-rc.1+b7" },
    { version: "^1", expected: "1.0.0" },
    { version: "~1.2", expected: "1.2.0" },
    { version: "1.*", expected: "1.0.0" },
    { version: "1.2.*", expected: "1.2.0" },
    { version: "01.2.3", expected: "1.2.3" },
  ])("is $expected when $version is asked", ({ version, expected }) => {
    expect(resolve([], { version })).toBe(expected);
  });
});

describe("the next version", () => {
  it.each([
    { existing: ["0.1.0"], request: {}, expected: "0.2.0" },
    { existing: ["0.9.0", "0.10.0"], request: {}, expected: "0.11.0" },
    { existing: ["1.2.3"], request: { version_type: "Major" }, expected: "2.0.0" },
    { existing: ["1.2.3"], request: { version_type: "Patch" }, expected: "1.2.4" },
    { existing: ["1.2.3-rc.1"], request: {}, expected: "1.3.0" },
    { existing: ["1.2.3"], request: { pre_tag: "rc.1" }, expected: "1.3.0-rc.1" },
    { existing: ["1.2.3"], request: { build_tag: "b1" }, expected: "1.3.0+b1" },
    // What the request covers is continued; the rest does not count ...
    { existing: ["1.0.0", "2.0.0"], request: { version: "1" }, expected: "1.1.0" },
    {
      existing: ["1.2.0", "1.3.0"],
      request: { version: "1.2", version_type: "Patch" },
      expected: "1.2.1",
    },
    {
      existing: ["2.1.5", "2.0.9"],
      request: { version: "^2.0.1", version_type: "Patch" },
      expected: "2.1.6",
    },
    { existing: ["1.2.0-rc.1"], request: { version: "1.2.0" }, expected: "1.2.0" },
    { existing: ["2.0.0-rc.1"], request: { version: "^1" }, expected: "1.0.0" },
    // ... except that a taken version is never given again.
    { existing: ["1.0.0", "1.1.0"], request: { version: "1.0.0" }, expected: "1.2.0" },
    {
      existing: ["1.0.0", "2.0.0"],
      request: { version: "1", version_type: "Major" },
      expected: "3.0.0",
    },
    {
      existing: ["1.2.0-rc.1"],
      request: { version: "1.2.0", version_type: "Pre", pre_tag: "rc.1" },
      expected: "1.2.0-rc.2",
    },
    {
      existing: ["1.2.0-rc"],
      request: { version: "1.2.0", version_type: "Pre", pre_tag: "rc" },
      expected: "1.2.0-rc.1",
    },
    {
      existing: ["1.2.0+b"],
      request: { version_type: "Build", build_tag: "b" },
      expected: "1.2.0+b.1",
    },
    { existing: ["1.2.0"], request: { version_type: "Pre" }, expected: "1.2.1" },
    {
      existing: ["1.2.3-rc.1"],
      request: { version: "1.2.3-rc.1", version_type: "Patch" },
      expected: "1.2.4",
    },
    { existing: ["not a version"], request: {}, expected: "0.1.0" },
  ] as const)("after $existing with $request is $expected", ({ existing, request, expected }) => {
    expect(resolve(existing, request)).toBe(expected);
  });

  const numbers = fc.nat({ max: 3 });
  const versionText = fc
    .tuple(numbers, numbers, numbers, fc.constantFrom("", "-rc.1", "-rc.2", "+b"))
    .map(([major, minor, patch, tail]) => `${major}.${minor}.${patch}${tail}`);
  const request = fc.record({
    version: fc.option(
      fc.oneof(versionText, fc.constantFrom("1", "1.2", "^1.2", "~0.1", "*", "2.*")),
    ),
    version_type: fc.constantFrom("Major", "Minor", "Patch", "Pre", "Build", "PreBuild" as const),
    pre_tag: fc.option(fc.constantFrom("rc.1", "beta")),
    build_tag: fc.option(fc.constantFrom("b", "7")),
  });

  it("is a semantic version that is free, whatever exists", () => {
    fc.assert(
      fc.property(fc.uniqueArray(versionText, { maxLength: 30 }), request, (existing, asked) => {
        const version = resolveVersion(existing, asked);
        expect(parseVersion(version)).toBeDefined();
        expect(existing).not.toContain(version);
      }),
    );
  });

  it("does not depend on the order of what exists", () => {
    fc.assert(
      fc.property(fc.uniqueArray(versionText, { maxLength: 10 }), request, (existing, asked) => {
        expect(resolveVersion(existing.toReversed(), asked)).toBe(resolveVersion(existing, asked));
      }),
    );
  });
});

describe("a range", () => {
  const probe = [
    "0.0.3",
    "0.0.4",
    "0.1.0",
    "0.2.0",
    "1.0.0",
    "1.2.2",
    "1.2.3",
    "1.2.9",
    "1.3.0",
    "2.0.0",
  ];
  it.each([
    // Which of the probes a request covers shows in what a patch of the highest one is.
    { version: "*", highest: "2.0.0" },
    { version: "1", highest: "1.3.0" },
    { version: "1.*", highest: "1.3.0" },
    { version: "1.2", highest: "1.2.9" },
    { version: "1.2.*", highest: "1.2.9" },
    { version: "1.2.3", highest: "1.2.3" },
    { version: "~1", highest: "1.3.0" },
    { version: "~1.2", highest: "1.2.9" },
    { version: "~1.2.3", highest: "1.2.9" },
    { version: "^1", highest: "1.3.0" },
    { version: "^1.2", highest: "1.3.0" },
    { version: "^1.2.3", highest: "1.3.0" },
    { version: "^0", highest: "0.2.0" },
    { version: "^0.1", highest: "0.1.0" },
    { version: "^0.1.0", highest: "0.1.0" },
    { version: "^0.0", highest: "0.0.4" },
    { version: "^0.0.3", highest: "0.0.3" },
  ])("$version reaches up to $highest", ({ version, highest }) => {
    const base = parseVersion(highest)!;
    const expected = formatVersion({ ...base, patch: base.patch + 1, pre: "x" });
    expect(resolve(probe, { version, version_type: "Patch", pre_tag: "x" })).toBe(expected);
  });

  it.each([
    "one",
    "1.2.3.4",
    "v1",
    "^",
    "~",
    "^*",
    "1.*.3",
    "**",
    "^1.2.3-rc",
    "1.2.3-",
    "-1",
    "1..2",
    "1.2.3-01",
  ])("refuses '%s'", (version) => {
    expect(() => resolve([], { version })).toThrow(
      expect.objectContaining({ code: "DATABASE_PROFILE_VERSION_INVALID", kind: "invalid" }),
    );
  });

  it.each([{ pre_tag: "a b" }, { pre_tag: "01" }, { build_tag: "+" }])("refuses %o", (tags) => {
    expect(() => resolve([], tags)).toThrow(/dot-separated/);
  });

  it("refuses a version that is longer than a parameter may be", () => {
    const pre_tag = "x".repeat(194);
    expect(resolve([], { pre_tag })).toHaveLength(200);
    expect(() => resolve([], { pre_tag: `${pre_tag}x` })).toThrow("would have 201 characters");
  });

  it("refuses numbers that cannot be counted on", () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(() => resolve([], { version: `${most}9` })).toThrow(/above/);
    expect(() => resolve([`${most}.0.0`], { version_type: "Major" })).toThrow(/too large/);
  });
});

describe("precedence", () => {
  // The order of semver.org 2.0.0, item 11, and of numbers beyond a double's exactness.
  const ascending = [
    "1.0.0-1",
    "1.0.0-99999999999999999998",
    "1.0.0-99999999999999999999",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.10.0",
    "2.0.0",
  ].map((text) => parseVersion(text)!);

  it("follows semver.org", () => {
    const shuffled = ascending.toReversed().toSorted(comparePrecedence);
    expect(shuffled.map(formatVersion)).toEqual(ascending.map(formatVersion));
  });

  it("ignores build texts, and numbers alone ignore pre-releases", () => {
    expect(comparePrecedence(parseVersion("1.0.0+a")!, parseVersion("1.0.0+b")!)).toBe(0);
    expect(compareNumbers(parseVersion("1.0.0-a")!, parseVersion("1.0.0")!)).toBe(0);
  });
});
