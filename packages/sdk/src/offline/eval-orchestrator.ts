import { type Clock, type EvalScenario, type Json, systemClock } from "@scouter/contracts";
import {
  compileSuite,
  type CompiledSuite,
  type Conversation,
  conductScenario,
  type ConductOptions,
  EvalResults,
  type Exchange,
  isInteractive,
  MemoryRepeatStore,
  type RepeatEnd,
  type RepeatJob,
  type RepeatStore,
  runDocumentOf,
  type RunEnd,
  type RunHeader,
  runHeader,
  runScenarios,
  type Suite,
  suiteOf,
  type TurnContext,
  type UserReply,
} from "@scouter/evaluate";
import { scopeCapture } from "../capture/scope-capture.ts";
import { startSpanCapture } from "../capture/span-capture.ts";
import { errors } from "../errors.ts";
import { uuidv7 } from "../identity/uuidv7.ts";
import type { RunOptions } from "./evaluate-options.ts";

const DEFAULT_TIMEOUT_MS = 300_000;

/** One repeat of a scenario, for hooks; `converse` has the usual conversation and gives the last answer. */
export interface ScenarioContext extends RepeatJob {
  readonly converse: () => Promise<Json>;
}

/** A run without its scenarios: what a writer needs that streams them from the store. */
export interface StoredRun {
  readonly suite: Suite;
  readonly header: RunHeader;
  readonly end: RunEnd;
  readonly store: RepeatStore;
}

/**
 * Runs a suite against an agent. Extend it to change a step; each may be async, and several repeats go through them at
 * once. An error in a step ends that repeat, not the run.
 *
 * ```ts
 * class SupportRun extends EvalOrchestrator {
 *   protected override async executeAgentTurn(scenario: EvalScenario, message: string) {
 *     return this.#session(scenario.id).ask(message);
 *   }
 * }
 * const results = await new SupportRun({ suite: await loadSuite("support.yaml") }).run();
 * ```
 */
export class EvalOrchestrator<Result = EvalResults> {
  protected readonly options: RunOptions;
  readonly #clock: Clock;

  constructor(options: RunOptions) {
    this.options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * @throws EVALUATE_SUITE_INVALID, EVALUATE_TASKS_INVALID, EVALUATE_RUN_OPTION_INVALID; the signal's reason; with
   * `failFast` what the agent threw
   */
  async run(): Promise<Result> {
    const { suite, header, end, store } = await this.runToStore();
    const document = await runDocumentOf(suite, header, store, end.repeats);
    return this.onEvaluationComplete(new EvalResults(document));
  }

  /** Runs without gathering the results in memory: they are in the store. `onEvaluationComplete` is not called. */
  async runToStore(): Promise<StoredRun> {
    const { options } = this;
    const suite = isSuite(options.suite) ? options.suite : suiteOf(options.suite);
    this.#checkSteps(suite);
    const compiled = compileSuite(suite);
    const { seed = 1, repeats = 1, store = new MemoryRepeatStore() } = options;
    const identity = {
      runId: options.runId ?? uuidv7(),
      createdAtMs: options.createdAtMs ?? this.#clock.now(),
      repeats,
      seed,
      agent: options.agentName,
      versions: options.versions,
    };
    const spans = options.captureSpans === false ? undefined : await startSpanCapture();
    try {
      const end = await this.#work(compiled, { seed, repeats, store });
      const header = runHeader(suite, { ...identity, repeats: end.repeats });
      const { stopped } = end;
      return { suite, header: stopped ? { ...header, stopped } : header, end, store };
    } finally {
      spans?.end();
    }
  }

  /** A step that nobody gave is told before anything runs. */
  #checkSteps({ scenarios }: Suite): void {
    const own = EvalOrchestrator.prototype;
    const { agent, simulatedUser } = this.options;
    const asksOption =
      this.executeAgentTurn === own.executeAgentTurn && this.executeAgent === own.executeAgent;
    if (asksOption && agent === undefined) throw errors.SDK_AGENT_MISSING({ option: "agent" });
    const asksUser = this.executeSimulatedUserTurn === own.executeSimulatedUserTurn;
    if (asksUser && simulatedUser === undefined && scenarios.some(isInteractive)) {
      throw errors.SDK_AGENT_MISSING({ option: "simulatedUser" });
    }
  }

