import type { CompareMode } from "@scouter/evaluate";
import { type Command, Option } from "commander";
import { withServer, withUrl } from "../connection.ts";
import { exitCodes } from "../exit-code.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { share } from "./number-option.ts";
import { findBaseline, readRunFrom, type RunSourceOptions, spaceOf } from "./run-source.ts";

interface NotifyOptions extends OutputOptions, RunSourceOptions {
  readonly channel: string;
  readonly baseline: string;
  readonly mode: CompareMode;
  readonly threshold: number;
  readonly alpha: number;
  readonly always?: true;
}

export function addEvalNotifyCommand(evaluation: Command, context: CommandContext): void {
  const notify = evaluation
    .command("notify")
    .argument("<run>", "file of the run")
    .description("keep a run on the server, and tell a channel when it is worse than a baseline")
    .requiredOption("--channel <channel>", "as `alert test` takes it, such as slack:#agents")
    .option("--baseline <name>", "baseline of the space on the server", "main")
    .option("--space <space>", "of the server")
    .addOption(
      new Option("--mode <mode>", "what fails the comparison")
        .choices(["statistical", "threshold", "strict"])
        .default("statistical"),
    )
    .option("--threshold <share>", "drop that is tolerated", share("--threshold"), 0.05)
    .option("--alpha <share>", "probability of a false alarm", share("--alpha"), 0.05)
    .option("--always", "tell of a run that is as good as before, too");
  withJson(withUrl(notify)).action((run: string, options: NotifyOptions) =>
    notifyOf(context, run, options),
  );
}

async function notifyOf(
  { terminal, finish }: CommandContext,
  source: string,
  options: NotifyOptions,
) {
  const run = await readRunFrom(terminal, source, options);
  const space = spaceOf(options);
  const reply = await withServer(terminal, options, async (client) => {
    const baseline = await findBaseline(client, space, options.baseline);
    const { id } = await client.storeEvalRun({ space, run });
    const { channel, mode, threshold, alpha } = options;
    const asked = { channel, baseline: baseline.run.id, mode, threshold, alpha };
    return client.notifyOfEvalRun(id, { ...asked, always: options.always ?? false });
  });
  const { verdict, channel, delivered, error } = reply;
  const told = {
    true: `told ${channel}`,
    false: `${channel} was not told: ${error ?? ""}`,
    null: "nothing to tell",
  }[String(delivered) as "true" | "false" | "null"];
  print(terminal, options, { document: reply, text: () => `verdict: ${verdict}; ${told}` });
  // The verdict is the run's own exit code; here it counts whether somebody was told.
  finish(delivered === false ? exitCodes.checkFailed : exitCodes.ok);
}
