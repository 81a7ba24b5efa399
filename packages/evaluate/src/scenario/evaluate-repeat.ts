import type { Json, RunAlias, RunJudging, RunRepeat, RunSpan, RunTask } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { evaluateRecord } from "../execute/evaluate-record.ts";
import type { JudgingSummary } from "../execute/judging-summary.ts";
import type { RecordEvaluation } from "../execute/record-run.ts";
import type { EvaluationPorts } from "../execute/run-scope.ts";
import type { CompiledTasks } from "../execute/compiled-task.ts";
import { cappedJson } from "../json/capped-json.ts";
import { storableJson } from "../json/storable-json.ts";
import type { EvaluatedSpan, SpanSource } from "../port/span-source.ts";
import type { CompiledSuite } from "../suite/suite.ts";
import type { CollectedRecord, CollectedRepeat } from "./collected-repeat.ts";
import { turnsOf } from "./conversation.ts";
import { scenarioContext } from "./scenario-context.ts";
import { traceOnlyRecords } from "./trace-only-records.ts";
import { mergedTask, runTaskOf, taskCounts, workflowEnding } from "./workflow-outcome.ts";

export interface RepeatPorts extends Pick<EvaluationPorts, "clock" | "judging"> {
  readonly signal?: AbortSignal | undefined;
}

/** A larger answer is cut in results; tasks saw all of it. */
const MAX_RESPONSE_BYTES = 65_536;
/** Further spans are left out of results; tasks saw all of them. */
const MAX_KEPT_SPANS = 200;
const MAX_SPAN_VALUE_BYTES = 2_048;

/**
 * Judges what one run of a scenario left behind: the tasks of every alias on its records, each with the spans of its own
 * trace, then the scenario's tasks on its answer with all spans. An errored repeat is not judged further.
 */
export async function evaluateRepeat(
  compiled: CompiledSuite,
  tasks: CompiledTasks | undefined,
  collected: CollectedRepeat,
  ports: RepeatPorts,
): Promise<RunRepeat> {
  const { end } = collected;
  const details = detailsOf(collected);
  if (end.kind === "errored") {
    const { source, error } = end;
    return { outcome: "errored", error_source: source, error, tasks: {}, aliases: {}, ...details };
  }
  const unknown = unknownAlias(compiled, collected);
  if (unknown !== undefined) {
    const error = errors.EVALUATE_ALIAS_UNKNOWN(unknown).message;
    return {
      outcome: "errored",
      error_source: "harness",
      error,
      tasks: {},
      aliases: {},
      ...details,
    };
  }
  const aliases = await evaluateAliases(compiled, collected, ports);
  const own = tasks === undefined ? undefined : await evaluateScenario(tasks, collected, ports);
  const evaluations = [...aliases.flatMap(({ evaluations: all }) => all), ...(own ? [own] : [])];
  const results = namedTasks(own?.tasks.map((result) => [result.task_id, runTaskOf(result)]) ?? []);
  return {
    ...workflowEnding(Object.values(results)),
    tasks: results,
    aliases: Object.fromEntries(aliases.map(({ alias, result }) => [alias, result])),
    ...details,
    judging: judgingOf(evaluations.map(({ judging }) => judging)),
  };
}

interface AliasEvaluation {
  readonly alias: string;
  readonly evaluations: readonly RecordEvaluation[];
  readonly result: RunAlias;
}

/** A suite without aliases lets the agent's records be; one with aliases must know them all. */
function unknownAlias({ aliases }: CompiledSuite, { records }: CollectedRepeat) {
  if (aliases.size === 0) return undefined;
  const alias = [...records.keys()].find((own) => !aliases.has(own));
  if (alias === undefined) return undefined;
  return { alias, known: [...aliases.keys()].map((own) => `'${own}'`).join(", ") };
}

