import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Suite } from "@scouter/evaluate";
import { errors } from "../errors.ts";

const MODULE = /\.[cm]?[jt]s$/;

/**
 * A suite from a file, or from a module that exports one as `default` or `suite`, or a function that makes it.
 *
 * @throws SDK_SUITE_FILE, EVALUATE_SUITE_INVALID, CLI_AGENT_MODULE
 */
export async function openSuite(given: string, workingFolder: string): Promise<Suite> {
  const path = resolve(workingFolder, given);
  if (!MODULE.test(given)) {
    const { loadSuite } = await import("@scouter/sdk/offline");
    return loadSuite(path, given);
  }
  const { suiteOf } = await import("@scouter/evaluate");
  const exported = await load(given, path);
  const named = exported["default"] ?? exported["suite"];
  const made: unknown = typeof named === "function" ? await (named as () => unknown)() : named;
  return isSuite(made) ? made : suiteOf(made, given);
}

async function load(given: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_AGENT_MODULE({ given, reason }, { cause });
  }
}

function isSuite(value: unknown): value is Suite {
  return (
    typeof value === "object" &&
    value !== null &&
    "aliases" in value &&
    value.aliases instanceof Map
  );
}
