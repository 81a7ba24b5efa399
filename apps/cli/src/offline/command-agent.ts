import { spawn } from "node:child_process";
import { agentRequest, answerOf, RemoteAgentError } from "./agent-protocol.ts";
import type { LoadedAgent } from "./loaded-agent.ts";

/** `EX_TEMPFAIL` of sysexits.h: the service that the program needs is not there, try later. */
const TEMPORARY_FAILURE = 75;
/** What the end of a failed program's error stream says, at most. */
const SHOWN_CHARACTERS = 500;

/**
 * An agent that is a program: started by the shell for each message, it reads one JSON object from standard input and
 * writes its answer, JSON or text, to standard output. Exit code 75 says that a service it needs is out of order.
 */
export function commandAgent(command: string, workingFolder: string, runId: string): LoadedAgent {
  return {
    name: command,
    close: async () => {},
    agent: async (message, context) => {
      const request = JSON.stringify(agentRequest(message, context, runId));
      const { code, out, err } = await run(command, workingFolder, request, context.signal);
      if (code === 0) return answerOf(out);
      const source = code === TEMPORARY_FAILURE ? "provider" : "agent";
      const tail = err.trim().slice(-SHOWN_CHARACTERS);
      throw new RemoteAgentError(`'${command}' ended with ${String(code)}: ${tail}`, source);
    },
  };
}

interface Ended {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

function run(command: string, cwd: string, input: string, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { cwd, shell: true, signal, stdio: "pipe" });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err = (err + text).slice(-2 * SHOWN_CHARACTERS);
    });
    // A program that does not read its input may be gone before it is written.
    child.stdin.on("error", () => undefined).end(input);
    child.once("error", (cause) => {
      if (signal.aborted) return reject(cause);
      const text = `'${command}' cannot be started: ${cause.message}`;
      return reject(new RemoteAgentError(text, "harness", { cause }));
    });
    child.once("close", (code, by) => resolve({ code: code ?? by ?? "no code", out, err }));
  });
}
