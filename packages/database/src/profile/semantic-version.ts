/** A parsed semantic version (semver.org 2.0.0). `pre` and `build` are empty when absent. */
export interface SemanticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Dot-separated identifiers, without the hyphen. */
  readonly pre: string;
  /** Dot-separated identifiers, without the plus sign. */
  readonly build: string;
}

const NUMBER = String.raw`(0|[1-9]\d*)`;
const PRE_IDENTIFIER = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const BUILD_IDENTIFIER = "[0-9A-Za-z-]+";
const PRE = new RegExp(String.raw`^${PRE_IDENTIFIER}(?:\.${PRE_IDENTIFIER})*$`);
const BUILD = new RegExp(String.raw`^${BUILD_IDENTIFIER}(?:\.${BUILD_IDENTIFIER})*$`);
const VERSION = new RegExp(
  String.raw`^${NUMBER}\.${NUMBER}\.${NUMBER}(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$`,
);

/** Undefined when the text is not a complete semantic version. */
export function parseVersion(text: string): SemanticVersion | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, pre = "", build = ""] = match;
  const version = { major: Number(major), minor: Number(minor), patch: Number(patch), pre, build };
  const numbers = [version.major, version.minor, version.patch];
  if (!numbers.every(Number.isSafeInteger)) return undefined;
  if ((pre !== "" && !isPreRelease(pre)) || (build !== "" && !isBuild(build))) return undefined;
  return version;
}

export function isPreRelease(text: string): boolean {
  return PRE.test(text);
}

export function isBuild(text: string): boolean {
  return BUILD.test(text);
}

export function formatVersion(version: SemanticVersion): string {
  const pre = version.pre === "" ? "" : `-${version.pre}`;
  const build = version.build === "" ? "" : `+${version.build}`;
  return `${version.major}.${version.minor}.${version.patch}${pre}${build}`;
}

/** Compares the three numbers only. */
export function compareNumbers(a: SemanticVersion, b: SemanticVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** Precedence (semver.org 2.0.0, item 11): a pre-release is below its release; build text does not count. */
export function comparePrecedence(a: SemanticVersion, b: SemanticVersion): number {
  const byNumbers = compareNumbers(a, b);
  if (byNumbers !== 0) return byNumbers;
  if (a.pre === "" || b.pre === "") return Number(a.pre === "") - Number(b.pre === "");
  return comparePreRelease(a.pre.split("."), b.pre.split("."));
}

function comparePreRelease(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numeric identifiers compare as numbers and are below alphanumeric ones, which compare by code unit. */
function compareIdentifiers(a: string, b: string): number {
  const isNumberA = /^\d+$/.test(a);
  const isNumberB = /^\d+$/.test(b);
  if (isNumberA && isNumberB) return a.length - b.length || compareText(a, b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return compareText(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
