import { z } from "zod";
import { runDocument, runScenario } from "../offline/run-document.ts";
import { dateTime } from "../record/scalar.ts";

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const name = z.string().min(1).max(256);

/** An offline run as lists show it. */
export const evalRunItem = z.object({
  /** The server's number of it. */
  id: z.int(),
  space: z.string(),
  suite: z.string(),
  /** The run's own id, unique in its space. */
  run_id: z.string(),
  /** The run's own time. */
  created_at: dateTime,
  received_at: dateTime,
  /** Hash of the suite; null when the run does not tell. */
  suite_definition: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
  scenarios: count,
  /** Repeats of the scenario that has most. */
  repeats: count,
  /** Mean pass rate of scenarios with a known outcome, and its 95 % interval; null without any. */
  pass_rate: share.nullable(),
  lower: share.nullable(),
  upper: share.nullable(),
  flaky: count,
  /** Of judges, in US dollars; null when it is not known. */
  cost_usd: z.number().nullable(),
  /** Names under which it is a baseline. */
  baselines: z.array(z.string()),
});
export type EvalRunItem = z.output<typeof evalRunItem>;

/** `GET /scouter/v2/eval/runs`: newest first by the run's own time. */
export const evalRunPage = z.object({
  items: z.array(evalRunItem),
  next_cursor: z.string().nullable(),
});
export type EvalRunPage = z.output<typeof evalRunPage>;

/** `POST /scouter/v2/eval/runs`. */
export const evalRunRequest = z.object({ space: name, run: runDocument });
export type EvalRunRequest = z.input<typeof evalRunRequest>;

/** `duplicate`: this very run was stored before. */
export const evalRunStored = z.object({ id: z.int(), outcome: z.enum(["stored", "duplicate"]) });
export type EvalRunStored = z.output<typeof evalRunStored>;

/** `GET /scouter/v2/eval/runs/{id}`. */
export const evalRunDetail = evalRunItem.extend({ run: runDocument });
export type EvalRunDetail = z.output<typeof evalRunDetail>;

/** `GET /scouter/v2/eval/runs/{id}/scenario?scenario=`. */
export const evalRunScenario = runScenario;

/** A name for a run that others are compared with. */
export const evalBaseline = z.object({
  space: z.string(),
  name: z.string(),
  promoted_at: dateTime,
  promoted_by: z.string(),
  run: evalRunItem,
});
export type EvalBaseline = z.output<typeof evalBaseline>;

/** `GET /scouter/v2/eval/baselines`: in the order in which names were used first. */
export const evalBaselinePage = z.object({
  items: z.array(evalBaseline),
  next_cursor: z.string().nullable(),
});
export type EvalBaselinePage = z.output<typeof evalBaselinePage>;

/** `PUT /scouter/v2/eval/baselines`: the name points at that run from now on. */
export const evalBaselineRequest = z.object({ space: name, name, run: z.int().min(1) });
export type EvalBaselineRequest = z.output<typeof evalBaselineRequest>;

const text = z.string();
const rate = z.object({ rate: share, lower: share, upper: share }).nullable();

/** `GET /scouter/v2/eval/runs/{id}/report`: the numbers of every report of the run, worded as they are there. */
export const evalReport = z.object({
  title: text,
  suite: text,
  /** Null when it was not compared. */
  verdict: z.enum(["fail", "non-inferior", "no-regression-found", "invalid"]).nullable(),
  headline: text,
  reasons: z.array(text),
  notes: z.array(text),
  metrics: z.array(
    z.object({
      id: text,
      gated: z.boolean(),
      verdict: text,
      reason: text.nullable(),
      cells: z.object({
        baseline: text,
        baselineInterval: text,
        candidate: text,
        candidateInterval: text,
        change: text,
        bound: text,
        p: text,
        scenarios: text,
        missing: text,
        verdict: text,
      }),
      baseline: rate,
      candidate: rate,
    }),
  ),
  /** Worst first. */
  scenarios: z.array(
    z.object({
      id: text,
      query: text.nullable(),
      status: text,
      quarantine: z.object({ owner: text, expires: text }).nullable(),
      /** `2/3`, and how each repeat ended; null when the run does not have it. */
      baseline: z.object({ passes: text, observations: z.array(text) }).nullable(),
      candidate: z.object({ passes: text, observations: z.array(text) }).nullable(),
    }),
  ),
  facts: z.array(z.object({ name: text, baseline: text.nullable(), candidate: text })),
});
export type EvalReport = z.output<typeof evalReport>;

/** `POST /scouter/v2/eval/runs/{id}/notify`: tells a channel of a run that failed its comparison, or of which nothing is known. */
export const evalNotifyRequest = z.object({
  /** As `scouter alert test` takes it, such as `slack:#agents`. */
  channel: z.string().min(1).max(256),
  /** The run to compare with. */
  baseline: z.int().min(1),
  mode: z.enum(["statistical", "threshold", "strict"]).default("statistical"),
  threshold: share.default(0.05),
  alpha: z.number().gt(0).max(0.5).default(0.05),
  /** Tells of a run that is as good as before, too. */
  always: z.boolean().default(false),
});
export type EvalNotifyRequest = z.input<typeof evalNotifyRequest>;

export const evalNotifyReply = z.object({
  verdict: z.string(),
  channel: z.string(),
  /** Null: there was nothing to tell. */
  delivered: z.boolean().nullable(),
  error: z.string().nullable(),
});
export type EvalNotifyReply = z.output<typeof evalNotifyReply>;
