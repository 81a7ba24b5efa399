import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(
  new URL("../../packages/database/scripts/write-template.mjs", import.meta.url),
);

/** Before all tests: the embedded database starts from a template three times faster, and tests start dozens. */
export async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [program]);
}
