import { readFile, rename, writeFile } from "node:fs/promises";
import { EvalResults } from "@scouter/evaluate";
import { errors } from "../errors.ts";

/** Writes results as their versioned document; a file that was there is replaced as a whole. */
export async function saveResults(results: EvalResults, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(results, null, 2)}\n`);
  await rename(unfinished, file);
}

/**
 * Reads results of this or an earlier version.
 * @throws SDK_RESULTS_FILE, EVALUATE_RUN_INVALID, EVALUATE_RUN_VERSION
 */
export async function loadResults(file: string): Promise<EvalResults> {
  try {
    const json: unknown = JSON.parse(await readFile(file, "utf8"));
    return EvalResults.fromJson(json, file);
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause instanceof Error && "errno" in cause)) {
      throw errors.SDK_RESULTS_FILE({ file, reason: cause.message }, { cause });
    }
    throw cause;
  }
}
