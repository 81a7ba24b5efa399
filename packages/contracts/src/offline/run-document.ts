import { z } from "zod";

/** The version that is written; readers accept every version up to it. */
export const RUN_DOCUMENT_VERSION = 1;

const name = z.string().min(1).max(512);

/** How one thing ended in one repeat. */
export const runOutcome = z.enum(["passed", "failed", "errored", "skipped"]);
export type RunOutcome = z.output<typeof runOutcome>;

/** Whose error it was: an agent's counts as not passed; with any other the outcome is not known. */
export const errorSource = z.enum(["agent", "harness", "judge", "provider"]);
export type ErrorSource = z.output<typeof errorSource>;

const ended = {
  outcome: runOutcome,
  /** Needed with `errored`: what it means depends on it. */
  error_source: errorSource.optional(),
  error: z.string().optional(),
};

function namesItsSource(given: { outcome: RunOutcome; error_source?: unknown }): boolean {
  return given.outcome !== "errored" || given.error_source !== undefined;
}
const NEEDS_SOURCE = {
  message: "expected agent, harness, judge or provider with the outcome 'errored'",
  path: ["error_source"],
};

/** One task in one repeat. A gate (`gate: true`) decides which tasks run; no pass rate counts it. */
export const runTask = z
  .object({ ...ended, gate: z.boolean().optional() })
  .refine(namesItsSource, NEEDS_SOURCE);
export type RunTask = z.output<typeof runTask>;

const tasks = z.record(name, runTask).default({});

/** The workflow of one alias in one repeat, by task id. */
export const runAlias = z.object({ ...ended, tasks }).refine(namesItsSource, NEEDS_SOURCE);
export type RunAlias = z.output<typeof runAlias>;

/** One run of one scenario: its own outcome and tasks, and those of every alias that took part. */
export const runRepeat = z
  .object({ ...ended, tasks, aliases: z.record(name, runAlias).default({}) })
  .refine(namesItsSource, NEEDS_SOURCE);
export type RunRepeat = z.output<typeof runRepeat>;

export const runScenario = z.object({
  id: name,
  initial_query: z.string().optional(),
  /** Hash of the scenario and its tasks: two runs with different ones did not ask the same. */
  definition: z.string().optional(),
  repeats: z.array(runRepeat).min(1),
});
export type RunScenario = z.output<typeof runScenario>;

/** The result of an offline run, as it is saved: outcomes and what they were made with, no statistics. */
export const runDocument = z.object({
  format: z.literal("scouter-run"),
  version: z.literal(RUN_DOCUMENT_VERSION),
  run_id: name,
  created_at: z.iso.datetime({ offset: true }),
  suite: z.object({ name, definition: z.string().optional() }),
  /** Of models, prompts, the agent: shown, never judged. */
  versions: z.record(name, z.string()).default({}),
  /** Hash of every task by alias and task id. */
  alias_definitions: z.record(name, z.record(name, z.string())).default({}),
  scenarios: z.array(runScenario),
});
export type RunDocument = z.output<typeof runDocument>;
/** As it may be written: fields with a default left out. */
export type RunDocumentInput = z.input<typeof runDocument>;
