import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readSuite, type Suite, suiteFormatOf } from "@scouter/evaluate";
import { errors } from "../errors.ts";

/**
 * Reads a suite from `.json`, `.yaml`, `.yml` or `.jsonl`. Files that it names (prompts, profiles) are looked for from its
 * folder.
 *
 * @param file from the working folder, or absolute
 * @param shown how messages name it, default as given
 * @throws SDK_SUITE_FILE, EVALUATE_SUITE_INVALID
 */
export async function loadSuite(file: string, shown = file): Promise<Suite> {
  const format = suiteFormatOf(file);
  if (format === undefined) {
    throw errors.SDK_SUITE_FILE({ file: shown, reason: "expected .json, .yaml, .yml or .jsonl" });
  }
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.SDK_SUITE_FILE({ file: shown, reason }, { cause });
  });
  const folder = dirname(resolve(file));
  const readIncluded = (path: string) => readFileSync(resolve(folder, path), "utf8");
  return readSuite({ file: shown, text, format, readIncluded });
}
