import type { VersionRequest, VersionType } from "@scouter/contracts";
import { errors } from "../errors.ts";
import {
  comparePrecedence,
  formatVersion,
  isBuild,
  isPreRelease,
  parseVersion,
  type SemanticVersion,
} from "./semantic-version.ts";
import { isWithin, versionBounds } from "./version-bounds.ts";

/** A longer one could not be asked for: parameters of a query hold no more. */
const MAX_VERSION_LENGTH = 200;

/**
 * The version a registration gets.
 *
 * The highest existing version that the request covers is bumped by `version_type`; without one, the request itself
 * (missing numbers are 0; 0.1.0 if nothing was asked) is the version. Then the tags are set. A version that is taken
 * is never given again: the same bump is repeated, or the last identifier of the pre-release (else build) counted up,
 * until one is free.
 *
 * @param existing versions of the same space, name and drift type; texts that are no semantic version only count as
 *   taken
 * @throws DATABASE_PROFILE_VERSION_INVALID
 */
export function resolveVersion(existing: readonly string[], request: VersionRequest): string {
  const tags = readTags(request);
  const wanted = request.version ?? "";
  const bounds = versionBounds(wanted === "" ? "*" : wanted);
  const highest = existing
    .map(parseVersion)
    .filter((version) => version !== undefined)
    .filter((version) => isWithin(version, bounds))
    .sort(comparePrecedence)
    .at(-1);
  const start =
    highest === undefined
      ? { ...bounds.first, ...tags }
      : { ...bump(highest, request.version_type), ...tags };
  return checkedLength(formatVersion(nextFree(start, new Set(existing), request)), request);
}

function checkedLength(version: string, request: VersionRequest): string {
  if (version.length <= MAX_VERSION_LENGTH) return version;
  throw errors.DATABASE_PROFILE_VERSION_INVALID({
    given: request.version ?? "",
    reason: `the version would have ${version.length} characters, expected at most ${MAX_VERSION_LENGTH}`,
  });
}

function nextFree(
  start: SemanticVersion,
  taken: ReadonlySet<string>,
  request: VersionRequest,
): SemanticVersion {
  let version = start;
  while (taken.has(formatVersion(version))) version = successor(version, request);
  if (Number.isSafeInteger(version.major + version.minor + version.patch)) return version;
  throw errors.DATABASE_PROFILE_VERSION_INVALID({
    given: request.version ?? "",
    reason: "the next version's numbers would be too large",
  });
}

function bump(base: SemanticVersion, type: VersionType): SemanticVersion {
  const { major, minor, patch } = base;
  const none = { pre: "", build: "" };
  if (type === "Major") return { major: major + 1, minor: 0, patch: 0, ...none };
  if (type === "Minor") return { major, minor: minor + 1, patch: 0, ...none };
  if (type === "Patch") return { major, minor, patch: patch + 1, ...none };
  return { major, minor, patch, ...none };
}

/** What comes after a taken version. Numbers move for Major, Minor, Patch; identifiers for the tagged types. */
function successor(version: SemanticVersion, request: VersionRequest): SemanticVersion {
  const { pre, build } = version;
  const type = request.version_type;
  if (type === "Major" || type === "Minor" || type === "Patch") {
    return { ...bump(version, type), pre, build };
  }
  if (pre !== "" && type !== "Build") return { ...version, pre: countUp(pre) };
  if (build !== "") return { ...version, build: countUp(build) };
  if (pre !== "") return { ...version, pre: countUp(pre) };
  return bump(version, "Patch");
}

/** `rc` -> `rc.1` -> `rc.2`. */
function countUp(identifiers: string): string {
  const match = /^(.*\.)?(0|[1-9]\d{0,14})$/.exec(identifiers);
  if (match === null) return `${identifiers}.1`;
  return `${match[1] ?? ""}${Number(match[2]) + 1}`;
}

function readTags(request: VersionRequest): Partial<SemanticVersion> {
  const pre = request.pre_tag ?? "";
  const build = request.build_tag ?? "";
  const valid = (pre === "" || isPreRelease(pre)) && (build === "" || isBuild(build));
  if (!valid) {
    throw errors.DATABASE_PROFILE_VERSION_INVALID({
      given: request.version ?? "",
      reason: `pre_tag '${pre.slice(0, 200)}' or build_tag '${build.slice(0, 200)}' is not made of dot-separated letters, digits and hyphens`,
    });
  }
  return { ...(pre === "" ? {} : { pre }), ...(build === "" ? {} : { build }) };
}