async function evaluateAliases(
  { aliases }: CompiledSuite,
  collected: CollectedRepeat,
  ports: RepeatPorts,
): Promise<readonly AliasEvaluation[]> {
  const only = traceOnlyRecords(collected.spans, aliases, collected.records);
  const traces = Map.groupBy(collected.spans, ({ traceId }) => traceId);
  const spanSource: SpanSource = { spansOf: async (traceId) => traces.get(traceId) ?? [] };
  const found: AliasEvaluation[] = [];
  for (const [alias, { tasks, entityUid }] of aliases) {
    const records = [...(collected.records.get(alias) ?? []), ...(only.get(alias) ?? [])];
    if (records.length === 0) continue;
    const evaluations = await Promise.all(
      records.map((record) =>
        evaluateRecord({
          tasks,
          context: record.context,
          recordUid: record.uid,
          entityUid: entityUid ?? alias,
          traceId: record.traceId,
          ports: { ...ports, spanSource },
          signal: ports.signal,
        }),
      ),
    );
    found.push({ alias, evaluations, result: aliasResult(records, evaluations) });
  }
  return found;
}

function aliasResult(
  records: readonly CollectedRecord[],
  evaluations: readonly RecordEvaluation[],
): RunAlias {
  const rows = evaluations.flatMap(({ tasks }) => tasks);
  const byTask = Map.groupBy(rows, ({ task_id }) => task_id);
  const tasks = namedTasks(
    [...byTask].map(([id, results]) => [id, mergedTask(results.map(runTaskOf))]),
  );
  return {
    ...workflowEnding(Object.values(tasks)),
    tasks,
    records: records.length,
    ...taskCounts(evaluations),
  };
}

function evaluateScenario(
  tasks: CompiledTasks,
  collected: CollectedRepeat,
  ports: RepeatPorts,
): Promise<RecordEvaluation> {
  const { scenario, spans } = collected;
  return evaluateRecord({
    tasks,
    context: scenarioContext(collected),
    recordUid: scenario.id,
    entityUid: scenario.id,
    // A conversation may have a trace for every turn: its tasks see them together.
    traceId: spans.length === 0 ? null : scenario.id,
    ports: { ...ports, spanSource: { spansOf: async () => spans } },
    signal: ports.signal,
  });
}

function namedTasks(entries: readonly (readonly [string, RunTask])[]): Record<string, RunTask> {
  return Object.fromEntries(entries);
}

function judgingOf(summaries: readonly JudgingSummary[]): RunJudging {
  const sum = (count: (own: JudgingSummary) => number) =>
    summaries.reduce((total, own) => total + count(own), 0);
  const isPriced = summaries.every(({ costUsd }) => costUsd !== null);
  return {
    calls: sum(({ calls }) => calls),
    cost_usd: isPriced ? sum(({ costUsd }) => costUsd ?? 0) : null,
    saved_calls: sum(({ savedCalls }) => savedCalls),
  };
}

function detailsOf(collected: CollectedRepeat) {
  const { end, exchanges, spans, durationMs, simulatedUser } = collected;
  const [first] = spans;
  return {
    ...(end.kind === "answered" ? { response: kept(end.response, MAX_RESPONSE_BYTES) } : {}),
    ...(exchanges.length > 1 ? { turns: turnsOf(exchanges) } : {}),
    duration_ms: durationMs,
    ...(first === undefined ? {} : { trace_id: first.traceId, spans: runSpans(collected) }),
    ...(simulatedUser === undefined ? {} : { simulated_user: simulatedUser }),
  };
}

function runSpans({ spans, startedAtMs }: CollectedRepeat): RunSpan[] {
  return spans.slice(0, MAX_KEPT_SPANS).map((span) => ({
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    name: span.name,
    start_ms: rounded(span.startTimeMs - startedAtMs),
    duration_ms: rounded(Math.max(0, span.endTimeMs - span.startTimeMs)),
    status: STATUS[span.status],
    attributes: keptAttributes(span),
  }));
}

const STATUS = { Unset: "unset", Ok: "ok", Error: "error" } as const;

function keptAttributes({ attributes }: EvaluatedSpan): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, kept(value, MAX_SPAN_VALUE_BYTES)]),
  );
}

function kept(value: Json, maximumBytes: number): Json {
  return cappedJson(storableJson(value), maximumBytes);
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
