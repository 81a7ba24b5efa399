import {
  RUN_DOCUMENT_VERSION,
  runDocument,
  type EvaluationTask,
  type Json,
  type RunAlias,
  type RunScenario,
} from "@scouter/contracts";
import { errors } from "../errors.ts";
import { compileTasks } from "../execute/compile-tasks.ts";
import type { CompiledTasks } from "../execute/compiled-task.ts";
import { evaluateRecord } from "../execute/evaluate-record.ts";
import type { EvaluationPorts } from "../execute/run-scope.ts";
import { isJsonObject } from "../json/json-type.ts";
import { definitionHash, taskDefinition } from "../suite/definition-hash.ts";
import { bucketsOf } from "../task/task-buckets.ts";
import { jsonOf } from "./conduct-scenario.ts";
import { EvalResults } from "./eval-results.ts";
import { runTaskOf, taskCounts, workflowEnding } from "./workflow-outcome.ts";

export interface DatasetRecord {
  /** What two runs are matched by; default: its place, `record-1` for the first. */
  readonly id?: string | undefined;
  /** What the tasks look at: anything with a JSON form. */
  readonly context: unknown;
  /** For trace assertions, with a `SpanSource`. */
  readonly traceId?: string | null | undefined;
}

export interface DatasetRunOptions {
  readonly ports: EvaluationPorts;
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** Records under way at once, default 16. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface OwnRecord {
  readonly id: string;
  readonly context: Json;
  readonly traceId: string | null;
}

/**
 * Records and tasks without an agent: what was logged, or made elsewhere, is judged. Results are in the order of the
 * records, each a scenario under its id with one alias, the dataset's name.
 *
 * ```ts
 * const dataset = new EvalDataset("answers", records, tasks);
 * const results = await dataset.evaluate({ ports: { clock: systemClock }, runId: "r1", createdAtMs: Date.now() });
 * results.scenario("record-1").repeats[0].aliases["answers"].outcome;
 * ```
 */
export class EvalDataset {
  readonly name: string;
  readonly #records: readonly OwnRecord[];
  readonly #tasks: readonly EvaluationTask[];
  readonly #compiled: CompiledTasks;

  /** @throws EVALUATE_TASKS_INVALID, EVALUATE_RUN_SCENARIO_TWICE for two records with one id */
  constructor(name: string, records: readonly DatasetRecord[], tasks: readonly EvaluationTask[]) {
    this.name = name;
    this.#tasks = tasks;
    this.#compiled = compileTasks(bucketsOf(tasks));
    this.#records = records.map(({ id, context, traceId }, index) => ({
      id: id ?? `record-${index + 1}`,
      context: jsonOf(context),
      traceId: traceId ?? null,
    }));
    const ids = new Set<string>();
    for (const { id } of this.#records) {
      if (ids.has(id)) throw errors.EVALUATE_RUN_SCENARIO_TWICE({ run: name, scenario: id });
      ids.add(id);
    }
  }

  get records(): readonly DatasetRecord[] {
    return this.#records;
  }

  /** Stages of the tasks, as they would run. */
  get plan(): CompiledTasks["plan"] {
    return this.#compiled.plan;
  }

  /**
   * The same records with other contexts: the members of an object are added to the record's own, anything else replaces it.
   * @throws EVALUATE_SCENARIO_UNKNOWN for an id that no record has
   */
  withUpdatedContexts(contexts: Readonly<Record<string, unknown>>): EvalDataset {
    const known = new Set(this.#records.map(({ id }) => id));
    for (const id of Object.keys(contexts)) {
      if (!known.has(id)) throw errors.EVALUATE_SCENARIO_UNKNOWN({ scenario: id });
    }
    const records = this.#records.map((record) => {
      if (!Object.hasOwn(contexts, record.id)) return record;
      const given = jsonOf(contexts[record.id]);
      const isMerged = isJsonObject(record.context) && isJsonObject(given);
      const context = isMerged ? { ...(record.context as object), ...(given as object) } : given;
      return { ...record, context };
    });
    return new EvalDataset(this.name, records, this.#tasks);
  }

  /** @throws the signal's reason */
  async evaluate(options: DatasetRunOptions): Promise<EvalResults> {
    const scenarios: RunScenario[] = [];
    const jobs = this.#records.entries();
    const worker = async () => {
      for (const [position, record] of jobs) {
        scenarios[position] = await this.#judge(record, options);
      }
    };
    const { concurrency = 16 } = options;
    await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker));
    const definitions = this.#tasks.map((task) => [task.id, taskDefinition(task)] as const);
    const document = {
      format: "scouter-run",
      version: RUN_DOCUMENT_VERSION,
      run_id: options.runId,
      created_at: new Date(options.createdAtMs).toISOString(),
      suite: { name: this.name, definition: definitionHash(definitions) },
      alias_definitions: { [this.name]: Object.fromEntries(definitions) },
      settings: { repeats: 1, seed: 1 },
      scenarios,
    };
    return new EvalResults(runDocument.parse(document));
  }

  async #judge(record: OwnRecord, { ports, signal }: DatasetRunOptions): Promise<RunScenario> {
    const evaluation = await evaluateRecord({
      tasks: this.#compiled,
      context: record.context,
      recordUid: record.id,
      entityUid: this.name,
      traceId: record.traceId,
      ports,
      signal,
    });
    const tasks = Object.fromEntries(
      evaluation.tasks.map((result) => [result.task_id, runTaskOf(result)]),
    );
    const alias: RunAlias = {
      ...workflowEnding(Object.values(tasks)),
      tasks,
      records: 1,
      ...taskCounts([evaluation]),
    };
    const { calls, costUsd, savedCalls } = evaluation.judging;
    const judging = { calls, cost_usd: costUsd, saved_calls: savedCalls };
    const aliases = { [this.name]: alias };
    // Nothing was asked: the record alone is judged, as the workflow of its alias.
    return {
      id: record.id,
      repeats: [{ outcome: "skipped", tasks: {}, aliases, judging }],
    };
  }
}
