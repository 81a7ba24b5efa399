import { errors } from "../errors.ts";
import type { CompiledSuite } from "../suite/suite.ts";
import type { CollectedRecord, CollectedRepeat } from "./collected-repeat.ts";
import { jsonOf } from "./conduct-scenario.ts";
import { EvalResults } from "./eval-results.ts";
import { evaluateRepeat, type RepeatPorts } from "./evaluate-repeat.ts";
import { MemoryRepeatStore } from "./repeat-store.ts";
import { runDocumentOf, runHeader, type RunIdentity } from "./run-document-of.ts";
import type { EvaluatedSpan } from "../port/span-source.ts";

/** What a program gathered itself while its agent worked on a scenario. */
export interface GatheredScenario {
  /** As tasks see it: anything with a JSON form. */
  readonly response: unknown;
  readonly records?: Readonly<Record<string, readonly CollectedRecord[]>> | undefined;
  readonly spans?: readonly EvaluatedSpan[] | undefined;
}

/**
 * Judges what a program gathered by itself, for those who cannot let `evaluate` call their agent: collect each scenario once,
 * then evaluate.
 */
export class EvalRunner {
  readonly #compiled: CompiledSuite;
  readonly #collected = new Map<string, CollectedRepeat>();

  constructor(suite: CompiledSuite) {
    this.#compiled = suite;
  }

  /** @throws EVALUATE_SCENARIO_UNKNOWN, EVALUATE_SCENARIO_TWICE, EVALUATE_ALIAS_UNKNOWN */
  collect(scenarioId: string, { response, records = {}, spans = [] }: GatheredScenario): void {
    const { suite, aliases } = this.#compiled;
    const scenario = suite.scenarios.find(({ id }) => id === scenarioId);
    if (scenario === undefined) throw errors.EVALUATE_SCENARIO_UNKNOWN({ scenario: scenarioId });
    if (this.#collected.has(scenarioId)) {
      throw errors.EVALUATE_SCENARIO_TWICE({ scenario: scenarioId });
    }
    const unknown = Object.keys(records).find((alias) => !aliases.has(alias));
    if (unknown !== undefined) {
      const known = [...aliases.keys()].map((alias) => `'${alias}'`).join(", ") || "none";
      throw errors.EVALUATE_ALIAS_UNKNOWN({ alias: unknown, known });
    }
    const answer = jsonOf(response);
    this.#collected.set(scenarioId, {
      scenario,
      end: { kind: "answered", response: answer },
      exchanges: [{ user: scenario.initial_query, agent: answer }],
      records: new Map(Object.entries(records)),
      spans,
      startedAtMs: spans[0]?.startTimeMs ?? 0,
      durationMs: 0,
    });
  }

  /**
   * Judges what was collected. A scenario without tasks that was not collected is left out.
   * @throws EVALUATE_SCENARIO_WITHOUT_DATA
   */
  async evaluate(
    identity: Omit<RunIdentity, "repeats" | "seed">,
    ports: RepeatPorts,
  ): Promise<EvalResults> {
    const { suite, scenarioTasks } = this.#compiled;
    const store = new MemoryRepeatStore();
    const kept = [...suite.scenarios.entries()].filter(([position, { id }]) => {
      if (this.#collected.has(id)) return true;
      if (scenarioTasks[position] === undefined) return false;
      throw errors.EVALUATE_SCENARIO_WITHOUT_DATA({ scenario: id });
    });
    for (const [place, [position, { id }]] of kept.entries()) {
      const collected = this.#collected.get(id);
      if (collected === undefined) continue;
      const tasks = scenarioTasks[position];
      const result = await evaluateRepeat(this.#compiled, tasks, collected, ports);
      await store.add(place, 0, result);
    }
    const judged = { ...suite, scenarios: kept.map(([, scenario]) => scenario) };
    const header = runHeader(judged, { ...identity, repeats: 1, seed: 1 });
    return new EvalResults(await runDocumentOf(judged, header, store, 1));
  }
}
