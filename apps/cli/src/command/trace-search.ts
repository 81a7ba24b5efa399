import { systemClock, type TraceOverview, type TraceOverviewPage } from "@scouter/contracts";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { formatDuration } from "../output/time.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { wholeNumber } from "./number-option.ts";

interface SearchOptions extends ConnectionOptions, OutputOptions {
  readonly limit: number;
  /** Milliseconds. */
  readonly since: number;
  readonly service?: readonly string[];
  readonly error?: true;
  readonly name?: readonly string[];
  readonly minDuration?: number;
  readonly text?: string;
  readonly attr?: readonly string[];
}

const DAY_MS = 86_400_000;
const MAX_SINCE_MS = 92 * DAY_MS;

export function addTraceSearchCommand(traces: Command, context: CommandContext): void {
  const search = traces
    .command("search")
    .description("traces that match, newest first; options about spans must hold for one span")
    .option("--since <time>", "such as 25m, 2h or 3d; at most 92d", sinceMs, DAY_MS)
    .option("--service <name>", "a span of the service (repeat: any of them)", collected)
    .option("--name <name>", "a span of the name (repeat: any of them)", collected)
    .option("--error", "only traces with a failed span")
    .option(
      "--min-duration <ms>",
      "traces that last at least so many milliseconds",
      wholeNumber("--min-duration", 0, 1_000_000_000),
    )
    .option("--text <words>", "occurs in a name, status message, input or output")
    .option(
      "--attr <predicate>",
      "key:eq:value, ne, lt, gt, or key:exists (repeat: all)",
      collected,
    )
    .option("--limit <n>", "1 to 500", wholeNumber("--limit", 1, 500), 20);
  withJson(withUrl(search)).action((options: SearchOptions) => searchTraces(context, options));
}

async function searchTraces({ terminal, finish }: CommandContext, options: SearchOptions) {
  const { service, name, attr, text, minDuration } = options;
  const page = await withServer(terminal, options, (client) =>
    client.searchTraces({
      start: new Date(systemClock.now() - options.since).toISOString(),
      limit: options.limit,
      ...(service === undefined ? {} : { service }),
      ...(name === undefined ? {} : { name }),
      ...(attr === undefined ? {} : { attr }),
      ...(text === undefined ? {} : { text }),
      ...(minDuration === undefined ? {} : { min_duration_ms: minDuration }),
      ...(options.error === undefined ? {} : { status: "error" }),
    }),
  );
  print(terminal, options, { document: page, text: () => searchTable(page) });
  finish(exitCodes.ok);
}

function searchTable(page: TraceOverviewPage): string {
  if (page.items.length === 0) return "no traces";
  const more = page.next_cursor === null ? "" : "\n(more exist: raise --limit)";
  return (
    table<TraceOverview>(page.items, [
      { title: "trace", value: (trace) => trace.trace_id },
      { title: "start", value: (trace) => trace.start.slice(0, 19).replace("T", " ") },
      { title: "service", value: (trace) => trace.service, maximum: 30 },
      { title: "name", value: (trace) => trace.name, maximum: 40 },
      {
        title: "duration",
        align: "right",
        value: (trace) => formatDuration(trace.duration_ns / 1e6),
      },
      { title: "spans", align: "right", value: (trace) => String(trace.span_count) },
      { title: "errors", align: "right", value: (trace) => String(trace.error_count) },
      {
        title: "tokens",
        align: "right",
        value: (trace) => String(trace.tokens.input + trace.tokens.output),
      },
      { title: "input", value: (trace) => trace.input_preview ?? "", maximum: 50 },
    ]) + more
  );
}

function collected(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS };

function sinceMs(given: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([mhd])$/.exec(given) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  if (ms > 0 && ms <= MAX_SINCE_MS) return ms;
  const allowed = "a number and m, h or d, such as 25m, at most 92d";
  throw errors.CLI_OPTION_INVALID({ option: "--since", given, allowed });
}
