import type {
  AgentEvalWorkflowResult,
  EvalRecord,
  EvalTaskResult,
  ProfileSummary,
} from "@scouter/contracts";
import { type Command, Option } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { shorten, table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { addEvalBaselineCommands } from "./eval-baseline.ts";
import { addEvalCanaryCommand } from "./eval-canary.ts";
import { addEvalNotifyCommand } from "./eval-notify.ts";
import { addEvalAgainCommands } from "./eval-again.ts";
import { addEvalCompareCommand } from "./eval-compare.ts";
import { addEvalEstimateCommand } from "./eval-estimate.ts";
import { addEvalInitCommand } from "./eval-init.ts";
import { addEvalRunCommand } from "./eval-run.ts";
import { findProfile } from "./find-profile.ts";
import { wholeNumber } from "./number-option.ts";

const STATUSES = ["All", "Pending", "Processing", "Processed", "Failed"] as const;

interface ListOptions extends ConnectionOptions, OutputOptions {
  readonly profile?: string;
  readonly status: (typeof STATUSES)[number];
  readonly limit: number;
}

type ShowOptions = ConnectionOptions & OutputOptions;

export function addEvalCommands(program: Command, context: CommandContext): void {
  const evaluation = program
    .command("eval")
    .description("records of agents, their verdicts, and comparisons of offline runs");
  const list = evaluation
    .command("list")
    .description("newest records of a profile first")
    .option("--profile <profile>", "uid, space/name or space/name/version (default: the newest)")
    .addOption(
      new Option("--status <status>", "only such records").choices(STATUSES).default("All"),
    )
    .option("--limit <n>", "1 to 1000", wholeNumber("--limit", 1, 1000), 20);
  withJson(withUrl(list)).action((options: ListOptions) => listRecords(context, options));
  const show = evaluation
    .command("show")
    .argument("<record-uid>", "uid of a record")
    .description("how every task ended on one record, and why");
  withJson(withUrl(show)).action((recordUid: string, options: ShowOptions) =>
    showRecord(context, recordUid, options),
  );
  addEvalInitCommand(evaluation, context);
  addEvalRunCommand(evaluation, context);
  addEvalCompareCommand(evaluation, context);
  addEvalBaselineCommands(evaluation, context);
  addEvalCanaryCommand(evaluation, context);
  addEvalNotifyCommand(evaluation, context);
  addEvalEstimateCommand(evaluation, context);
  addEvalAgainCommands(evaluation, context);
}

interface ListedRecord {
  readonly record: EvalRecord;
  /** Null while it is not evaluated. */
  readonly workflow: AgentEvalWorkflowResult | null;
}

async function listRecords({ terminal, finish }: CommandContext, options: ListOptions) {
  const { profile, items } = await withServer(terminal, options, async (client) => {
    const profile = await findProfile(client, options.profile);
    const request = { space: profile.space, uid: profile.uid, limit: options.limit };
    const records = await client.evalRecords({ ...request, status: options.status });
    // Both pages are newest first, but evaluation may end in another order: ask for some more.
    const workflows = await client.evalWorkflows({ ...request, limit: 1000 });
    const workflowOf = new Map(workflows.items.map((workflow) => [workflow.record_uid, workflow]));
    const items = records.items.map((record) => ({
      record,
      workflow: workflowOf.get(record.uid) ?? null,
    }));
    return { profile, items };
  });
  print(terminal, options, {
    document: { profile, items },
    text: () => recordTable(profile, items),
  });
  finish(exitCodes.ok);
}

function recordTable(profile: ProfileSummary, items: readonly ListedRecord[]): string {
  const title = `profile ${profile.space}/${profile.name}/${profile.version}`;
  if (items.length === 0) return `${title}: no records`;
  const count = (pick: (workflow: AgentEvalWorkflowResult) => number) => (item: ListedRecord) =>
    item.workflow === null ? "-" : String(pick(item.workflow));
  return `${title}\n\n${table(items, [
    { title: "record", value: ({ record }) => record.uid },
    { title: "id", value: ({ record }) => record.record_id, maximum: 20 },
    { title: "status", value: ({ record }) => record.status.toLowerCase() },
    { title: "passed", align: "right", value: count((workflow) => workflow.passed_tasks) },
    { title: "failed", align: "right", value: count((workflow) => workflow.failed_tasks) },
    { title: "skipped", align: "right", value: count((workflow) => workflow.skipped_tasks) },
    { title: "trace", value: ({ record }) => record.trace_id ?? "-" },
  ])}`;
}

async function showRecord(
  { terminal, finish }: CommandContext,
  recordUid: string,
  options: ShowOptions,
) {
  const tasks = await withServer(terminal, options, (client) => client.evalTasks(recordUid));
  if (tasks.length === 0) throw errors.CLI_RECORD_UNKNOWN({ recordUid });
  print(terminal, options, {
    document: { record_uid: recordUid, tasks },
    text: () => `${recordTitle(recordUid, tasks)}\n\n${taskTable(tasks)}`,
  });
  finish(exitCodes.ok);
}

/** Gates choose what is checked; they are no verdict, so they are told apart. */
function recordTitle(recordUid: string, tasks: readonly EvalTaskResult[]): string {
  const ordinary = tasks.filter((task) => !task.condition);
  const counts = (["passed", "failed", "errored", "skipped"] as const).map(
    (outcome) => `${String(ordinary.filter((task) => task.outcome === outcome).length)} ${outcome}`,
  );
  const gates = tasks.filter((task) => task.condition);
  const passed = gates.filter((gate) => gate.outcome === "passed").length;
  const ofGates =
    gates.length === 0 ? "" : `; ${String(passed)} of ${String(gates.length)} gates passed`;
  return `record ${recordUid}: ${counts.join(", ")}${ofGates}`;
}

function taskTable(tasks: readonly EvalTaskResult[]): string {
  return table(tasks, [
    { title: "task", value: (task) => task.task_id },
    { title: "outcome", value: (task) => task.outcome },
    { title: "gate", value: (task) => (task.condition ? "gate" : "") },
    { title: "reason", value: reasonOf, maximum: 120 },
  ]);
}

/** Why it ended so, with what was compared. */
function reasonOf(task: EvalTaskResult): string {
  if (task.outcome === "skipped") return `skipped by ${task.skipped_by ?? "a gate"}`;
  if (task.outcome === "errored") return `${task.error_code ?? "error"}: ${task.message}`;
  const path = task.assertion["FieldPath"];
  const subject = typeof path === "string" ? path : task.task_type;
  const [actual, expected] = [task.actual, task.expected].map((value) =>
    shorten(JSON.stringify(value) ?? "nothing", 40),
  );
  return `${subject} is ${actual ?? ""}, ${task.operator} ${expected ?? ""}`;
}
