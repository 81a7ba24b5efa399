import type { EvalReport } from "@scouter/contracts";
import type { Status } from "../../figure/status-chip.tsx";

interface Look {
  readonly status: Status;
  readonly word: string;
}

const VERDICTS: Readonly<Record<string, Look>> = {
  fail: { status: "failed", word: "Regression" },
  "non-inferior": { status: "ok", word: "No worse, proved" },
  "no-regression-found": { status: "ok", word: "No regression found" },
  invalid: { status: "no-data", word: "Too little is known" },
  incomparable: { status: "skipped", word: "Not comparable" },
  shown: { status: "inactive", word: "Shown only" },
};

const SCENARIOS: Readonly<Record<string, Look>> = {
  regressed: { status: "failed", word: "Regressed" },
  failed: { status: "failed", word: "Failed" },
  removed: { status: "alert", word: "Removed" },
  error: { status: "no-data", word: "Unknown" },
  flaky: { status: "warning", word: "Flaky" },
  changed: { status: "skipped", word: "Redefined" },
  improved: { status: "ok", word: "Improved" },
  added: { status: "pending", word: "New" },
  unchanged: { status: "ok", word: "Unchanged" },
  passed: { status: "ok", word: "Passed" },
  "not-judged": { status: "inactive", word: "Not judged" },
};

/** Of a comparison or of one of its metrics. */
export function verdictLook(verdict: string): Look {
  return VERDICTS[verdict] ?? { status: "no-data", word: verdict };
}

export function scenarioLook(status: string): Look {
  return SCENARIOS[status] ?? { status: "no-data", word: status };
}

const MARKS: Readonly<Record<string, { readonly mark: string; readonly word: string }>> = {
  passed: { mark: "●", word: "passed" },
  "not-passed": { mark: "✕", word: "failed" },
  missing: { mark: "?", word: "missing" },
  skipped: { mark: "–", word: "skipped" },
};

type Side = NonNullable<EvalReport["scenarios"][number]["baseline"]>;

/** `2/3` with a mark for every repeat, and the same in words. */
export function repeatsOf(side: Side | null): { readonly shown: string; readonly said: string } {
  if (side === null) return { shown: "–", said: "not in this run" };
  const known = side.observations.map((own) => MARKS[own] ?? { mark: "?", word: own });
  return {
    shown: `${side.passes} ${known.map(({ mark }) => mark).join("")}`.trim(),
    said: `${side.passes}: ${known.map(({ word }) => word).join(", ")}`,
  };
}
