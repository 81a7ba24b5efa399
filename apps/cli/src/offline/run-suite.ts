import { systemClock, type RunDocument } from "@scouter/contracts";
import type { Judging, ModelledUser, Suite } from "@scouter/evaluate";
import type { RunOptions, StoredRun } from "@scouter/sdk/offline";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import type { LoadedAgent } from "./loaded-agent.ts";
import { progressLine } from "./progress-line.ts";
import type { RunGrowth } from "./run-growth.ts";

export interface SuiteRunOptions {
  readonly concurrency: number;
  readonly repeat: number;
  readonly seed: number;
  readonly timeoutMs: number;
  readonly budgetUsd: number | undefined;
  readonly failFast: boolean;
  /** Absolute; results go there and a run that was ended goes on from there. */
  readonly folder: string | undefined;
  readonly resume: boolean;
  /** Ends the run when more repeats are not needed; `repeat` is the most then. */
  readonly growth: RunGrowth | undefined;
  /** The model that plays users, as `<provider>/<model>`. */
  readonly simulatedUser: string | undefined;
}

export interface FinishedRun {
  readonly document: RunDocument;
  /** Where it is saved. */
  readonly file: string | undefined;
}

/** Runs a suite with its results on disk when there is a folder, else in memory. */
export async function runSuite(
  terminal: Terminal,
  suite: Suite,
  agent: LoadedAgent,
  run: SuiteRunOptions & { readonly runId: string; readonly signal: AbortSignal },
): Promise<FinishedRun> {
  const { MemoryRepeatStore, readRun, runDocumentOf, runHeader, suiteDefinition } =
    await import("@scouter/evaluate");
  const { RunJournal, writeResults } = await import("@scouter/sdk/offline");
  const createdAtMs = systemClock.now();
  const journal =
    run.folder === undefined
      ? undefined
      : await RunJournal.open({
          folder: run.folder,
          plan: {
            suite: suiteDefinition(suite),
            seed: run.seed,
            repeats: run.repeat,
            agent: agent.name,
          },
          runId: run.runId,
          createdAtMs,
          resume: run.resume,
        });
  if (journal !== undefined && journal.resumed > 0) {
    terminal.err(`going on after ${String(journal.resumed)} finished repeats\n`);
  }
  const { growth } = run;
  const progress = progressLine(terminal);
  const store = journal ?? new MemoryRepeatStore();
  const identity = {
    runId: journal?.head.run_id ?? run.runId,
    createdAtMs: journal?.head.created_at_ms ?? createdAtMs,
    seed: run.seed,
    agent: agent.name,
    versions: agent.versions,
  };
  const soFar = (repeats: number) =>
    runDocumentOf(suite, runHeader(suite, { ...identity, repeats }), store, repeats);
  try {
    const stored = await orchestrate(agent, {
      suite,
      agent: agent.agent,
      buildResponse: agent.buildResponse,
      errorSource: agent.errorSource,
      versions: agent.versions,
      agentName: agent.name,
      repeats: run.repeat,
      concurrency: run.concurrency,
      seed: run.seed,
      timeoutMs: run.timeoutMs,
      budgetUsd: run.budgetUsd,
      failFast: run.failFast,
      signal: run.signal,
      runId: identity.runId,
      createdAtMs: identity.createdAtMs,
      store,
      isEnough: growth && ((repeats) => growth.isEnough(() => soFar(repeats), repeats)),
      onRepeat: (made) => progress.update(made),
      ...(await modelsFor(terminal, suite, agent, run.simulatedUser)),
    });
    const { end } = stored;
    const { earlyStop } = growth ?? {};
    const header =
      earlyStop === undefined ? stored.header : { ...stored.header, early_stop: earlyStop };
    if (journal === undefined || run.folder === undefined) {
      const document = await runDocumentOf(suite, header, store, end.repeats);
      return { document, file: undefined };
    }
    const about = { suite, header, store, repeats: end.repeats };
    const file = await writeResults(run.folder, about);
    const document = readRun(await parsed(file), file);
    // A run that its budget stopped goes on from its journal when it is resumed with more.
    if (header.stopped === undefined) await journal.remove();
    return { document, file };
  } finally {
    progress.end();
    // Closing twice is no error here: a removed journal is closed.
    await journal?.close().catch(() => undefined);
  }
}

async function orchestrate({ orchestrator }: LoadedAgent, options: RunOptions): Promise<StoredRun> {
  const { EvalOrchestrator } = await import("@scouter/sdk/offline");
  return new (orchestrator ?? EvalOrchestrator)(options).runToStore();
}

/** Models are configured, and their packages loaded, for suites with judges or users to play. */
async function modelsFor(
  terminal: Terminal,
  suite: Suite,
  agent: LoadedAgent,
  simulatedUser: string | undefined,
): Promise<Pick<RunOptions, "judging" | "simulatedUser">> {
  const { simulatedUser: own } = agent;
  const hasJudge =
    [...suite.aliases.values()].some(({ tasks }) => tasks.judge.length > 0) ||
    suite.scenarios.some(({ tasks }) => tasks.judge.length > 0);
  if (!hasJudge && simulatedUser === undefined) return { simulatedUser: own };
  const { judgingFromEnvironment } = await import("@scouter/server/judging");
  const judging = judgingFromEnvironment(terminal.env, systemClock, Math.random);
  if (simulatedUser === undefined) return { judging, simulatedUser: own };
  return { judging, simulatedUser: await userFrom(judging, simulatedUser) };
}

async function userFrom(judging: Judging, given: string): Promise<ModelledUser> {
  const { modelledUser } = await import("@scouter/evaluate");
  const [provider = "", ...rest] = given.split("/");
  const name = rest.join("/");
  const model = judging.models.get(provider.toLowerCase(), name);
  if (model === undefined) throw errors.CLI_SIMULATED_USER({ given });
  const price = judging.priceOf?.(provider.toLowerCase(), name);
  return modelledUser({ model, price, clock: systemClock, random: judging.random });
}

async function parsed(file: string): Promise<unknown> {
  const { readFile } = await import("node:fs/promises");
  return JSON.parse(await readFile(file, "utf8"));
}
