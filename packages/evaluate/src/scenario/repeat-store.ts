import type { RunRepeat } from "@scouter/contracts";
import { addRepeat, emptyTally, type RunTally } from "./run-tally.ts";

/**
 * Where finished repeats go, by position of the scenario and number of the repeat, both from 0.
 *
 * Contract (suite: `@scouter/testkit` `repeatStoreContract`): what `add` resolved with is there for `read` and `has`, also after the process ended when the store outlives
 * it; `add` comes once for each repeat; `read` of an unknown one resolves with undefined. `tally` counts all that is there.
 */
export interface RepeatStore {
  readonly tally: RunTally;
  has(scenario: number, repeat: number): boolean;
  add(scenario: number, repeat: number, result: RunRepeat): Promise<void>;
  read(scenario: number, repeat: number): Promise<RunRepeat | undefined>;
}

/** Repeats in memory: for suites of some thousands, and for tests. */
export class MemoryRepeatStore implements RepeatStore {
  readonly #repeats = new Map<string, RunRepeat>();
  #tally = emptyTally;

  get tally(): RunTally {
    return this.#tally;
  }

  has(scenario: number, repeat: number): boolean {
    return this.#repeats.has(`${scenario}/${repeat}`);
  }

  async add(scenario: number, repeat: number, result: RunRepeat): Promise<void> {
    this.#repeats.set(`${scenario}/${repeat}`, result);
    this.#tally = addRepeat(this.#tally, result);
  }

  async read(scenario: number, repeat: number): Promise<RunRepeat | undefined> {
    return this.#repeats.get(`${scenario}/${repeat}`);
  }
}
