import { runRepeat, type RunRepeat } from "@scouter/contracts";
import { z } from "zod";

/** What a run was begun with. A run goes on only with the same plan. */
export const journalPlan = z.object({
  /** Hash of the suite. */
  suite: z.string(),
  seed: z.number(),
  repeats: z.number(),
  agent: z.string(),
});
export type JournalPlan = z.output<typeof journalPlan>;

/** The first line of a journal. */
export const journalHead = z.object({
  format: z.literal("scouter-run-journal"),
  version: z.literal(1),
  run_id: z.string(),
  created_at_ms: z.number(),
  plan: journalPlan,
});
export type JournalHead = z.output<typeof journalHead>;

/** Every further line: a finished repeat, by position of the scenario and number of the repeat. */
export const journalEntry = z.object({
  scenario: z.number().int().min(0),
  repeat: z.number().int().min(0),
  result: runRepeat,
});

export interface JournalEntry {
  readonly scenario: number;
  readonly repeat: number;
  readonly result: RunRepeat;
}
