import type { Reporter, TestModule } from "vitest/node";
import type { ScouterTestMeta } from "./test-meta.ts";

/**
 * Tells, after Vitest's own reporters, what became of every scenario that `suiteTests` ran: repeats passed before and now, and
 * the verdict. In a Vitest configuration: `reporters: ["default", "@scouter/sdk/vitest-reporter"]`.
 */
export default class ScouterReporter implements Reporter {
  readonly #write: (text: string) => void;

  constructor(options: { readonly write?: (text: string) => void } = {}) {
    this.#write = options.write ?? ((text) => void process.stdout.write(text));
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const told = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => test.meta().scouter ?? []),
    );
    for (const [suite, own] of Map.groupBy(told, (meta) => meta.suite)) {
      this.#write(`\n${suiteText(suite, own)}\n`);
    }
  }
}

const TITLES = ["scenario", "status", "before", "now"];

function suiteText(suite: string, told: readonly ScouterTestMeta[]): string {
  const rows = told
    .filter(({ scenario }) => scenario !== null)
    .map(({ scenario, status, before, now }) => [
      scenario ?? "",
      status,
      before || "-",
      now || "-",
    ]);
  const widths = TITLES.map((title, column) =>
    [title, ...rows.map((row) => row[column] ?? "")].reduce(
      (widest, cell) => Math.max(widest, cell.length),
      0,
    ),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const verdict = told.find(({ scenario }) => scenario === null);
  return [
    `suite ${suite}${verdict === undefined ? "" : `: ${verdict.status}`}`,
    line(TITLES),
    ...rows.map(line),
  ]
    .map((own) => own.replaceAll(/\p{Cc}/gu, " "))
    .join("\n");
}
