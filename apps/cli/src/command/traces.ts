import type { TraceListItem, TracePage, TraceSpan } from "@scouter/sdk";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { spanTree } from "../output/span-tree.ts";
import { table } from "../output/table.ts";
import { durationMs, formatDuration } from "../output/time.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { wholeNumber } from "./number-option.ts";
import { addTraceSearchCommand } from "./trace-search.ts";

interface ListOptions extends ConnectionOptions, OutputOptions {
  readonly limit: number;
  readonly service?: string;
  readonly errors?: true;
  readonly profile?: string;
}

export function addTracesCommands(program: Command, context: CommandContext): void {
  const traces = program.command("traces").description("traces of watched apps");
  const list = traces
    .command("list")
    .description("newest traces first")
    .option("--limit <n>", "1 to 1000", wholeNumber("--limit", 1, 1000), 20)
    .option("--service <name>", "only traces whose root belongs to the service")
    .option("--errors", "only traces with a failed span")
    .option("--profile <uid>", "only traces whose spans name the profile");
  withJson(withUrl(list)).action((options: ListOptions) => listTraces(context, options));
  addTraceSearchCommand(traces, context);
  const show = traces
    .command("show")
    .argument("<trace-id>", "32 hexadecimal digits")
    .description("the spans of one trace as a tree");
  withJson(withUrl(show)).action((traceId: string, options: ConnectionOptions & OutputOptions) =>
    showTrace(context, traceId, options),
  );
}

async function listTraces({ terminal, finish }: CommandContext, options: ListOptions) {
  const page = await withServer(terminal, options, (client) =>
    client.listTraces({
      limit: options.limit,
      ...(options.service === undefined ? {} : { service_name: options.service }),
      ...(options.errors === undefined ? {} : { has_errors: true }),
      ...(options.profile === undefined ? {} : { entity_uid: options.profile }),
    }),
  );
  print(terminal, options, { document: page, text: () => traceTable(page) });
  finish(exitCodes.ok);
}

function traceTable(page: TracePage): string {
  if (page.items.length === 0) return "no traces";
  const more = page.has_next ? "\n(more exist: raise --limit)" : "";
  return (
    table<TraceListItem>(page.items, [
      { title: "trace", value: (trace) => trace.trace_id },
      { title: "start", value: (trace) => trace.start_time.slice(0, 19).replace("T", " ") },
      { title: "service", value: (trace) => trace.service_name, maximum: 30 },
      { title: "root", value: (trace) => trace.root_operation, maximum: 40 },
      {
        title: "duration",
        align: "right",
        value: (trace) => (trace.duration_ms === null ? "-" : formatDuration(trace.duration_ms)),
      },
      { title: "spans", align: "right", value: (trace) => String(trace.span_count) },
      { title: "errors", align: "right", value: (trace) => String(trace.error_count) },
    ]) + more
  );
}

async function showTrace(
  { terminal, finish }: CommandContext,
  traceId: string,
  options: ConnectionOptions & OutputOptions,
) {
  const spans = await withServer(terminal, options, (client) =>
    client.traceSpans(traceId.toLowerCase()),
  );
  if (spans.length === 0) throw errors.CLI_TRACE_UNKNOWN({ traceId });
  print(terminal, options, {
    document: { trace_id: traceId.toLowerCase(), spans },
    text: () => `${traceTitle(traceId, spans)}\n\n${spanTree(spans)}`,
  });
  finish(exitCodes.ok);
}

function traceTitle(traceId: string, spans: readonly TraceSpan[]): string {
  const starts = spans.map((span) => span.start_time).sort();
  const ends = spans.map((span) => span.end_time).sort();
  const duration = formatDuration(durationMs(starts[0] ?? "", ends.at(-1) ?? ""));
  const failed = spans.filter((span) => span.status_code === 2).length;
  const services = [...new Set(spans.map((span) => span.service_name))].join(", ");
  return `trace ${traceId}: ${services}, ${String(spans.length)} spans, ${String(failed)} failed, ${duration}, from ${starts[0] ?? ""}`;
}
