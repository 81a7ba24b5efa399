import type { AgentEvalWorkflowResult, Clock, Page, RecordCursor } from "@scouter/contracts";
import type { DemoReport } from "@scouter/example-support-agent";
import type { EvalPageRequest, EvaluatedProfile, ScouterClient, Summary } from "@scouter/sdk";
import { errors } from "../errors.ts";

const PAGE_SIZE = 1000;
const POLL_INTERVAL_MS = 100;
const CONCURRENT_READS = 4;

/** What the server holds of one run of the demo, read record by record and trace by trace. */
export interface StoredRun {
  readonly spans: number;
  /** Spans that occurred more than once. */
  readonly repeatedSpans: number;
  readonly traces: number;
  /** By record uid; each uid once, further ones are counted in `repeatedRecords`. */
  readonly workflows: ReadonlyMap<string, AgentEvalWorkflowResult>;
  readonly repeatedRecords: number;
}

/**
 * Waits until the server has a verdict on each record of the run.
 *
 * @throws CLI_EVALUATION_TIMED_OUT
 */
export async function waitForVerdicts(
  client: ScouterClient,
  report: DemoReport,
  options: { readonly clock: Clock; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<void> {
  const { clock, signal, timeoutMs } = options;
  const endMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    const workflows = await allWorkflows(client, report);
    const uids = new Set(workflows.map((workflow) => workflow.record_uid));
    const waiting = report.answers.filter((answer) => !uids.has(answer.recordUid)).length;
    if (waiting === 0) return;
    if (clock.monotonicMs() > endMs) {
      throw errors.CLI_EVALUATION_TIMED_OUT({ waiting, seconds: timeoutMs / 1000 });
    }
    await clock.sleep(POLL_INTERVAL_MS, signal);
  }
}

export async function readStoredRun(client: ScouterClient, report: DemoReport): Promise<StoredRun> {
  const workflows = await allWorkflows(client, report);
  const ofRun = new Set(report.answers.map((answer) => answer.recordUid));
  const mine = workflows.filter((workflow) => ofRun.has(workflow.record_uid));
  const byUid = new Map(mine.map((workflow) => [workflow.record_uid, workflow]));
  const traces = await readTraces(client, report);
  return {
    spans: traces.reduce((sum, ids) => sum + ids.length, 0),
    repeatedSpans: traces.reduce((sum, ids) => sum + ids.length - new Set(ids).size, 0),
    traces: traces.filter((ids) => ids.length > 0).length,
    workflows: byUid,
    repeatedRecords: mine.length - byUid.size,
  };
}

/** The run's own row in the server's summary: the demo registers a version of its profile for each run. */
export function verdictOf(summary: Summary, profileUid: string): EvaluatedProfile | undefined {
  return summary.profiles.find((profile) => profile.uid === profileUid);
}

async function readTraces(
  client: ScouterClient,
  report: DemoReport,
): Promise<readonly (readonly string[])[]> {
  const remaining = report.answers.values();
  const traces: (readonly string[])[] = [];
  const lane = async () => {
    for (const { traceId } of remaining) {
      traces.push((await client.traceSpans(traceId)).map((span) => span.span_id));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_READS }, lane));
  return traces;
}

async function allWorkflows(
  client: ScouterClient,
  report: DemoReport,
): Promise<readonly AgentEvalWorkflowResult[]> {
  const workflows: AgentEvalWorkflowResult[] = [];
  let cursor: RecordCursor | null = null;
  do {
    const request: EvalPageRequest = {
      space: report.profile.space,
      uid: report.profile.uid,
      limit: PAGE_SIZE,
      ...(cursor === null ? {} : { cursor }),
    };
    const page: Page<AgentEvalWorkflowResult> = await client.evalWorkflows(request);
    workflows.push(...page.items);
    cursor = page.has_next ? page.next_cursor : null;
  } while (cursor !== null);
  return workflows;
}
