import type { AlertTestReply, DriftAlert, ProfileSummary } from "@scouter/contracts";
import type { ScouterClient } from "@scouter/sdk";
import { type Command, Option } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { exitCodes } from "../exit-code.ts";
import { foundText } from "../output/alert-text.ts";
import { explanationText } from "../output/explanation-text.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { allProfiles, findProfile } from "./find-profile.ts";
import { wholeNumber } from "./number-option.ts";

interface ListOptions extends ConnectionOptions, OutputOptions {
  readonly profile?: string;
  readonly active?: true;
  readonly limit: number;
}

interface ExplainOptions extends ConnectionOptions, OutputOptions {
  readonly window: "opened" | "newest";
}

type TestOptions = ConnectionOptions & OutputOptions;

interface ListedAlert extends DriftAlert {
  readonly profile: ProfileSummary;
}

export function addAlertCommands(program: Command, context: CommandContext): void {
  const alert = program.command("alert").description("what somebody should look at");
  const list = alert
    .command("list")
    .description("alerts, newest first")
    .option("--profile <profile>", "uid, space/name or space/name/version (default: all)")
    .option("--active", "only those that are neither over nor set aside")
    .option("--limit <n>", "of each profile, 1 to 1000", wholeNumber("--limit", 1, 1000), 20);
  withJson(withUrl(list)).action((options: ListOptions) => listAlerts(context, options));
  const explain = alert
    .command("explain")
    .argument(
      "<alert-id>",
      "of `scouter alert list`",
      wholeNumber("<alert-id>", 1, Number.MAX_SAFE_INTEGER),
    )
    .description("what an alert stands on: baseline against window, bin by bin")
    .addOption(
      new Option(
        "--window <which>",
        "the one that opened it, or the newest one in which it was open",
      )
        .choices(["opened", "newest"])
        .default("opened"),
    );
  withJson(withUrl(explain)).action((id: number, options: ExplainOptions) =>
    explainAlert(context, id, options),
  );
  const test = alert
    .command("test")
    .argument(
      "<channel>",
      "console, webhook, alertmanager, pagerduty[:severity], slack:<channel> or opsgenie:<team>[:priority]",
    )
    .description("tell a test message on a channel, for administrators");
  withJson(withUrl(test)).action((channel: string, options: TestOptions) =>
    testChannel(context, channel, options),
  );
}

async function explainAlert(
  { terminal, finish }: CommandContext,
  id: number,
  options: ExplainOptions,
) {
  const explanation = await withServer(terminal, options, (client) =>
    client.explainAlert(id, options.window),
  );
  print(terminal, options, { document: explanation, text: () => explanationText(explanation) });
  finish(exitCodes.ok);
}

async function testChannel(
  { terminal, finish }: CommandContext,
  given: string,
  options: TestOptions,
) {
  const reply = await withServer(terminal, options, (client) => client.testAlertChannel(given));
  print(terminal, options, { document: reply, text: () => testText(reply) });
  finish(reply.delivered ? exitCodes.ok : exitCodes.checkFailed);
}

function testText({ channel, dedup_key: key, error }: AlertTestReply): string {
  if (error === null) return `the channel '${channel}' took the test message (${key})`;
  const lines = [`not delivered: ${error.message} (${error.code})`];
  return [...lines, ...(error.remedy === null ? [] : [`what to do: ${error.remedy}`])].join("\n");
}

async function listAlerts({ terminal, finish }: CommandContext, options: ListOptions) {
  const items = await withServer(terminal, options, async (client) => {
    const profiles =
      options.profile === undefined
        ? await allProfiles(client)
        : [await findProfile(client, options.profile)];
    return newestFirst(await alertsOf(client, profiles, options));
  });
  print(terminal, options, {
    document: { items },
    text: () => (items.length === 0 ? "no alerts" : alertTable(items)),
  });
  finish(exitCodes.ok);
}

/** One profile after the other: a thousand requests at once would be refused. */
async function alertsOf(
  client: ScouterClient,
  profiles: readonly ProfileSummary[],
  { active, limit }: ListOptions,
): Promise<readonly ListedAlert[]> {
  const found: ListedAlert[] = [];
  for (const profile of profiles) {
    const page = await client.alerts({ uid: profile.uid, limit, active: active ?? null });
    found.push(...page.items.map((item) => ({ ...item, profile })));
  }
  return found;
}

function newestFirst(alerts: readonly ListedAlert[]): readonly ListedAlert[] {
  return alerts.toSorted((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id);
}

function alertTable(alerts: readonly ListedAlert[]): string {
  return table(alerts, [
    { title: "id", align: "right", value: ({ id }) => String(id) },
    { title: "since", value: ({ created_at }) => created_at.slice(0, 19).replace("T", " ") },
    { title: "profile", value: ({ profile }) => `${profile.space}/${profile.name}`, maximum: 40 },
    { title: "version", value: ({ profile }) => profile.version },
    { title: "of", value: (alert) => alert.entity_name, maximum: 40 },
    { title: "active", value: ({ active }) => (active ? "yes" : "no") },
    { title: "found", value: ({ alert }) => foundText(alert), maximum: 80 },
  ]);
}
