import type { Json } from "@scouter/contracts";
import type { CompiledTask, CompiledTasks } from "../execute/compiled-task.ts";
import { majorityOf, type CompiledJudge } from "../judge/compiled-judge.ts";
import { renderPrompt } from "../judge/prompt-template.ts";
import type { PriceOf } from "../judge/spend.ts";
import { scopedContext } from "../execute/scoped-context.ts";

/** What is expected of a profile's judges. */
export interface JudgingTraffic {
  /** Records that the app makes a day, before sampling. */
  readonly recordsPerDay: number;
  /** Share of them that is evaluated, 0..1. */
  readonly sampleRatio: number;
  /** Share of records that pass a gate, 0..1; undefined when it is not known, then all do. */
  readonly passShareOf?: ((gateId: string) => number | undefined) | undefined;
  /** Tokens of one call as they were measured; undefined when the judge never ran. */
  readonly tokensOf?: ((taskId: string) => CallTokens | undefined) | undefined;
  /** Contexts of records like those to come: prompts are filled with them to count their tokens. */
  readonly samples?: readonly Json[] | undefined;
  readonly priceOf: PriceOf;
}

export interface CallTokens {
  readonly input: number;
  readonly output: number;
}

export interface JudgeEstimate {
  readonly taskId: string;
  readonly provider: string;
  readonly model: string;
  /** Gates before it, directly or through other tasks, in the order of declaration. */
  readonly gates: readonly string[];
  /** Share of evaluated records that reach it, 0..1: its gates taken for independent of each other. */
  readonly reachedShare: number;
  /** As many as its votes need at least. */
  readonly callsPerDay: number;
  /** When every vote is asked; retries come on top. */
  readonly mostCallsPerDay: number;
  readonly savedCallsPerDay: number;
  readonly tokens: CallTokens & { readonly basis: "measured" | "sampled" | "assumed" };
  /** US dollars; null when the model has no known price. */
  readonly usdPerCall: number | null;
  readonly usdPerDay: number | null;
  readonly savedUsdPerDay: number | null;
}

export interface JudgingEstimate {
  /** After sampling. */
  readonly evaluatedPerDay: number;
  readonly judges: readonly JudgeEstimate[];
  readonly callsPerDay: number;
  readonly savedCallsPerDay: number;
  /** Null when one judge's is not known. */
  readonly usdPerDay: number | null;
  readonly savedUsdPerDay: number | null;
}

/** Characters a token, as English text has them on average. */
const CHARACTERS_PER_TOKEN = 4;
/** Characters taken for a variable of which nothing is known. */
const ASSUMED_VARIABLE_CHARACTERS = 800;
/** A verdict with its reason, where no answer was measured. */
const ASSUMED_OUTPUT_TOKENS = 120;

/**
 * Prices a profile's judges before they run: records a day x sample ratio x share that passes the gates x calls x price.
 *
 * @example
 * estimateJudging(compileTasks(profile.tasks), { recordsPerDay: 50_000, sampleRatio: 0.1, priceOf: priceTable() });
 */
export function estimateJudging(tasks: CompiledTasks, traffic: JudgingTraffic): JudgingEstimate {
  const evaluatedPerDay = traffic.recordsPerDay * traffic.sampleRatio;
  const judges = tasks.tasks.flatMap((task) =>
    task.subject.kind === "judge"
      ? [estimateJudge(tasks, task, task.subject.judge, evaluatedPerDay, traffic)]
      : [],
  );
  const sum = (of: (judge: JudgeEstimate) => number) =>
    judges.reduce((total, judge) => total + of(judge), 0);
  const money = (of: (judge: JudgeEstimate) => number | null) =>
    judges.some((judge) => of(judge) === null) ? null : sum((judge) => of(judge) ?? 0);
  return {
    evaluatedPerDay,
    judges,
    callsPerDay: sum(({ callsPerDay }) => callsPerDay),
    savedCallsPerDay: sum(({ savedCallsPerDay }) => savedCallsPerDay),
    usdPerDay: money(({ usdPerDay }) => usdPerDay),
    savedUsdPerDay: money(({ savedUsdPerDay }) => savedUsdPerDay),
  };
}

