import { agentEvalProfile, type EvaluationTask, type ProfileSummary } from "@scouter/contracts";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { allProfiles, findProfile } from "./find-profile.ts";

type Options = ConnectionOptions & OutputOptions;

export function addProfileCommands(program: Command, context: CommandContext): void {
  const profile = program.command("profile").description("what is watched, and how");
  const list = profile.command("list").description("all registered versions, newest first");
  withJson(withUrl(list)).action((options: Options) => listProfiles(context, options));
  const show = profile
    .command("show")
    .argument("<profile>", "uid, space/name (newest version) or space/name/version")
    .description("one version with its tasks");
  withJson(withUrl(show)).action((given: string, options: Options) =>
    showProfile(context, given, options),
  );
}

async function listProfiles({ terminal, finish }: CommandContext, options: Options) {
  const items = await withServer(terminal, options, allProfiles);
  print(terminal, options, {
    document: { items },
    text: () => (items.length === 0 ? "no profiles" : profileTable(items)),
  });
  finish(exitCodes.ok);
}

function profileTable(items: readonly ProfileSummary[]): string {
  return table(items, [
    { title: "uid", value: (profile) => profile.uid },
    { title: "space", value: (profile) => profile.space, maximum: 30 },
    { title: "name", value: (profile) => profile.name, maximum: 40 },
    { title: "version", value: (profile) => profile.version },
    { title: "kind", value: (profile) => profile.drift_type.toLowerCase() },
    { title: "active", value: (profile) => (profile.active ? "yes" : "no") },
    { title: "created", value: ({ created_at }) => created_at.slice(0, 19).replace("T", " ") },
  ]);
}

async function showProfile({ terminal, finish }: CommandContext, given: string, options: Options) {
  const { summary, tagged } = await withServer(terminal, options, async (client) => {
    const summary = await findProfile(client, given);
    const { space, name, version, drift_type: driftType } = summary;
    return { summary, tagged: await client.getProfile({ space, name, version, driftType }) };
  });
  print(terminal, options, {
    document: { ...summary, profile: tagged },
    text: () => `${profileTable([summary])}\n\n${taskTable(tagged.Agent)}`,
  });
  finish(exitCodes.ok);
}

function taskTable(profile: unknown): string {
  const { success, data } = agentEvalProfile.safeParse(profile);
  if (!success) return "(see --json for its settings)";
  const { assertion, judge, trace, agent } = data.tasks;
  const tasks: readonly EvaluationTask[] = [...assertion, ...judge, ...trace, ...agent];
  return table(tasks, [
    { title: "task", value: (task) => task.id },
    { title: "kind", value: (task) => task.task_type },
    { title: "gate", value: (task) => (task.condition ? "gate" : "") },
    { title: "after", value: (task) => task.depends_on.join(", ") },
    { title: "checks", value: (task) => checkedText(task), maximum: 50 },
    { title: "operator", value: (task) => task.operator },
    { title: "expected", value: (task) => JSON.stringify(task.expected_value), maximum: 40 },
  ]);
}

function checkedText(task: EvaluationTask): string {
  if (task.task_type === "TraceAssertion" || task.task_type === "AgentAssertion") {
    return JSON.stringify(task.assertion);
  }
  const path = task.context_path ?? "(the context)";
  const item = task.task_type === "Assertion" ? task.item_context_path : undefined;
  return typeof item === "string" ? `${path} each ${item}` : path;
}
