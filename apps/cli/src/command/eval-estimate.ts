import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { agentEvalProfile, type AgentEvalProfile, type Json } from "@scouter/contracts";
import type { CallTokens, JudgingEstimate, JudgingTraffic } from "@scouter/evaluate";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { findProfile } from "./find-profile.ts";
import { share, wholeNumber } from "./number-option.ts";
import { readProfileFile } from "./profile-file.ts";

interface EstimateOptions extends ConnectionOptions, OutputOptions {
  readonly profile?: string;
  readonly records: number;
  readonly sampleRatio?: number;
  readonly pass?: readonly string[];
  readonly samples?: string;
}

const DAYS_A_MONTH = 30;
const MEASURED_DAYS = 7;
const DAY_MS = 86_400_000;

export function addEvalEstimateCommand(evaluation: Command, context: CommandContext): void {
  const estimate = evaluation
    .command("estimate")
    .argument("[file]", "a profile in JSON; else --profile names a registered one")
    .description("what a profile's judges will cost, before it runs")
    .option("--profile <profile>", "uid, space/name or space/name/version: measured where it ran")
    .option("--records <n>", "records a day", wholeNumber("--records", 0, 1e12), 10_000)
    .option("--sample-ratio <share>", "instead of the profile's", share("--sample-ratio"))
    .option("--pass <gate=share...>", "share of records that pass a gate, such as is_question=0.3")
    .option(
      "--samples <file>",
      "contexts of records, one JSON a line: prompts are filled with them",
    );
  withJson(withUrl(estimate)).action((file: string | undefined, options: EstimateOptions) =>
    printEstimate(context, file, options),
  );
}

interface Known {
  readonly profile: AgentEvalProfile;
  readonly passShareOf: (gateId: string) => number | undefined;
  readonly tokensOf: (taskId: string) => CallTokens | undefined;
}

async function printEstimate(
  { terminal, finish }: CommandContext,
  file: string | undefined,
  options: EstimateOptions,
) {
  const { compileTasks, estimateJudging } = await import("@scouter/evaluate");
  const { priceTable } = await import("@scouter/models");
  const known =
    file === undefined
      ? await registeredProfile(terminal, options)
      : { profile: fileProfile(terminal.workingFolder, file), ...nothingMeasured };
  const given = passShares(options.pass ?? []);
  const traffic: JudgingTraffic = {
    recordsPerDay: options.records,
    sampleRatio: options.sampleRatio ?? known.profile.config.sample_ratio,
    passShareOf: (gate) => given.get(gate) ?? known.passShareOf(gate),
    tokensOf: known.tokensOf,
    samples:
      options.samples === undefined ? [] : readSamples(terminal.workingFolder, options.samples),
    priceOf: priceTable(),
  };
  const estimate = estimateJudging(compileTasks(known.profile.tasks), traffic);
  print(terminal, options, { document: estimate, text: () => estimateText(estimate) });
  finish(exitCodes.ok);
}

const nothingMeasured = { passShareOf: () => undefined, tokensOf: () => undefined };

function fileProfile(folder: string, file: string): AgentEvalProfile {
  const { kind, body } = readProfileFile(folder, file);
  if (kind !== "Agent") {
    throw errors.CLI_PROFILE_FILE({
      file,
      reason: `it is of kind ${kind}: only agents have judges`,
    });
  }
  return parsedProfile(file, body);
}

function parsedProfile(file: string, body: unknown): AgentEvalProfile {
  const parsed = agentEvalProfile.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it is no agent profile"}`;
  throw errors.CLI_PROFILE_FILE({ file, reason });
}

/** A registered profile, with what its gates and judges did in the last days. */
async function registeredProfile(
  terminal: CommandContext["terminal"],
  options: EstimateOptions,
): Promise<Known> {
  return withServer(terminal, options, async (client) => {
    const { uid, space, name, version } = await findProfile(client, options.profile);
    const found = await client.getProfile({ space, name, version, driftType: "Agent" });
    const start = new Date(Date.now() - MEASURED_DAYS * DAY_MS).toISOString();
    const { items } = await client.judgeCosts({ uid, start });
    const { nodes } = await client.taskGraph({ uid, start });
    const tokens = new Map(
      items
        .filter(({ calls, input_tokens: input }) => calls > 0 && input > 0)
        .map((item) => [
          item.task_id,
          { input: item.input_tokens / item.calls, output: item.output_tokens / item.calls },
        ]),
    );
    const shares = new Map(nodes.map((node) => [node.task_id, node.pass_rate]));
    return {
      profile: parsedProfile(`${space}/${name}/${version}`, found.Agent),
      passShareOf: (gate) => shares.get(gate) ?? undefined,
      tokensOf: (task) => tokens.get(task),
    };
  });
}

/** @throws CLI_OPTION_INVALID */
function passShares(given: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    given.map((text) => {
      const [, gate = "", value = ""] = /^(.+)=([^=]+)$/.exec(text) ?? [];
      if (gate === "") {
        const allowed = "a gate and a share, such as is_question=0.3";
        throw errors.CLI_OPTION_INVALID({ option: "--pass", given: text, allowed });
      }
      return [gate, share("--pass")(value)] as const;
    }),
  );
}

function readSamples(folder: string, name: string): readonly Json[] {
  const file = resolve(folder, name);
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Json);
  } catch (cause) {
    const allowed = "a file with one JSON value a line";
    throw errors.CLI_OPTION_INVALID({ option: "--samples", given: file, allowed }, { cause });
  }
}

function estimateText(estimate: JudgingEstimate): string {
  const { evaluatedPerDay, judges, usdPerDay, savedUsdPerDay } = estimate;
  if (judges.length === 0) return "the profile has no judges: it costs nothing to run";
  const rows = table(judges, [
    { title: "judge", value: ({ taskId }) => taskId },
    { title: "model", value: ({ provider, model }) => `${provider}/${model}` },
    { title: "reached", align: "right", value: (judge) => percent(judge.reachedShare) },
    { title: "calls a day", align: "right", value: (judge) => count(judge.callsPerDay) },
    { title: "saved", align: "right", value: (judge) => count(judge.savedCallsPerDay) },
    {
      title: "tokens a call",
      align: "right",
      value: ({ tokens }) => `${count(tokens.input)} + ${count(tokens.output)} ${tokens.basis}`,
    },
    { title: "USD a day", align: "right", value: (judge) => dollars(judge.usdPerDay) },
    { title: "saved", align: "right", value: (judge) => dollars(judge.savedUsdPerDay) },
  ]);
  const month = usdPerDay === null ? null : usdPerDay * DAYS_A_MONTH;
  const total =
    usdPerDay === null
      ? "a model without a known price: set SCOUTER_JUDGE_PRICES on the server, or ask its vendor"
      : `${dollars(usdPerDay)} USD a day, ${dollars(month)} USD in ${DAYS_A_MONTH} days; gates save ${dollars(savedUsdPerDay)} USD a day`;
  return `${count(evaluatedPerDay)} records evaluated a day\n\n${rows}\n\n${total}`;
}

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const count = (value: number) => Math.round(value).toLocaleString("en-US");
export const dollars = (value: number | null) =>
  value === null ? "-" : value.toFixed(value < 1 ? 4 : 2);
