import type { Column } from "../cars/car.ts";

/** A customer's question with the facts that a right answer must state. */
export interface Question {
  readonly id: string;
  readonly kind: QuestionKind;
  readonly text: string;
  readonly expected: ExpectedFacts;
}

export type QuestionKind = "lookup" | "statistic" | "count" | "out-of-scope";

export interface ExpectedFacts {
  readonly inScope: boolean;
  /** Tool that answers it; null when out of scope. */
  readonly tool: string | null;
  readonly column: Column | null;
  readonly value: number | null;
  readonly unit: string | null;
  /** Lowest and highest figure of the column in the whole list: an answer outside cannot be right. */
  readonly plausibleRange: readonly [number, number] | null;
}