  #work(
    suite: CompiledSuite,
    about: { readonly seed: number; readonly repeats: number; readonly store: RepeatStore },
  ): Promise<RunEnd> {
    const { options } = this;
    const conduct = this.#conductOptions();
    return runScenarios({
      ...about,
      suite,
      conduct: (job) => conductScenario(job, conduct),
      ports: { clock: this.#clock, judging: options.judging },
      concurrency: options.concurrency ?? 4,
      signal: options.signal,
      budgetUsd: options.budgetUsd,
      failFast: options.failFast,
      onRepeat: options.onRepeat,
      isEnough: options.isEnough,
    });
  }

  #conductOptions(): ConductOptions {
    return {
      capture: scopeCapture(this.#clock),
      clock: this.#clock,
      timeoutMs: this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      conductor: {
        begin: (job) => this.onScenarioStart(job.scenario, job),
        converse: (speak, job) => this.#converse(speak, job),
        agent: (message, context) => this.executeAgentTurn(context.scenario, message, context),
        user: async (response, context) =>
          this.executeSimulatedUserTurn(context.scenario, response, context),
        respond: (scenario, response, exchanges) =>
          this.buildScenarioResponse(scenario, response, exchanges),
        complete: (job, response, end) => this.onScenarioComplete(job.scenario, response, end),
        sourceOf: this.options.errorSource,
        simulatedUser: ({ seed }) => {
          const { simulatedUser } = this.options;
          return typeof simulatedUser === "object" ? simulatedUser.takeUsage(seed) : undefined;
        },
      },
    };
  }

  async #converse(speak: () => Promise<Conversation>, job: RepeatJob): Promise<Conversation> {
    if (isInteractive(job.scenario)) return speak();
    let held: Conversation | undefined;
    const converse = async () => {
      held = await speak();
      return held.response;
    };
    const response = await this.executeAgent(job.scenario, { ...job, converse });
    const said = { user: job.scenario.initial_query, agent: response };
    return { response, exchanges: held?.exchanges ?? [said] };
  }

  /** The whole of a scenario without a simulated user; default: the query and the predefined turns, one after the other. */
  protected executeAgent(_scenario: EvalScenario, context: ScenarioContext): Promise<Json> {
    return context.converse();
  }

  /** The agent's answer to one message; default: the option `agent`. */
  protected executeAgentTurn(
    _scenario: EvalScenario,
    message: string,
    context: TurnContext,
  ): unknown {
    const { agent } = this.options;
    if (agent === undefined) throw errors.SDK_AGENT_MISSING({ option: "agent" });
    return agent(message, context);
  }

  /** What the user says to an answer; default: the option `simulatedUser`. `context.history` lacks the current exchange. */
  protected executeSimulatedUserTurn(
    _scenario: EvalScenario,
    response: Json,
    context: TurnContext,
  ): UserReply | string | Promise<UserReply | string> {
    const { simulatedUser } = this.options;
    if (simulatedUser === undefined) throw errors.SDK_AGENT_MISSING({ option: "simulatedUser" });
    if (typeof simulatedUser === "function") return simulatedUser(response, context);
    return simulatedUser.reply(response, context);
  }

  /** What tasks see as `response`; `exchanges` holds all, the last included. Default: the last answer. */
  protected buildScenarioResponse(
    scenario: EvalScenario,
    response: Json,
    exchanges: readonly Exchange[],
  ): unknown {
    const { buildResponse } = this.options;
    return buildResponse === undefined ? response : buildResponse(scenario, response, exchanges);
  }

  /** Before a repeat of a scenario. */
  protected onScenarioStart(_scenario: EvalScenario, _job: RepeatJob): void | Promise<void> {
    // For those who extend.
  }

  /** After a repeat: with the agent's own last answer (undefined when there is none) and how it ended. */
  protected onScenarioComplete(
    _scenario: EvalScenario,
    _response: Json | undefined,
    _end: RepeatEnd,
  ): void | Promise<void> {
    // For those who extend.
  }

  /** At the end of `run`, which resolves with what this gives. */
  protected onEvaluationComplete(results: EvalResults): Result | Promise<Result> {
    return results as unknown as Result;
  }
}

function isSuite(given: object): given is Suite {
  return "aliases" in given && given.aliases instanceof Map;
}
