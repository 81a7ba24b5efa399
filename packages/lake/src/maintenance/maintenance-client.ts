import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errors } from "../errors.ts";
import type { MaintenanceAnswers, MaintenanceReply, MaintenanceRequest } from "./protocol.ts";
import type { TableMaintainerOptions } from "./table-maintainer.ts";

export type MaintenanceClientOptions = Omit<TableMaintainerOptions, "temporaryFolder">;

/** Folder of the lake in which each maintenance process has one for its files on their way. */
const FOLDER = ".maintenance";
/** For the C library of Linux: the threads of a sort need each other's memory when one is done with it. */
const ONE_ARENA = { MALLOC_ARENA_MAX: "1" };
/** One that was left behind is deleted when it is older than any process can be. */
const LEFT_BEHIND_MS = 86_400_000;

/** The maintenance process as its parent sees it. Its memory is its own and goes back when it ends. */
export class MaintenanceClient {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #exited: Promise<void>;
  #waiting: PromiseWithResolvers<unknown> | undefined;
  #end: Error | undefined;
  #residentBytes = 0;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    const exit = Promise.withResolvers<void>();
    this.#exited = exit.promise;
    const end = (reason: string, cause?: unknown) => {
      this.#end ??= errors.LAKE_MAINTENANCE_FAILED({ reason }, { cause });
      this.#waiting?.reject(this.#end);
      exit.resolve();
    };
    child.once("error", (error) => end(error.message, error));
    child.once("exit", (code, signal) => end(`the process ended with ${signal ?? code}`));
    child.on("message", (reply: MaintenanceReply) => this.#settle(reply));
  }

  /** Starts the process and opens the table in it. An abort of the signal kills it. */
  static async start(
    options: MaintenanceClientOptions,
    signal: AbortSignal,
  ): Promise<MaintenanceClient> {
    signal.throwIfAborted();
    const folder = join(options.root, FOLDER);
    const temporaryFolder = join(folder, randomUUID());
    await mkdir(temporaryFolder, { recursive: true });
    await clearLeftBehind(folder);
    const child = fork(processUrl(), {
      execArgv,
      env: { ...process.env, ...ONE_ARENA },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const client = new MaintenanceClient(child, temporaryFolder);
    try {
      // Killed at any point it leaves the table as it was: a commit is one put.
      signal.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
      if (signal.aborted) child.kill("SIGKILL");
      await client.#ask("open", { name: "open", options: { ...options, temporaryFolder } });
      return client;
    } catch (error) {
      await client.stop();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What the process held of memory when it last answered. */
  get residentBytes(): number {
    return this.#residentBytes;
  }

  next(epoch: number, skip: readonly string[]): Promise<MaintenanceAnswers["next"]> {
    return this.#ask("next", { name: "next", epoch, skip });
  }

  vacuum(dryRun = false): Promise<MaintenanceAnswers["vacuum"]> {
    return this.#ask("vacuum", { name: "vacuum", dryRun });
  }

  /** Ends it, whatever it does. Resolves when it is gone and what it left on its way is deleted. */
  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #ask<Name extends keyof MaintenanceAnswers>(
    _name: Name,
    request: MaintenanceRequest & { readonly name: Name },
  ): Promise<MaintenanceAnswers[Name]> {
    if (this.#end !== undefined) throw this.#end;
    this.#waiting = Promise.withResolvers<unknown>();
    this.#child.send(request, (error) => {
      if (error !== null) this.#waiting?.reject(error);
    });
    return (await this.#waiting.promise) as MaintenanceAnswers[Name];
  }

  #settle(reply: MaintenanceReply): void {
    this.#residentBytes = reply.residentBytes;
    if ("answer" in reply) this.#waiting?.resolve(reply.answer);
    else this.#waiting?.reject(errors.LAKE_MAINTENANCE_FAILED({ reason: reply.failed }));
  }
}

async function clearLeftBehind(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined); // another process may be first
    if (found === undefined || Date.now() - found.mtimeMs < LEFT_BEHIND_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** The process's module lies beside this one, as source when this is source. */
const isSource = import.meta.url.endsWith(".ts");
const execArgv = isSource ? ["--conditions=scouter-source"] : [];
function processUrl(): URL {
  return new URL(
    isSource ? "./maintenance-process.ts" : "./maintenance-process.js",
    import.meta.url,
  );
}
