import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "@scouter/contracts";
import { printFigure } from "../figure/print-figure.ts";

const PACKAGE = "scouter-ml";
const RECORDS = 2_000;

export interface ReferenceTask {
  readonly id: string;
  readonly context_path: string;
  readonly operator: string;
  readonly expected_value: Json;
}

/**
 * The same tasks on the same record by the Python package `scouter-ml` (a Rust engine), installed into a temporary virtual
 * environment and removed again. Prints its tasks a second of CPU, and how many times that ours is.
 */
export function measureReference(
  tasks: readonly ReferenceTask[],
  context: Json,
  ours: number,
): void {
  const folder = mkdtempSync(join(tmpdir(), "scouter-reference-"));
  try {
    execFileSync("python3", ["-m", "venv", folder]);
    execFileSync(join(folder, "bin", "pip"), ["install", "--quiet", PACKAGE], { stdio: "inherit" });
    const input = join(folder, "input.json");
    writeFileSync(input, JSON.stringify({ tasks, context, records: RECORDS }));
    const program = join(folder, "program.py");
    writeFileSync(program, PROGRAM);
    const { status, stdout, stderr } = spawnSync(join(folder, "bin", "python"), [program, input], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`the reference ended with ${status}:\n${stderr}`);
    const line = stdout.trim().split("\n").at(-1) ?? "";
    const { version, tasksPerCpuSecond } = JSON.parse(line) as {
      readonly version: string;
      readonly tasksPerCpuSecond: number;
    };
    process.stderr.write(`reference: ${PACKAGE} ${version}\n`);
    const figure = { better: "higher" as const, samples: RECORDS };
    printFigure({
      ...figure,
      name: "reference_tasks_per_core_s",
      value: tasksPerCpuSecond,
      unit: "tasks/s",
      target: null,
    });
    const value = ours / tasksPerCpuSecond;
    printFigure({ ...figure, name: "offline_vs_reference_ratio", value, unit: "x", target: 2 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CPU of all its threads over the call that evaluates; building records and tasks is left out. The best of five. */
const PROGRAM = `
import json, resource, sys
from importlib.metadata import version
from scouter.evaluate import AssertionTask, ComparisonOperator, EvalDataset, EvalRecord

given = json.load(open(sys.argv[1]))
tasks = [
    AssertionTask(
        id=task["id"],
        context_path=task["context_path"],
        operator=getattr(ComparisonOperator, task["operator"]),
        expected_value=task["expected_value"],
    )
    for task in given["tasks"]
]

def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

best = 0.0
for _ in range(5):
    records = [EvalRecord(context=given["context"], id=str(n)) for n in range(given["records"])]
    dataset = EvalDataset(records=records, tasks=tasks)
    before = cpu()
    results = dataset.evaluate()
    used = cpu() - before
    assert results.successful_count == given["records"], results.failed_count
    best = max(best, given["records"] * len(tasks) / used)
print(json.dumps({"version": version("${PACKAGE}"), "tasksPerCpuSecond": best}))
`;
