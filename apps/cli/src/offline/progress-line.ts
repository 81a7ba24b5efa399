import type { RunProgress, RunTally } from "@scouter/evaluate";
import type { Terminal } from "../terminal.ts";

export interface ProgressLine {
  update(progress: RunProgress): void;
  end(): void;
}

const BAR_CELLS = 24;
/** Without a screen, a line for so many parts of the run. */
const PARTS = 10;

/** How far a run is and what it cost so far: one line that is written over on a screen, else a line for each tenth. */
export function progressLine(terminal: Pick<Terminal, "err" | "columns">): ProgressLine {
  let lastPart = -1;
  let isOpen = false;
  return {
    update({ tally, planned }) {
      const share = planned === 0 ? 1 : tally.repeats / planned;
      if (terminal.columns === undefined) {
        const part = Math.floor(share * PARTS);
        if (part === lastPart) return;
        lastPart = part;
        terminal.err(`${progressText(tally, planned)}\n`);
        return;
      }
      const filled = Math.round(share * BAR_CELLS);
      const bar = "#".repeat(filled).padEnd(BAR_CELLS, "-");
      const line = `[${bar}] ${progressText(tally, planned)}`;
      terminal.err(`\r${line.slice(0, terminal.columns - 1).padEnd(terminal.columns - 1)}`);
      isOpen = true;
    },
    end() {
      if (isOpen) terminal.err("\n");
    },
  };
}

export function progressText(tally: RunTally, planned: number): string {
  const counts = (["passed", "failed", "errored"] as const)
    .filter((outcome) => tally[outcome] > 0)
    .map((outcome) => `${String(tally[outcome])} ${outcome}`);
  return [
    `${String(tally.repeats)} of ${String(planned)} repeats`,
    ...counts,
    costText(tally),
  ].join(", ");
}

export function costText({ costUsd, isCostPartial }: RunTally): string {
  return `${isCostPartial ? "more than " : ""}${costUsd.toFixed(costUsd < 1 ? 4 : 2)} USD`;
}
