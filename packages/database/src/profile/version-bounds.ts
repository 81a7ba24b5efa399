import { errors } from "../errors.ts";
import {
  compareNumbers,
  comparePrecedence,
  parseVersion,
  type SemanticVersion,
} from "./semantic-version.ts";

/** The versions a request may continue: from `lower` on, below `upper` (undefined: no end). */
export interface VersionBounds {
  readonly lower: SemanticVersion;
  readonly upper: SemanticVersion | undefined;
  /** What the request means when none of these exists yet. */
  readonly first: SemanticVersion;
}

const FIRST_VERSION = triple(0, 1, 0);

/**
 * Reads a version request. One to three numbers stand for every version that begins with them; `~` allows patches
 * (minors, if only a major is given); `^` allows what keeps the leftmost number that is not zero; `*` stands for
 * the numbers that are left out. A complete semantic version with a pre-release or build text stands for itself.
 */
export function versionBounds(request: string): VersionBounds {
  const text = request.trim();
  const exact = parseVersion(text);
  if (exact !== undefined && (exact.pre !== "" || exact.build !== "")) {
    return { lower: exact, upper: undefined, first: exact };
  }
  if (text === "*") return { lower: triple(0, 0, 0), upper: undefined, first: FIRST_VERSION };
  const [, operator = "", numbers = "", star = ""] =
    /^([~^]?)(\d+(?:\.\d+){0,2})((?:\.\*)?)$/.exec(text) ?? reject(request);
  if (star !== "" && operator !== "") reject(request);
  const parts = readParts(numbers, request);
  if (star !== "" && parts.length === 3) reject(request);
  const [major = 0, minor = 0, patch = 0] = parts;
  const lower = triple(major, minor, patch);
  return { lower, upper: upperBound(operator, parts), first: lower };
}

/**
 * Whether a version lies within. Pre-releases count by precedence below (1.2.0-rc is not yet 1.2.0) and by number
 * above (2.0.0-rc is not part of 1). A request for one pre-release or build stands for that text alone.
 */
export function isWithin(version: SemanticVersion, bounds: VersionBounds): boolean {
  const { lower, upper } = bounds;
  if (lower.pre !== "" || lower.build !== "") {
    return comparePrecedence(version, lower) === 0 && version.build === lower.build;
  }
  if (comparePrecedence(version, lower) < 0) return false;
  return upper === undefined || compareNumbers(version, upper) < 0;
}

function upperBound(operator: string, parts: readonly number[]): SemanticVersion {
  const [major = 0, minor = 0, patch = 0] = parts;
  const nextMajor = triple(major + 1, 0, 0);
  const nextMinor = triple(major, minor + 1, 0);
  const nextPatch = triple(major, minor, patch + 1);
  if (operator === "^") {
    if (major > 0 || parts.length === 1) return nextMajor;
    return minor > 0 || parts.length === 2 ? nextMinor : nextPatch;
  }
  if (parts.length === 1) return nextMajor;
  return operator === "~" || parts.length === 2 ? nextMinor : nextPatch;
}

function readParts(numbers: string, request: string): readonly number[] {
  const parts = numbers.split(".").map(Number);
  if (parts.every(Number.isSafeInteger)) return parts;
  throw errors.DATABASE_PROFILE_VERSION_INVALID({
    given: request,
    reason: `a number is above ${Number.MAX_SAFE_INTEGER}`,
  });
}

function reject(request: string): never {
  throw errors.DATABASE_PROFILE_VERSION_INVALID({
    given: request,
    reason: "it is neither a version nor a range",
  });
}

function triple(major: number, minor: number, patch: number): SemanticVersion {
  return { major, minor, patch, pre: "", build: "" };
}
