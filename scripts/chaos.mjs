/**
 * The end-to-end tests that kill processes at random, for longer than `npm run check` does:
 *
 *   npm run chaos [-- --rounds N] [-- name-part ...]           the tests that kill servers, N times each
 *   npm run chaos -- lake [--store local|s3|gcs|azure] [--seconds N] [--flushes N]
 *
 * `lake` is a lake that many processes write, merge, vacuum and read at once, on the store given; at the end other
 * engines read its table too, where they can be installed. `--flushes` is of the counting that goes on over them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lakeChaos, STORES } from "./chaos/lake-chaos.mjs";
import { runVitest } from "./chaos/run-vitest.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    store: { type: "string", default: "local" },
    seconds: { type: "string", default: "60" },
    flushes: { type: "string", default: "10000" },
  },
  allowPositionals: true,
});
for (const name of ["rounds", "seconds", "flushes"]) {
  if (/^[1-9]\d*$/.test(values[name])) continue;
  console.error(`--${name} '${values[name]}': expected a whole number from 1`);
  process.exit(2);
}
if (!STORES.includes(values.store)) {
  console.error(`--store '${values.store}': expected ${STORES.join(", ")}`);
  process.exit(2);
}

process.exitCode =
  positionals[0] === "lake"
    ? await lakeChaos(root, values)
    : await runVitest(root, positionals.length === 0 ? testsWithRounds() : positionals, {
        SCOUTER_CHAOS_ROUNDS: values.rounds,
      });

/** The test files that ask how many rounds they are to run. */
function testsWithRounds() {
  const apps = join(root, "apps");
  const files = readdirSync(apps, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".test.ts") && !path.includes("node_modules"),
  );
  return files.filter((path) =>
    readFileSync(join(apps, path), "utf8").includes("SCOUTER_CHAOS_ROUNDS"),
  );
}
