import { spawn, type ChildProcess } from "node:child_process";
import { connect } from "node:net";

/** A real broker as a child process, on a port of 127.0.0.1 that it keeps over restarts. */
export interface BrokerProcess {
  readonly port: number;
  /** What a client connects to. */
  readonly url: string;
  /**
   * Of brokers that tell their clients where to connect: whoever comes through a gate at `gatePort` that leads to
   * `behindPort` is told to come through it again.
   */
  readonly door?: { readonly gatePort: number; readonly behindPort: number };
  /** Ends the process at once, as a crash does; its data stay. */
  kill(): Promise<void>;
  /** Starts it again after `kill`; resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends it for good and removes its data. */
  stop(): Promise<void>;
}

export interface BrokerCommand {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  readonly port: number;
  /** Beyond a port that listens: whether the broker is ready to work. */
  isReady?(): Promise<boolean>;
}

/** A hang, not a slow start. */
const START_TIMEOUT_MS = 120_000;
const LOOK_AGAIN_MS = 50;

/** One process of the broker; a group of its own, because brokers start helpers. */
export class BrokerRun {
  readonly #command: BrokerCommand;
  #child: ChildProcess | undefined;
  #output = "";

  constructor(command: BrokerCommand) {
    this.#command = command;
  }

  async start(): Promise<void> {
    const { program, parameters, env, workingFolder, port } = this.#command;
    this.#output = "";
    const child = spawn(program, parameters, {
      cwd: workingFolder,
      env: { PATH: process.env["PATH"] ?? "", HOME: workingFolder, LANG: "C.UTF-8", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => keep(Buffer.from(String(error))));
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!(await this.#isUp(port))) {
      if (child.exitCode !== null || child.pid === undefined || performance.now() > deadline) {
        await this.kill();
        throw new Error(`${program} did not start:\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
    await gone;
  }

  async #isUp(port: number): Promise<boolean> {
    if (!(await listens(port))) return false;
    return (await this.#command.isReady?.()) ?? true;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", settle(true)).once("error", settle(false));
  });
}
