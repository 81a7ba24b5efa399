import { spawn } from "node:child_process";
import { once } from "node:events";
import { toolPath } from "../check/suites.mjs";
import { findPinnedNode } from "../pinned-node.mjs";

/** Runs end-to-end tests by parts of their names; resolves with the exit code. */
export async function runVitest(root, names, environment) {
  const vitest = [toolPath(root, "vitest"), "run", "--config", "vitest.e2e.config.ts", ...names];
  const child = spawn(findPinnedNode(root).path, vitest, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  const forward = (signal) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM"];
  for (const signal of signals) process.on(signal, forward);
  const [code] = await once(child, "exit");
  for (const signal of signals) process.off(signal, forward);
  return code ?? 1;
}
