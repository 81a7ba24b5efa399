import type { OutgoingBatch, RejectedItem } from "@scouter/sdk";

/** What the far end of a transport does with one message. */
export type FarEndStep =
  | { readonly kind: "store" }
  /** Stores the batch but for these items. */
  | { readonly kind: "reject-items"; readonly items: readonly RejectedItem[] }
  /** Refuses the batch for now. */
  | { readonly kind: "busy"; readonly retryAfterMs: number }
  | { readonly kind: "unavailable" }
  /** Refuses the batch for good. */
  | { readonly kind: "refuse"; readonly code: string }
  /** Stores the batch, but the reply never arrives. */
  | { readonly kind: "lose-reply" }
  /** Answers success with a body that is not Scouter's. */
  | { readonly kind: "garble-reply" }
  /** Stores the batch as soon as the promise resolves. */
  | { readonly kind: "wait"; readonly until: Promise<void> };

export type FarEndStepKind = FarEndStep["kind"];

/** Where the messages of a transport arrive, under the direction of a suite. */
export interface FarEnd {
  /** Sets what is done with the next messages, in order; every message after them is stored. */
  prepare(...steps: readonly FarEndStep[]): void;
  /** What arrived, repeats included, in order. */
  messages(): Promise<readonly OutgoingBatch[]>;
  /** Resolves when so many messages have come. */
  whenReceived(count: number): Promise<void>;
}

/** Steps still to do and messages that came, for a far end of any kind. */
export class FarEndScript implements FarEnd {
  readonly #steps: FarEndStep[] = [];
  readonly #received: OutgoingBatch[] = [];
  readonly #waits: { readonly count: number; readonly reached: () => void }[] = [];

  /** Messages that reached the far end, repeats included, in order of arrival. */
  get received(): readonly OutgoingBatch[] {
    return this.#received;
  }

  /** Sets what is done with the next messages, in order; every message after them is stored. */
  prepare(...steps: readonly FarEndStep[]): void {
    this.#steps.push(...steps);
  }

  messages(): Promise<readonly OutgoingBatch[]> {
    return Promise.resolve(this.#received);
  }

  /** Notes a message and says what to do with it. */
  next(message: OutgoingBatch): FarEndStep {
    this.#received.push(message);
    for (const wait of this.#waits) if (this.#received.length >= wait.count) wait.reached();
    return this.#steps.shift() ?? { kind: "store" };
  }

  /** Resolves when so many messages have come. */
  whenReceived(count: number): Promise<void> {
    if (this.#received.length >= count) return Promise.resolve();
    return new Promise((reached) => {
      this.#waits.push({ count, reached });
    });
  }
}
