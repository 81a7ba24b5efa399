import { setTimeout as pause } from "node:timers/promises";
import type {
  AgentEvalWorkflowResult,
  EvalRecord,
  ProfileSummary,
  RecordCursor,
} from "@scouter/contracts";
import type { CanaryDecision, CanaryRecord } from "@scouter/evaluate";
import type { ScouterClient } from "@scouter/sdk";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { findProfile } from "./find-profile.ts";
import { share, wholeNumber } from "./number-option.ts";

interface CanaryOptions extends ConnectionOptions, OutputOptions {
  readonly profile?: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly window: number;
  readonly follow?: true;
  readonly looks: number;
  readonly threshold: number;
  readonly alpha: number;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const PAGE = 1_000;
/** A tag of a record that was not sampled as likely as others: one over its probability. */
const WEIGHT_TAG = /^scouter\.sample_weight=(?<weight>\d+(?:\.\d+)?)$/;

export function addEvalCanaryCommand(evaluation: Command, context: CommandContext): void {
  const canary = evaluation
    .command("canary")
    .description(
      "may a version that already gets live traffic go on? exit code 0 promote, 1 roll back, 3 undecided",
    )
    .requiredOption(
      "--baseline <version>",
      "uid, space/name/version, or the version with --profile",
    )
    .requiredOption("--candidate <version>", "the version that is judged, as --baseline")
    .option("--profile <profile>", "space/name of both versions")
    .option("--window <time>", "the last hour is 1h; units s, m, h, d", windowMs, 3_600_000)
    .option("--follow", "begin the window now and look while it lasts")
    .option(
      "--looks <n>",
      "with --follow: how often, fixed beforehand",
      wholeNumber("--looks", 1, 50),
      4,
    )
    .option(
      "--threshold <share>",
      "drop of the pass rate that is tolerated",
      share("--threshold"),
      0.05,
    )
    .option(
      "--alpha <share>",
      "probability of rolling back a good version",
      share("--alpha"),
      0.05,
    );
  withJson(withUrl(canary)).action((options: CanaryOptions) => runCanary(context, options));
}

interface Look extends CanaryDecision {
  readonly look: number;
  readonly looks: number;
}

async function runCanary({ terminal, finish }: CommandContext, options: CanaryOptions) {
  const { decideCanary } = await import("@scouter/evaluate");
  const decision = await withServer(terminal, options, async (client): Promise<Look> => {
    const named = (version: string) =>
      options.profile === undefined ? version : `${options.profile}/${version}`;
    const baseline = await findProfile(client, named(options.baseline));
    const candidate = await findProfile(client, named(options.candidate));
    const looks = options.follow === true ? options.looks : 1;
    const startMs = options.follow === true ? Date.now() : Date.now() - options.window;
    for (let look = 0; ; look += 1) {
      if (options.follow === true) {
        const dueMs = startMs + (options.window * (look + 1)) / looks;
        await pause(Math.max(0, dueMs - Date.now()));
      }
      const [before, after] = await Promise.all(
        [baseline, candidate].map((own) => recordsOf(client, own, startMs)),
      );
      const decided = decideCanary({
        baseline: before ?? [],
        candidate: after ?? [],
        regressionThreshold: options.threshold,
        alpha: options.alpha,
        looks,
        look,
      });
      const told = { ...decided, look, looks };
      if (decided.verdict !== "keep waiting" || look === looks - 1) return told;
      terminal.err(`${lookText(told)}\n`);
    }
  });
  print(terminal, options, { document: decision, text: () => lookText(decision) });
  finish(exitCodeOf(decision));
}

function exitCodeOf({ verdict }: CanaryDecision): ExitCode {
  if (verdict === "promote") return exitCodes.ok;
  return verdict === "roll back" ? exitCodes.checkFailed : exitCodes.fault;
}

/** Evaluated records since then; a record passes when every task that counts did. */
async function recordsOf(
  client: ScouterClient,
  { space, uid }: ProfileSummary,
  startMs: number,
): Promise<readonly CanaryRecord[]> {
  const request = { space, uid, startTime: new Date(startMs).toISOString(), limit: PAGE };
  const weights = new Map<string, number>();
  await everyPage(
    (cursor) => client.evalRecords({ ...request, ...cursor }),
    (record: EvalRecord) => {
      const weight = record.tags
        .map((tag) => WEIGHT_TAG.exec(tag)?.groups?.["weight"])
        .find((own) => own !== undefined);
      if (weight !== undefined && Number(weight) > 0) weights.set(record.uid, Number(weight));
    },
  );
  const records: CanaryRecord[] = [];
  await everyPage(
    (cursor) => client.evalWorkflows({ ...request, ...cursor }),
    (workflow: AgentEvalWorkflowResult) => {
      // Gates kept everything from running: nothing is known of it.
      if (workflow.total_tasks === 0) return;
      const passed = workflow.passed_tasks === workflow.total_tasks;
      records.push({ passed, weight: weights.get(workflow.record_uid) ?? 1 });
    },
  );
  return records;
}

async function everyPage<Item>(
  fetchPage: (cursor: { readonly cursor?: RecordCursor }) => Promise<{
    readonly items: readonly Item[];
    readonly next_cursor: RecordCursor | null;
  }>,
  each: (item: Item) => void,
): Promise<void> {
  let cursor: RecordCursor | null = null;
  do {
    const page: { readonly items: readonly Item[]; readonly next_cursor: RecordCursor | null } =
      await fetchPage(cursor === null ? {} : { cursor });
    for (const item of page.items) each(item);
    cursor = page.next_cursor;
  } while (cursor !== null);
}

function lookText(decision: Look): string {
  const { verdict, reason, baseline, candidate, change, lower, upper, level, look, looks } =
    decision;
  const rate = (own: CanaryDecision["baseline"]) =>
    own === null ? "no records" : `${percent(own.rate)} of ${String(own.trials)} records`;
  const interval =
    change === null || lower === null || upper === null
      ? ""
      : `\nchange    ${points(change)} (${points(lower)} to ${points(upper)})`;
  return [
    `verdict: ${verdict}\n  ${reason}\n`,
    `baseline  ${rate(baseline)}`,
    `candidate ${rate(candidate)}${interval}`,
    `look ${String(look + 1)} of ${String(looks)}, one-sided level ${String(Number(level.toFixed(4)))}`,
  ].join("\n");
}

function percent(value: number): string {
  return `${String(Number((value * 100).toFixed(1)))} %`;
}

function points(value: number): string {
  return `${String(Number((value * 100).toFixed(1)))} points`;
}

function windowMs(given: string): number {
  const match = /^(?<count>\d+)(?<unit>[smhd])$/.exec(given)?.groups;
  const ms = Number(match?.["count"]) * (UNITS_MS[match?.["unit"] ?? ""] ?? Number.NaN);
  if (ms > 0 && Number.isFinite(ms)) return ms;
  const allowed = "a number with s, m, h or d, such as 1h";
  throw errors.CLI_OPTION_INVALID({ option: "--window", given, allowed });
}
