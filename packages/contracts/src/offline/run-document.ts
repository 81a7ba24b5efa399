import { z } from "zod";

/** The version that is written; readers accept every version up to it. */
export const RUN_DOCUMENT_VERSION = 1;

const name = z.string().min(1).max(512);
const createdAt = z.iso.datetime({ offset: true });

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
  .object({
    ...ended,
    gate: z.boolean().optional(),
    /** What was compared and how, for a reader. */
    message: z.string().optional(),
  })
  .refine(namesItsSource, NEEDS_SOURCE);
export type RunTask = z.output<typeof runTask>;

const tasks = z.record(name, runTask).default({});

/**
 * The workflow of one alias in one repeat, by task id. With several records a task passed when it passed on each of them;
 * the counts are over all records.
 */
export const runAlias = z
  .object({
    ...ended,
    tasks,
    /** Records of the alias in this repeat. */
    records: z.int().min(0).optional(),
    /** Task results that count: gates and skipped tasks are left out. */
    passed_tasks: z.int().min(0).optional(),
    total_tasks: z.int().min(0).optional(),
  })
  .refine(namesItsSource, NEEDS_SOURCE);
export type RunAlias = z.output<typeof runAlias>;

/** One span of a repeat's trace, as far as a report shows it. Times are milliseconds since the repeat began. */
export const runSpan = z.object({
  span_id: z.string(),
  parent_span_id: z.string().nullable().default(null),
  name: z.string(),
  start_ms: z.number(),
  duration_ms: z.number().min(0),
  status: z.enum(["unset", "ok", "error"]).default("unset"),
  attributes: z.record(z.string(), z.unknown()).optional(),
});
export type RunSpan = z.output<typeof runSpan>;

/** What judges used in one repeat; `cost_usd` is null where a price or a count is not known. */
export const runJudging = z.object({
  calls: z.int().min(0),
  cost_usd: z.number().min(0).nullable(),
  /** Calls that gates made unnecessary. */
  saved_calls: z.int().min(0).default(0),
});
export type RunJudging = z.output<typeof runJudging>;

/** What was said in one turn. */
export const runTurn = z.object({ role: z.enum(["user", "agent"]), text: z.string() });
export type RunTurn = z.output<typeof runTurn>;

/**
 * One run of one scenario: its own outcome and tasks, and those of every alias that took part. Verdicts come from outcomes
 * alone; what the agent answered, its turns, spans, time and judges are for those who look into it, and may be left out.
 */
export const runRepeat = z
  .object({
    ...ended,
    tasks,
    aliases: z.record(name, runAlias).default({}),
    /** The agent's last answer: text, or any JSON. */
    response: z.unknown().optional(),
    turns: z.array(runTurn).optional(),
    duration_ms: z.number().min(0).optional(),
    trace_id: z.string().optional(),
    spans: z.array(runSpan).optional(),
    judging: runJudging.optional(),
    /** What the model that played the user used. */
    simulated_user: runJudging.optional(),
  })
  .refine(namesItsSource, NEEDS_SOURCE);
export type RunRepeat = z.output<typeof runRepeat>;

export const runScenario = z.object({
  id: name,
  initial_query: z.string().optional(),
  expected_outcome: z.string().optional(),
  /** Hash of the scenario and its tasks: two runs with different ones did not ask the same. */
  definition: z.string().optional(),
  repeats: z.array(runRepeat).min(1),
});
export type RunScenario = z.output<typeof runScenario>;

/** Looks at growing repeats that were fixed before the run: the level of the look that ended it decides (`--max-repeat`). */
export const earlyStop = z.object({
  /** Repeats of the baseline when the looks were fixed. */
  baseline_repeats: z.int().min(1),
  max_repeat: z.int().min(1),
  /** Repeats of the candidate at each look, ascending; the last is `max_repeat`. */
  looks: z.array(z.int().min(1)).min(1),
  /** Which look ended the run, from 0. */
  look: z.int().min(0),
});
export type EarlyStop = z.output<typeof earlyStop>;

/** The result of an offline run, as it is saved: outcomes and what they were made with, no statistics. */
export const runDocument = z.object({
  format: z.literal("scouter-run"),
  version: z.literal(RUN_DOCUMENT_VERSION),
  run_id: name,
  created_at: createdAt,
  suite: z.object({ name, definition: z.string().optional() }),
  /** Of models, prompts, the agent: shown, never judged. */
  versions: z.record(name, z.string()).default({}),
  /** Hash of every task by alias and task id. */
  alias_definitions: z.record(name, z.record(name, z.string())).default({}),
  /** Set when repeats ended at a look before, or at, the last one. */
  early_stop: earlyStop.optional(),
  /** The runs whose repeats were put together into this one. */
  pooled_from: z.array(z.object({ run_id: name, created_at: createdAt })).optional(),
  /** How the run was made. */
  settings: z
    .object({ repeats: z.int().min(1), seed: z.int(), agent: z.string().optional() })
    .optional(),
  /** Set when the run ended before its plan did; repeats that were not run are errors of the harness. */
  stopped: z.object({ reason: z.string(), not_run: z.int().min(0) }).optional(),
  scenarios: z.array(runScenario),
});
export type RunDocument = z.output<typeof runDocument>;
/** As it may be written: fields with a default left out. */
export type RunDocumentInput = z.input<typeof runDocument>;
