import { runDocument, type RunDocument, type RunDocumentInput } from "@scouter/contracts";

type Scenario = RunDocumentInput["scenarios"][number];
export type Repeat = Scenario["repeats"][number];

const REPEAT: Readonly<Record<string, Repeat>> = {
  P: { outcome: "passed" },
  F: { outcome: "failed" },
  A: { outcome: "errored", error_source: "agent" },
  J: { outcome: "errored", error_source: "judge" },
  S: { outcome: "skipped" },
};

/** Repeats as letters: passed, failed, error of the Agent, error of the Judge, skipped. */
export function repeats(letters: string): Repeat[] {
  return letters.split("").map((letter) => REPEAT[letter] ?? { outcome: "failed" });
}

/** `{ s1: "PPF" }`: one scenario of three repeats. */
export function run(
  scenarios: Readonly<Record<string, string>>,
  fields: Partial<RunDocumentInput> = {},
): RunDocument {
  return document(
    Object.entries(scenarios).map(([id, letters]) => ({ id, repeats: repeats(letters) })),
    fields,
  );
}

export function document(
  scenarios: readonly Scenario[],
  fields: Partial<RunDocumentInput> = {},
): RunDocument {
  return runDocument.parse({
    format: "scouter-run",
    version: 1,
    run_id: "run",
    created_at: "2026-03-01T10:00:00Z",
    suite: { name: "support" },
    scenarios,
    ...fields,
  });
}

/** `count` scenarios alike, with ids of their own. */
export function many(count: number, letters: string, prefix = "s"): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${prefix}${index}`, letters]),
  );
}

/** One workflow of `alias` a scenario; a letter a task, named t0, t1 ... */
export function workflows(
  alias: string,
  scenarios: Readonly<Record<string, string>>,
  fields: Partial<RunDocumentInput> = {},
): RunDocument {
  const entries = Object.entries(scenarios).map(([id, letters]): Scenario => {
    const tasks = Object.fromEntries(repeats(letters).map((own, index) => [`t${index}`, own]));
    const outcome = letters.split("").every((letter) => letter === "P") ? "passed" : "failed";
    return { id, repeats: [{ outcome: "skipped", aliases: { [alias]: { outcome, tasks } } }] };
  });
  return document(entries, fields);
}
