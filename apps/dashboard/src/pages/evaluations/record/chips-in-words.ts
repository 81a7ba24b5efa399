import type { TaskChip } from "@scouter/contracts";

/** `9 passed, failed: right_value, right_unit, 3 skipped`; gates are left out, as in pass rates. */
export function chipsInWords(tasks: readonly TaskChip[]): string {
  const idsOf = (wanted: TaskChip["outcome"]) =>
    tasks.filter(({ outcome, gate }) => outcome === wanted && !gate).map(({ task_id }) => task_id);
  const named = (word: "failed" | "errored") => {
    const ids = idsOf(word);
    return ids.length === 0 ? [] : [`${word}: ${ids.join(", ")}`];
  };
  return [
    `${String(idsOf("passed").length)} passed`,
    ...named("failed"),
    ...named("errored"),
    `${String(idsOf("skipped").length)} skipped`,
  ].join("; ");
}
