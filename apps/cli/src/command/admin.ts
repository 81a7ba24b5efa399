import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ScouterClient, ServerUser } from "@scouter/sdk";
import type { Command } from "commander";
import { type ConnectionOptions, serverUrl, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../terminal.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";

type Options = ConnectionOptions & OutputOptions;
type PasswordOptions = Options & { readonly passwordFile?: string };

interface CreateOptions extends PasswordOptions {
  readonly email?: string;
  readonly permission?: readonly string[];
  readonly admin?: true;
}

const PASSWORD_FILE_HELP =
  "file whose first line is the password (default: one is made up and shown)";

export function addAdminCommands(program: Command, context: CommandContext): void {
  const user = program
    .command("admin")
    .description("what only administrators do")
    .command("user")
    .description("who may log in");
  const list = user.command("list").description("all users");
  withJson(withUrl(list)).action((options: Options) => listUsers(context, options));
  const create = user
    .command("create")
    .argument("<username>", "letters, digits and _ . @ -")
    .description("let somebody in")
    .option("--email <address>", "default: the user name")
    .option("--permission <permissions...>", "such as read:all write:shop (default: read:all)")
    .option("--admin", "with every permission")
    .option("--password-file <file>", PASSWORD_FILE_HELP);
  withJson(withUrl(create)).action((username: string, options: CreateOptions) =>
    createUser(context, username, options),
  );
  const password = user
    .command("password")
    .argument("<username>")
    .description("give a user a new password")
    .option("--password-file <file>", PASSWORD_FILE_HELP);
  withJson(withUrl(password)).action((username: string, options: PasswordOptions) =>
    changePassword(context, username, options),
  );
  const remove = user.command("delete").argument("<username>").description("remove a user");
  withJson(withUrl(remove)).action((username: string, options: Options) =>
    deleteUser(context, username, options),
  );
}

async function listUsers({ terminal, finish }: CommandContext, options: Options) {
  const users = await asAdmin(terminal, options, (client) => client.listUsers());
  print(terminal, options, { document: { users }, text: () => userTable(users) });
  finish(exitCodes.ok);
}

function userTable(users: readonly ServerUser[]): string {
  return table(users, [
    { title: "user", value: ({ username }) => username },
    { title: "email", value: ({ email }) => email, maximum: 40 },
    { title: "active", value: ({ active }) => (active ? "yes" : "no") },
    { title: "groups", value: ({ group_permissions: groups }) => groups.join(" ") },
    { title: "permissions", value: ({ permissions }) => permissions.join(" "), maximum: 60 },
  ]);
}

async function createUser(
  { terminal, finish }: CommandContext,
  username: string,
  options: CreateOptions,
) {
  const chosen = choosePassword(terminal, options);
  const everything = { permissions: ["read:all", "write:all"], group_permissions: ["admin"] };
  const { user, recovery_codes } = await asAdmin(terminal, options, (client) =>
    client.createUser({
      username,
      password: chosen.password,
      email: options.email ?? username,
      ...(options.permission === undefined ? {} : { permissions: options.permission }),
      ...(options.admin ? { ...everything, role: "admin" } : {}),
    }),
  );
  print(terminal, options, {
    document: { user, recovery_codes, ...chosen.shown },
    text: () =>
      [
        `user ${username} created`,
        ...passwordLine(chosen),
        `recovery codes: ${recovery_codes.join(" ")}`,
      ].join("\n"),
  });
  finish(exitCodes.ok);
}

async function changePassword(
  { terminal, finish }: CommandContext,
  username: string,
  options: PasswordOptions,
) {
  const chosen = choosePassword(terminal, options);
  const { password } = chosen;
  const user = await asAdmin(terminal, options, (client) =>
    client.updateUser(username, { password }),
  );
  print(terminal, options, {
    document: { user, ...chosen.shown },
    text: () => [`password of ${username} changed`, ...passwordLine(chosen)].join("\n"),
  });
  finish(exitCodes.ok);
}

async function deleteUser(
  { terminal, finish }: CommandContext,
  username: string,
  options: Options,
) {
  await asAdmin(terminal, options, (client) => client.deleteUser(username));
  print(terminal, options, {
    document: { deleted: username },
    text: () => `user ${username} deleted`,
  });
  finish(exitCodes.ok);
}

/** Nobody named: on this machine the administrator of an embedded server is tried, elsewhere the SDK's default. */
function asAdmin<Result>(
  terminal: Terminal,
  options: Options,
  work: (client: ScouterClient) => Promise<Result>,
): Promise<Result> {
  const isHere = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(
    serverUrl(terminal, options),
  );
  return withServer(
    terminal,
    options,
    work,
    isHere ? { username: "admin", password: "admin" } : undefined,
  );
}

interface ChosenPassword {
  readonly password: string;
  /** Only a password that was made up is shown. */
  readonly shown: { readonly password?: string };
}

function choosePassword(terminal: Terminal, { passwordFile }: PasswordOptions): ChosenPassword {
  if (passwordFile === undefined) {
    const password = randomBytes(18).toString("base64url");
    return { password, shown: { password } };
  }
  const file = resolve(terminal.workingFolder, passwordFile);
  try {
    return { password: readFileSync(file, "utf8").split(/\r?\n/, 1)[0] ?? "", shown: {} };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_PASSWORD_FILE({ file, reason }, { cause });
  }
}

function passwordLine({ shown }: ChosenPassword): readonly string[] {
  return shown.password === undefined ? [] : [`password: ${shown.password} (shown this once)`];
}
