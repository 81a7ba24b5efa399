/**
 * Runs every structure rule over the repository: `node scripts/structure/main.ts [--counts=FILE]`.
 * Exit code 1 when a rule found an error. `--counts` writes `{ passed, failed, skipped }`, counted in rules.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { formatFinding } from "./finding.ts";
import { RULES } from "./rules/index.ts";
import { treeOnDisk } from "./source-tree.ts";

const { values } = parseArgs({ options: { counts: { type: "string" } } });
const tree = treeOnDisk(fileURLToPath(new URL("../../", import.meta.url)));
const counts = { passed: 0, failed: 0, skipped: 0 };

for (const [name, rule] of Object.entries(RULES)) {
  const findings = rule(tree);
  const failed = findings.some(({ severity }) => severity === "error");
  counts[failed ? "failed" : "passed"] += 1;
  console.log(`${failed ? "FAIL" : "ok  "} ${name}`);
  for (const finding of findings) console.log(`     ${formatFinding(finding)}`);
}

if (values.counts !== undefined) writeFileSync(values.counts, JSON.stringify(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