function estimateJudge(
  tasks: CompiledTasks,
  task: CompiledTask,
  judge: CompiledJudge,
  evaluatedPerDay: number,
  traffic: JudgingTraffic,
): JudgeEstimate {
  const gates = gatesBefore(tasks, task);
  const reachedShare = gates.reduce((share, id) => share * (traffic.passShareOf?.(id) ?? 1), 1);
  const unguarded = evaluatedPerDay * majorityOf(judge.votes);
  const callsPerDay = unguarded * reachedShare;
  const tokens = tokensOf(tasks, task, judge, traffic);
  const price = traffic.priceOf(judge.provider, judge.model);
  const usdPerCall =
    price === undefined
      ? null
      : (price.inputUsdPerMillion * tokens.input + price.outputUsdPerMillion * tokens.output) / 1e6;
  const money = (calls: number) => (usdPerCall === null ? null : usdPerCall * calls);
  return {
    taskId: task.id,
    provider: judge.provider,
    model: judge.model,
    gates,
    reachedShare,
    callsPerDay,
    mostCallsPerDay: evaluatedPerDay * reachedShare * judge.votes,
    savedCallsPerDay: unguarded - callsPerDay,
    tokens,
    usdPerCall,
    usdPerDay: money(callsPerDay),
    savedUsdPerDay: money(unguarded - callsPerDay),
  };
}

/** Every gate that must pass before the task runs: skipping is handed on along all dependencies. */
function gatesBefore({ tasks, graph }: CompiledTasks, task: CompiledTask): readonly string[] {
  const before = new Set(task.parents);
  // A set yields what is added while it is walked.
  for (const position of before) {
    for (const parent of graph.parents[position] ?? []) before.add(parent);
  }
  return tasks.filter(({ isGate }, position) => isGate && before.has(position)).map(({ id }) => id);
}

function tokensOf(
  tasks: CompiledTasks,
  task: CompiledTask,
  judge: CompiledJudge,
  { tokensOf: measured, samples = [] }: JudgingTraffic,
): JudgeEstimate["tokens"] {
  const known = measured?.(task.id);
  if (known !== undefined) return { ...known, basis: "measured" };
  const output = ASSUMED_OUTPUT_TOKENS;
  const schema =
    judge.settings.schema === undefined ? 0 : JSON.stringify(judge.settings.schema).length;
  const sizes = samples.flatMap((sample) => promptCharacters(tasks, task, judge, sample) ?? []);
  if (sizes.length > 0) {
    const mean = sizes.reduce((total, size) => total + size, 0) / sizes.length;
    return { input: Math.ceil((mean + schema) / CHARACTERS_PER_TOKEN), output, basis: "sampled" };
  }
  const assumed = judge.messages
    .flatMap(({ content }) => content)
    .reduce(
      (total, part) =>
        total + (part.kind === "literal" ? part.text.length : ASSUMED_VARIABLE_CHARACTERS),
      schema,
    );
  return { input: Math.ceil(assumed / CHARACTERS_PER_TOKEN), output, basis: "assumed" };
}

/** Undefined when the sample lacks a variable. Outputs of dependencies are not known and taken for a short text. */
function promptCharacters(
  { tasks }: CompiledTasks,
  task: CompiledTask,
  judge: CompiledJudge,
  sample: Json,
): number | undefined {
  const outputs = task.parents.map((parent) => ({ id: tasks[parent]?.id ?? "", value: "-" }));
  const context = scopedContext(sample, outputs);
  try {
    return judge.messages.reduce(
      (total, { content }) => total + renderPrompt(content, context).length,
      0,
    );
  } catch {
    // A record like this would end as errored without a call.
    return undefined;
  }
}
