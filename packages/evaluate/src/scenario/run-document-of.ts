import {
  RUN_DOCUMENT_VERSION,
  runDocument,
  type RunDocument,
  type RunRepeat,
  type RunScenario,
} from "@scouter/contracts";
import { aliasDefinitions, scenarioDefinition, suiteDefinition } from "../suite/definition-hash.ts";
import type { Suite } from "../suite/suite.ts";
import type { RepeatStore } from "./repeat-store.ts";

export type RunHeader = Omit<RunDocument, "scenarios">;

export interface RunIdentity {
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  readonly repeats: number;
  readonly seed: number;
  /** How the agent was named, for a reader. */
  readonly agent?: string | undefined;
  /** Beside those of the suite. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
}

/** What a saved run says before its scenarios. */
export function runHeader(suite: Suite, identity: RunIdentity): RunHeader {
  const { runId, createdAtMs, repeats, seed, agent, versions } = identity;
  return {
    format: "scouter-run",
    version: RUN_DOCUMENT_VERSION,
    run_id: runId,
    created_at: new Date(createdAtMs).toISOString(),
    suite: { name: suite.name, definition: suiteDefinition(suite) },
    versions: { ...suite.versions, ...versions },
    alias_definitions: aliasDefinitions(suite),
    settings: { repeats, seed, ...(agent === undefined ? {} : { agent }) },
  };
}

/** One scenario of a saved run; repeats that were not run are errors of the harness. */
export async function runScenarioOf(
  suite: Suite,
  position: number,
  store: RepeatStore,
  { repeats, stopped }: { readonly repeats: number; readonly stopped?: string | undefined },
): Promise<RunScenario> {
  const scenario = suite.scenarios[position];
  if (scenario === undefined) throw new RangeError(`no scenario at ${position}`);
  const own: RunRepeat[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    own.push((await store.read(position, repeat)) ?? notRun(stopped));
  }
  return {
    id: scenario.id,
    initial_query: scenario.initial_query,
    ...(typeof scenario.expected_outcome === "string"
      ? { expected_outcome: scenario.expected_outcome }
      : {}),
    definition: scenarioDefinition(scenario),
    repeats: own,
  };
}

/** The whole run in memory. */
export async function runDocumentOf(
  suite: Suite,
  header: RunHeader,
  store: RepeatStore,
  repeats: number,
): Promise<RunDocument> {
  const scenarios: RunScenario[] = [];
  for (const position of suite.scenarios.keys()) {
    const stopped = header.stopped?.reason;
    scenarios.push(await runScenarioOf(suite, position, store, { repeats, stopped }));
  }
  return runDocument.parse({ ...header, scenarios });
}

function notRun(reason: string | undefined): RunRepeat {
  const why = reason === undefined ? "" : `: ${reason}`;
  const error = `this repeat was not run${why}`;
  return { outcome: "errored", error_source: "harness", error, tasks: {}, aliases: {} };
}
