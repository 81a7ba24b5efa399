import { type ChildProcess, spawn } from "node:child_process";
import { freePort } from "../port/free-port.ts";

/** A hang, not a slow start: with a cold disk on a busy machine a start takes half a minute. */
const READY_TIMEOUT_MS = 120_000;

export interface ServerProcessOptions {
  /** Path of the module that runs a server, e.g. apps/server/src/main.ts; run with this process's Node. */
  readonly entry: string;
  /** SCOUTER_HOME of the server. */
  readonly home: string;
  /** Ports to keep over restarts; fresh ones when absent. */
  readonly ports?: ServerPorts;
  readonly env?: Readonly<Record<string, string>>;
  /** Give up waiting for readiness after this; the process is killed then. */
  readonly readyTimeoutMs?: number;
}

export interface ServerPorts {
  readonly http: number;
  readonly otlpHttp: number;
  readonly grpc: number;
  readonly otlpGrpc: number;
  readonly metrics: number;
}

/** A Scouter server as a process of its own: what tests kill and benchmarks measure. */
export interface ServerProcess {
  readonly pid: number;
  readonly ports: ServerPorts;
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly urls: Readonly<Record<keyof ServerPorts, string>>;
  /** Milliseconds from spawn to the first ready answer. */
  readonly readyAfterMs: number;
  /** Everything it wrote to standard output and error so far. */
  output(): string;
  /** Sends the signal and resolves when the process is gone. */
  stop(signal: NodeJS.Signals): Promise<ServerExit>;
  readonly exited: Promise<ServerExit>;
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const ports = options.ports ?? (await freePorts());
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [...(options.entry.endsWith(".ts") ? ["--conditions=scouter-source"] : []), options.entry],
    { env: serverEnvironment(options, ports), stdio: ["ignore", "pipe", "pipe"] },
  );
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const output = () => Buffer.concat(chunks).toString();
  const exited = exitOf(child);
  const urls = {
    http: `http://127.0.0.1:${ports.http}`,
    otlpHttp: `http://127.0.0.1:${ports.otlpHttp}`,
    grpc: `http://127.0.0.1:${ports.grpc}`,
    otlpGrpc: `http://127.0.0.1:${ports.otlpGrpc}`,
    metrics: `http://127.0.0.1:${ports.metrics}`,
  };
  await waitUntilReady(
    `${urls.metrics}/readyz`,
    exited,
    options.readyTimeoutMs ?? READY_TIMEOUT_MS,
    () => {
      child.kill("SIGKILL");
      return output();
    },
  );
  return {
    pid: child.pid ?? -1,
    ports,
    urls,
    readyAfterMs: performance.now() - started,
    output,
    exited,
    async stop(signal) {
      child.kill(signal);
      return await exited;
    },
  };
}

/** Nothing of the caller's configuration leaks in: only the path and what the test asks for. */
function serverEnvironment(options: ServerProcessOptions, ports: ServerPorts) {
  return {
    PATH: process.env["PATH"] ?? "",
    SCOUTER_HOME: options.home,
    SCOUTER_SERVER_PORT: String(ports.http),
    SCOUTER_OTLP_HTTP_PORT: String(ports.otlpHttp),
    SCOUTER_GRPC_PORT: String(ports.grpc),
    SCOUTER_OTLP_GRPC_PORT: String(ports.otlpGrpc),
    SCOUTER_METRICS_PORT: String(ports.metrics),
    LOG_JSON: "true",
    ...options.env,
  };
}

function exitOf(child: ChildProcess): Promise<ServerExit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

async function waitUntilReady(
  url: string,
  exited: Promise<ServerExit>,
  timeoutMs: number,
  giveUp: () => string,
): Promise<void> {
  let exit: ServerExit | undefined;
  void exited.then((value) => {
    exit = value;
  });
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (exit !== undefined) {
      throw new Error(`the server exited with ${exit.code ?? exit.signal} at start:\n${giveUp()}`);
    }
    if (performance.now() > deadline) {
      throw new Error(`the server was not ready within ${timeoutMs} ms:\n${giveUp()}`);
    }
    const ready = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ports that were free a moment ago; another process may take one, then the start fails loudly. */
export async function freePorts(): Promise<ServerPorts> {
  const [http, otlpHttp, grpc, otlpGrpc, metrics] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { http, otlpHttp, grpc, otlpGrpc, metrics };
}
