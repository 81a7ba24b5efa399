import type { DemoReport } from "@scouter/example-support-agent";
import type { Command } from "commander";
import { type ConnectionOptions, loginOf, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { wholeNumber } from "./number-option.ts";

interface DemoCommandOptions extends ConnectionOptions, OutputOptions {
  readonly otlpEndpoint?: string;
  readonly questions?: number;
  readonly seed?: number;
}

export function addDemoCommand(program: Command, context: CommandContext): void {
  const demo = program
    .command("demo")
    .description("an agent answers questions about real cars, watched by the server")
    .option("--questions <n>", "1 to 100000 (default: 60)", wholeNumber("--questions", 1, 100_000))
    .option("--seed <n>", "chooses questions and mistakes", wholeNumber("--seed", 0, 2 ** 31 - 1))
    .option("--otlp-endpoint <address>", "where spans go (default: /v1/traces of the server)");
  withJson(withUrl(demo)).action((options: DemoCommandOptions) => runDemoCommand(context, options));
}

async function runDemoCommand({ terminal, finish }: CommandContext, options: DemoCommandOptions) {
  const { runDemo } = await import("@scouter/example-support-agent");
  const login = loginOf(terminal);
  const stop = new AbortController();
  const abort = () => stop.abort(errors.CLI_INTERRUPTED({ what: "the demo" }));
  terminal.signals.on("SIGINT", abort);
  terminal.signals.on("SIGTERM", abort);
  try {
    const report = await withServer(terminal, options, (_client, baseUrl) =>
      runDemo({
        baseUrl,
        signal: stop.signal,
        ...(login === undefined ? {} : { login }),
        ...(options.otlpEndpoint === undefined ? {} : { otlpEndpoint: options.otlpEndpoint }),
        ...(options.questions === undefined ? {} : { questions: options.questions }),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      }),
    );
    print(terminal, options, { document: report, text: () => reportText(report, options.url) });
    finish(exitCodes.ok);
  } finally {
    terminal.signals.off("SIGINT", abort);
    terminal.signals.off("SIGTERM", abort);
  }
}

function reportText(report: DemoReport, url: string | undefined): string {
  const { space, name, version, uid } = report.profile;
  const last = report.answers.at(-1);
  const where = url === undefined ? "" : ` --url ${url}`;
  return [
    `${String(report.questions)} questions answered, ${String(report.spansExported)} spans and ${String(report.acknowledged)} records acknowledged`,
    `profile ${space}/${name}/${version} (${uid})`,
    "",
    "look further:",
    `  scouter eval list --profile ${uid}${where}`,
    `  scouter traces list --profile ${uid}${where}`,
    ...(last === undefined ? [] : [`  scouter eval show ${last.recordUid}${where}`]),
  ].join("\n");
}
