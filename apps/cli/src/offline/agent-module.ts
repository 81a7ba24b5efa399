import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildResponse, SimulatedUser, SourceOfError } from "@scouter/sdk/offline";
import { errors } from "../errors.ts";
import type { LoadedAgent, OrchestratorClass } from "./loaded-agent.ts";

/** Exports that are looked for when none is named, in this order. */
const AGENT_EXPORTS = ["default", "agent"];

/**
 * The agent of a module: `<file>` or `<file>#<export>`, TypeScript or JavaScript. Beside the agent a module may export
 * `simulatedUser`, `buildResponse`, `errorSource`, `versions` and `close`.
 *
 * @throws CLI_AGENT_MODULE
 */
export async function loadAgentModule(given: string, workingFolder: string): Promise<LoadedAgent> {
  const [file, wanted] = splitExport(given);
  const exported = await load(given, resolve(workingFolder, file));
  const names = wanted === undefined ? AGENT_EXPORTS : [wanted];
  const name = names.find((own) => typeof exported[own] === "function");
  if (name === undefined) {
    const reason = `it exports no function ${names.map((own) => `'${own}'`).join(" or ")}; it has ${Object.keys(exported).join(", ") || "no exports"}`;
    throw errors.CLI_AGENT_MODULE({ given, reason });
  }
  const agent = exported[name] as LoadedAgent["agent"];
  const versions = exported["versions"];
  return {
    name: given,
    ...(isOrchestrator(agent)
      ? { agent: undefined, orchestrator: agent }
      : { agent, orchestrator: undefined }),
    simulatedUser: functionOf(exported, "simulatedUser") as SimulatedUser | undefined,
    buildResponse: functionOf(exported, "buildResponse") as BuildResponse | undefined,
    errorSource: functionOf(exported, "errorSource") as SourceOfError | undefined,
    versions: isTexts(versions) ? versions : undefined,
    close: async () => {
      await functionOf(exported, "close")?.();
    },
  };
}

function splitExport(given: string): readonly [string, string | undefined] {
  const at = given.lastIndexOf("#");
  return at === -1 ? [given, undefined] : [given.slice(0, at), given.slice(at + 1)];
}

async function load(given: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_AGENT_MODULE({ given, reason }, { cause });
  }
}

function functionOf(exported: Readonly<Record<string, unknown>>, name: string) {
  const value = exported[name];
  return typeof value === "function" ? (value as () => unknown) : undefined;
}

/** The module may have another copy of the SDK, so the class is known by what it can do. */
function isOrchestrator(value: unknown): value is OrchestratorClass {
  if (typeof value !== "function") return false;
  const prototype: unknown = Reflect.get(value, "prototype");
  return typeof prototype === "object" && prototype !== null && "runToStore" in prototype;
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((own) => typeof own === "string")
  );
}
