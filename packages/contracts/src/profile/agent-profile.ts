import { z } from "zod";
import { jsonValue } from "../record/scalar.ts";
import { taskBuckets } from "../task/task.ts";
import { MISSING_TEXT, MISSING_VERSION } from "./placeholders.ts";

export const driftType = z.enum(["Spc", "Psi", "Custom", "Agent"]);
export type DriftType = z.infer<typeof driftType>;

export const agentProfileConfig = z.looseObject({
  /** Share of records the client keeps, 0..1. */
  sample_ratio: z.number().min(0).max(1).default(1),
  space: z.string().default(MISSING_TEXT),
  name: z.string().default(MISSING_TEXT),
  version: z.string().default(MISSING_VERSION),
  uid: z.string().default(MISSING_TEXT),
  alert_config: z.looseObject({}).optional(),
  drift_type: z.string().default("Agent"),
});

/** What to check on each agent record. Stored verbatim; only the fields read here are checked. */
export const agentEvalProfile = z.looseObject({
  config: agentProfileConfig,
  tasks: taskBuckets,
  scouter_version: z.string().default(""),
  workflow: jsonValue.optional(),
  task_ids: z.array(z.string()).default([]),
  alias: z.string().nullish(),
});
export type AgentEvalProfile = z.output<typeof agentEvalProfile>;
export type AgentEvalProfileInput = z.input<typeof agentEvalProfile>;
