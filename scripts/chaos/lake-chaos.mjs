import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAzurite } from "../emulators/azurite.mjs";
import { findPinnedNode } from "../pinned-node.mjs";
import { deltaReaders } from "../readers/readers.mjs";
import { runVitest } from "./run-vitest.mjs";

export const STORES = ["local", "s3", "gcs", "azure"];

/** Runs the suite, then lets other engines read the table that it left; resolves with the exit code. */
export async function lakeChaos(root, { store, seconds, flushes }) {
  const node = findPinnedNode(root).path;
  const keep = mkdtempSync(join(tmpdir(), "scouter-chaos-kept-"));
  const azurite = store === "azure" ? await startAzurite(root, node) : undefined;
  try {
    // The counting is about the reads of one process: the store makes no difference to it.
    const tests = ["lake-chaos", ...(store === "local" ? ["lake-counting"] : [])];
    const code = await runVitest(root, tests, {
      SCOUTER_CHAOS_STORE: store,
      SCOUTER_CHAOS_SECONDS: seconds,
      SCOUTER_CHAOS_FLUSHES: flushes,
      SCOUTER_CHAOS_KEEP: keep,
      ...(azurite && { AZURITE_URL: azurite.url }),
    });
    if (code !== 0) return code;
    if (!existsSync(join(keep, "expected.json"))) return reportNothingKept();
    return readByOthers(root, node, keep);
  } finally {
    await azurite?.stop();
    rmSync(keep, { recursive: true, force: true });
  }
}

function reportNothingKept() {
  console.error("the suite left no table: was PostgreSQL there?");
  return 1;
}

function readByOthers(root, node, folder) {
  try {
    deltaReaders(root, node).readVersions(folder);
    return 0;
  } catch (error) {
    console.error(
      `another engine reads the table differently, or could not be run: ${error.message}`,
    );
    return 1;
  }
}
