import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { type RepeatStore, type RunHeader, runScenarioOf, type Suite } from "@scouter/evaluate";

export const RESULTS_FILE = "results.json";

/** Results that are written together, bytes. */
const WRITTEN_TOGETHER = 1 << 18;

/**
 * Writes the saved run scenario by scenario, one a line, so that a suite of any size needs little memory. The file appears
 * when it is whole and on disk.
 *
 * @returns its path
 */
export async function writeResults(
  folder: string,
  run: {
    readonly suite: Suite;
    readonly header: RunHeader;
    readonly store: RepeatStore;
    readonly repeats: number;
  },
): Promise<string> {
  const { suite, header, store, repeats } = run;
  const path = join(folder, RESULTS_FILE);
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w");
  try {
    // The header's closing brace makes room for the scenarios.
    let text = `${JSON.stringify(header, null, 2).slice(0, -2)},\n  "scenarios": [`;
    for (const position of suite.scenarios.keys()) {
      const about = { repeats, stopped: header.stopped?.reason };
      const scenario = await runScenarioOf(suite, position, store, about);
      text += `${position === 0 ? "" : ","}\n${JSON.stringify(scenario)}`;
      if (text.length < WRITTEN_TOGETHER) continue;
      await file.appendFile(text);
      text = "";
    }
    await file.appendFile(`${text}\n  ]\n}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  return path;
}
