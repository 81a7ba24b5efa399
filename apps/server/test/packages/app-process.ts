import { type ChildProcess, spawn } from "node:child_process";
import { freePort } from "@scouter/testkit/port/free-port";

export interface AppProcess {
  readonly url: string;
  /** Asks it to end, and waits; its exit code. */
  stop(): Promise<number | null>;
}

/** Starts an app that listens on `PORT`, and waits until it answers there. */
export async function startApp(
  folder: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<AppProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, parameters, {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exit = exitOf(child);
  const url = `http://127.0.0.1:${port}`;
  const ended = exit.then((code) => {
    throw new Error(`the app ended with ${code}:\n${Buffer.concat(chunks).toString()}`);
  });
  await Promise.race([untilAnswered(url), ended]);
  ended.catch(() => undefined);
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      return await exit;
    },
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
  });
}

async function untilAnswered(url: string): Promise<void> {
  for (;;) {
    const answered = await fetch(url).then(
      async (reply) => (await reply.arrayBuffer()) !== undefined,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
