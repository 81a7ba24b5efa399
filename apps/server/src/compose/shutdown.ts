import { performance } from "node:perf_hooks";
import type { Logger } from "../log/make-logger.ts";

interface Step {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/**
 * Steps that undo the start, last one first. What a start has opened before it failed is undone by the same list. A
 * step that fails is logged and the next one runs: the database must be closed whatever happened before.
 */
export class Shutdown {
  readonly #logger: Logger;
  readonly #steps: Step[] = [];
  #running: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param name what the step does, for the log */
  push(name: string, run: Step["run"]): void {
    this.#steps.push({ name, run });
  }

  /** Runs once; later calls wait for the first. */
  run(reason: string): Promise<void> {
    this.#running ??= this.#runAll(reason);
    return this.#running;
  }

  async #runAll(reason: string): Promise<void> {
    this.#logger.info({ reason }, "stopping");
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      const startedMs = performance.now();
      try {
        await step.run();
        const tookMs = Math.round(performance.now() - startedMs);
        this.#logger.info({ tookMs }, `stop: ${step.name}`);
      } catch (err) {
        this.#logger.error({ err }, `stop: ${step.name} failed`);
      }
    }
    this.#logger.info("stopped");
  }
}
