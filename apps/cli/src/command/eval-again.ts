import type { JudgeCostReport } from "@scouter/contracts";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { dollars } from "./eval-estimate.ts";
import { findOneProfile, findProfile } from "./find-profile.ts";
import { wholeNumber } from "./number-option.ts";

interface CostsOptions extends ConnectionOptions, OutputOptions {
  readonly profile?: string;
  readonly days: number;
}

interface AgainOptions extends ConnectionOptions, OutputOptions {
  readonly record?: string;
}

const DAY_MS = 86_400_000;

/** What evaluations have cost, and a second chance for those that were given up. */
export function addEvalAgainCommands(evaluation: Command, context: CommandContext): void {
  const costs = evaluation
    .command("costs")
    .description("what a profile's judges used and cost, and what gates saved")
    .option("--profile <profile>", "uid, space/name or space/name/version (default: the newest)")
    .option("--days <n>", "until now, 1 to 92", wholeNumber("--days", 1, 92), 1);
  withJson(withUrl(costs)).action((options: CostsOptions) => showCosts(context, options));
  const again = evaluation
    .command("again")
    .argument("<profile>", "uid, space/name or space/name/version")
    .option("--record <uid>", "one record that ended, instead of all that were given up")
    .description("evaluate records again that were given up (Failed)");
  withJson(withUrl(again)).action((profile: string, options: AgainOptions) =>
    evaluateAgain(context, profile, options),
  );
  const discard = evaluation
    .command("discard")
    .argument("<profile>", "uid, space/name or space/name/version")
    .option("--record <uid>", "one record, instead of all that were given up")
    .description("let records go that were given up (Failed): their alert ends");
  withJson(withUrl(discard)).action((profile: string, options: AgainOptions) =>
    discardRecords(context, profile, options),
  );
}

async function showCosts({ terminal, finish }: CommandContext, options: CostsOptions) {
  const report = await withServer(terminal, options, async (client) => {
    const { uid } = await findProfile(client, options.profile);
    const start = new Date(Date.now() - options.days * DAY_MS).toISOString();
    return client.judgeCosts({ uid, start });
  });
  print(terminal, options, { document: report, text: () => costsText(report) });
  finish(exitCodes.ok);
}

function costsText({ items, total }: JudgeCostReport): string {
  if (items.length === 0) return "no judge was asked";
  const rows = table(items, [
    { title: "judge", value: ({ task_id: id }) => id },
    { title: "model", value: ({ provider, model }) => `${provider}/${model}` },
    { title: "judged", align: "right", value: ({ judged }) => String(judged) },
    { title: "skipped", align: "right", value: ({ skipped }) => String(skipped) },
    { title: "calls", align: "right", value: ({ calls }) => String(calls) },
    { title: "cached", align: "right", value: (item) => String(item.cached_calls) },
    { title: "saved", align: "right", value: (item) => String(item.saved_calls) },
    { title: "tokens in", align: "right", value: (item) => String(item.input_tokens) },
    { title: "out", align: "right", value: (item) => String(item.output_tokens) },
    { title: "USD", align: "right", value: (item) => dollars(item.cost_usd) },
    { title: "USD saved", align: "right", value: (item) => dollars(item.saved_usd) },
  ]);
  const { calls, saved_calls: saved } = total;
  return `${rows}\n\n${calls} calls, ${dollars(total.cost_usd)} USD; gates saved ${saved} calls, ${dollars(total.saved_usd)} USD`;
}

async function evaluateAgain(
  { terminal, finish }: CommandContext,
  given: string,
  options: AgainOptions,
) {
  const done = await withServer(terminal, options, async (client) => {
    const profile = await findOneProfile(client, given);
    return { profile, records: await client.evaluateAgain(profile.uid, options.record) };
  });
  print(terminal, options, {
    document: done,
    text: () =>
      done.records === 0
        ? "no record of this profile was given up"
        : `${done.records} ${done.records === 1 ? "record is" : "records are"} due again`,
  });
  finish(exitCodes.ok);
}

async function discardRecords(
  { terminal, finish }: CommandContext,
  given: string,
  options: AgainOptions,
) {
  const done = await withServer(terminal, options, async (client) => {
    const profile = await findOneProfile(client, given);
    return { profile, records: await client.discardRecords(profile.uid, options.record) };
  });
  print(terminal, options, {
    document: done,
    text: () =>
      done.records === 0
        ? "nothing to discard: no such record was given up"
        : `${done.records} ${done.records === 1 ? "record is" : "records are"} discarded`,
  });
  finish(exitCodes.ok);
}
