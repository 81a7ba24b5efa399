import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { driftType, type DriftType, MISSING_TEXT, MISSING_VERSION } from "@scouter/contracts";
import type { ProfileBody } from "@scouter/sdk";
import { errors } from "../errors.ts";

/** A profile as a file holds it. Only who it belongs to is looked at; the server checks the rest. */
export interface ProfileFile {
  readonly kind: DriftType;
  readonly space: string;
  /** Undefined when the server is to choose. */
  readonly version: string | undefined;
  readonly name: string | undefined;
  readonly body: ProfileBody;
}

type JsonFields = Readonly<Record<string, unknown>>;

/**
 * Reads a profile, plain or tagged with its kind as the server gives it (`{"Psi": {...}}`).
 *
 * @param space in place of the file's own
 * @throws CLI_PROFILE_FILE, CLI_PROFILE_KIND_UNKNOWN, CLI_PROFILE_SPACE_MISSING
 */
export function readProfileFile(folder: string, name: string, space?: string): ProfileFile {
  const file = resolve(folder, name);
  const { tag, profile } = untagged(parsedFile(file));
  const config = profile["config"];
  if (!isObject(config)) {
    throw errors.CLI_PROFILE_FILE({ file, reason: "it has no object 'config'" });
  }
  const kind = kindOf(tag ?? config["drift_type"] ?? ("tasks" in profile ? "Agent" : undefined));
  if (kind === undefined) {
    const given = JSON.stringify(config["drift_type"] ?? tag) ?? "nothing";
    throw errors.CLI_PROFILE_KIND_UNKNOWN({ file, given: given.slice(0, 80) });
  }
  const ownSpace = space ?? textAt(config, "space", MISSING_TEXT);
  if (ownSpace === undefined) throw errors.CLI_PROFILE_SPACE_MISSING({ file });
  return {
    kind,
    space: ownSpace,
    name: textAt(config, "name", MISSING_TEXT),
    version: textAt(config, "version", MISSING_VERSION),
    body: profile as unknown as ProfileBody,
  };
}

function parsedFile(file: string): JsonFields {
  let profile: unknown;
  try {
    profile = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isSyntax = cause instanceof SyntaxError;
    throw errors.CLI_PROFILE_FILE(
      { file, reason: isSyntax ? `it is not JSON: ${reason}` : reason },
      { cause },
    );
  }
  if (isObject(profile)) return profile;
  throw errors.CLI_PROFILE_FILE({ file, reason: "it holds no JSON object" });
}

function untagged(given: JsonFields): { readonly tag?: string; readonly profile: JsonFields } {
  const [tag, ...others] = Object.keys(given);
  const inner = tag === undefined ? undefined : given[tag];
  const isTagged = others.length === 0 && tag !== undefined && kindOf(tag) !== undefined;
  return isTagged && isObject(inner) ? { tag, profile: inner } : { profile: given };
}

function kindOf(given: unknown): DriftType | undefined {
  return driftType.options.find((kind) => kind.toLowerCase() === String(given).toLowerCase());
}

/** Undefined when it is missing, empty or the placeholder that clients write for nothing. */
function textAt(config: JsonFields, key: string, placeholder: string): string | undefined {
  const value = config[key];
  return typeof value === "string" && value !== "" && value !== placeholder ? value : undefined;
}

function isObject(value: unknown): value is JsonFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
