import { agentEvalProfile, type EvaluationTask, type ProfileSummary } from "@scouter/contracts";
import type { ScouterClient } from "@scouter/sdk";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { allProfiles, findOneProfile, findProfile } from "./find-profile.ts";
import { addProfileCreateCommand } from "./profile-create.ts";
import { type ProfileFile, readProfileFile } from "./profile-file.ts";

type Options = ConnectionOptions & OutputOptions;

interface RegisterOptions extends Options {
  readonly activate?: true;
  readonly deactivateOthers?: true;
  readonly space?: string;
  readonly nextVersion?: true;
}

interface ActivateOptions extends Options {
  readonly deactivate?: true;
  readonly deactivateOthers?: true;
}

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
  addProfileCreateCommand(profile, context);
  addChanges(profile, context);
}

function addChanges(profile: Command, context: CommandContext): void {
  const register = profile
    .command("register")
    .argument("<file>", "a profile as JSON, such as a client saves or 'profile show --json' gives")
    .description("store a new version of a profile")
    .option("--activate", "watch it from now on")
    .option("--deactivate-others", "with --activate: stop watching its other versions")
    .option("--space <space>", "default: the file's own")
    .option("--next-version", "when the file's version exists: register the next free one");
  withJson(withUrl(register)).action((file: string, options: RegisterOptions) =>
    registerProfile(context, file, options),
  );
  const activate = profile
    .command("activate")
    .argument("<profile>", "uid, space/name/version or space/name (newest version)")
    .description("begin watching a version")
    .option("--deactivate", "stop watching it instead")
    .option("--deactivate-others", "stop watching the other versions of the profile");
  withJson(withUrl(activate)).action((given: string, options: ActivateOptions) =>
    activateProfile(context, given, options),
  );
}

async function registerProfile(
  { terminal, finish }: CommandContext,
  file: string,
  options: RegisterOptions,
) {
  const read = readProfileFile(terminal.workingFolder, file, options.space);
  const { kind, space } = read;
  const registered = await withServer(terminal, options, async (client) => {
    if (options.nextVersion !== true) await refuseTaken(client, read);
    return client.registerProfile(read.body, {
      driftType: kind,
      space,
      active: options.activate ?? false,
      deactivateOthers: options.deactivateOthers ?? false,
    });
  });
  const { name, version, uid, active, nextRun, nextRuns } = registered;
  const { changed, unknown } = await notesOn(read);
  const title = `${space}/${name}/${version}`;
  print(terminal, options, {
    document: {
      uid,
      space,
      name,
      version,
      drift_type: kind,
      active,
      next_run: nextRun,
      next_runs: nextRuns,
      changed_tasks: changed,
      unknown_members: unknown,
    },
    text: () =>
      [
        `registered ${kind.toLowerCase()} profile ${title}`,
        `uid ${uid}`,
        active
          ? `watched from now on; the first windows end ${firstWindows(nextRun, nextRuns)}`
          : `not watched yet: 'scouter profile activate ${uid}' begins it`,
        ...listed("tasks that mean something else here than where their form is from:", changed),
        ...listed("members of tasks that nothing looks at:", unknown),
      ].join("\n"),
  });
  finish(exitCodes.ok);
}

/** What is no mistake for sure, and worth a look. */
interface Notes {
  readonly changed: readonly string[];
  readonly unknown: readonly string[];
}

async function notesOn({ kind, body }: ProfileFile): Promise<Notes> {
  const parsed = kind === "Agent" ? agentEvalProfile.safeParse(body) : undefined;
  if (parsed?.success !== true) return { changed: [], unknown: [] };
  const { changedMeanings, unknownMembers } = await import("@scouter/evaluate");
  const { tasks } = parsed.data;
  return {
    changed: changedMeanings(tasks).map(({ message }) => message),
    unknown: unknownMembers(tasks),
  };
}

function listed(title: string, messages: readonly string[]): readonly string[] {
  return messages.length === 0 ? [] : ["", title, ...messages.map((message) => `- ${message}`)];
}

/** A server of an earlier version tells the first one only. */
function firstWindows(nextRun: string | null, nextRuns: readonly string[]): string {
  if (nextRuns.length > 0) return nextRuns.join(", ");
  return nextRun ?? "never: it has no schedule";
}

/** The server would take the next free version; who names one means that one. */
async function refuseTaken(client: ScouterClient, read: ProfileFile): Promise<void> {
  const { kind, space, name, version } = read;
  if (version === undefined) return;
  const taken = (await allProfiles(client)).find(
    (other) =>
      other.drift_type === kind &&
      other.space === space &&
      other.name === name &&
      other.version === version,
  );
  if (taken === undefined) return;
  const profile = `${space}/${taken.name}/${version}`;
  throw errors.CLI_PROFILE_VERSION_TAKEN({ profile, kind, uid: taken.uid });
}

async function activateProfile(
  { terminal, finish }: CommandContext,
  given: string,
  options: ActivateOptions,
) {
  const active = options.deactivate !== true;
  const profile = await withServer(terminal, options, async (client) => {
    const found = await findOneProfile(client, given);
    const { space, name, version, drift_type: driftType } = found;
    const deactivateOthers = options.deactivateOthers ?? false;
    await client.setProfileStatus({ space, name, version, driftType, active, deactivateOthers });
    return { ...found, active };
  });
  const { space, name, version } = profile;
  print(terminal, options, {
    document: profile,
    text: () => `${space}/${name}/${version} is ${active ? "watched" : "not watched any more"}`,
  });
  finish(exitCodes.ok);
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
  const { assertion, judge, trace, agent, custom } = data.tasks;
  const tasks: readonly EvaluationTask[] = [
    ...assertion,
    ...judge,
    ...trace,
    ...agent,
    ...(custom ?? []),
  ];
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
  if (task.task_type === "Custom") return task.type;
  const path = task.context_path ?? "(the context)";
  const item = task.task_type === "Assertion" ? task.item_context_path : undefined;
  return typeof item === "string" ? `${path} each ${item}` : path;
}
