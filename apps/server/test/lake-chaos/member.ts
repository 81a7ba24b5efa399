import { type ChildProcess, fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "@scouter/testkit/port/free-port";
import type { Look, WatchOptions } from "./table-reader.ts";

const SOURCES = "--conditions=scouter-source";
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A process of the suite that may be killed or stopped at any time, and that comes back after a kill. */
export interface Member {
  readonly name: string;
  /** What to say when it ends by itself, which it must not. */
  readonly output: () => string;
  /** Kills it and starts it again; resolves when it is back. */
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it for good; a pod writes first what it holds. */
  end(): Promise<void>;
}

export interface Pod extends Member {
  readonly url: string;
}

export async function startPod(
  name: string,
  role: "writer" | "compactor",
  env: Readonly<Record<string, string>>,
): Promise<Pod> {
  const port = await freePort();
  const lines: string[] = [];
  let child: ChildProcess;
  const start = async () => {
    child = spawn(process.execPath, [SOURCES, pathOf("./pod.ts")], {
      env: {
        PATH: process.env["PATH"] ?? "",
        ...env,
        SCOUTER_CHAOS_ROLE: role,
        SCOUTER_CHAOS_PORT: String(port),
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stderr?.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once("data", () => resolve());
      child.once("exit", (code) =>
        reject(new Error(`${name} ended with ${code}:\n${lines.join("")}`)),
      );
    });
  };
  await start();
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    output: () => lines.join(""),
    async restart() {
      await ended(child, "SIGKILL");
      await start();
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    end: () => ended(child, "SIGTERM"),
  };
}

export function startReader(
  name: string,
  options: WatchOptions,
  onLook: (look: Look) => void,
): Member {
  let child: ChildProcess;
  const start = () => {
    child = fork(pathOf("./table-reader.ts"), [JSON.stringify(options)], { execArgv: [SOURCES] });
    child.on("message", (look: Look) => onLook(look));
  };
  start();
  return {
    name,
    output: () => "",
    async restart() {
      await ended(child, "SIGKILL");
      start();
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    end: () => ended(child, "SIGKILL"),
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.kill(signal);
  await exit;
}
