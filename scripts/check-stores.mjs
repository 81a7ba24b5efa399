/**
 * Runs the object stores' contract on emulators by other hands, which check what our own test servers take on trust:
 * Azure's signatures. Not part of `npm run check`.
 */
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startAzurite } from "./emulators/azurite.mjs";
import { findPinnedNode } from "./pinned-node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = findPinnedNode(root).path;

const azurite = await startAzurite(root, node);
try {
  const env = { ...process.env, AZURITE_URL: azurite.url };
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const config = ["run", "-c", "vitest.emulators.config.ts"];
  execFileSync(node, [vitest, ...config], { cwd: root, env, stdio: "inherit" });
} catch (error) {
  if (error.status === undefined) throw error;
  process.exitCode = 1; // the tests have said why
} finally {
  await azurite.stop();
}
