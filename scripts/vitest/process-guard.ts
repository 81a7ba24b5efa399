import { afterAll } from "vitest";

/** Where the OpenTelemetry API keeps what was registered for the whole process. */
const TELEMETRY = Symbol.for("opentelemetry.js.api.1");
const EVENTS = ["uncaughtException", "unhandledRejection", "SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Test files share processes, so one that leaves something behind could change what the next one sees. This fails it
 * instead: after the last test of a file the process is as it was before the first.
 */
const before = processState();
afterAll(() => {
  const after = processState();
  const changes = [...new Set([...before.keys(), ...after.keys()])]
    .filter((part) => before.get(part) !== after.get(part))
    .map((part) => `${part} was ${before.get(part) ?? "unset"}, is ${after.get(part) ?? "unset"}`);
  if (changes.length === 0) return;
  throw new Error(`the tests of this file left the process changed: ${changes.join("; ")}`);
});

function processState(): ReadonlyMap<string, string> {
  const { env } = process;
  return new Map([
    ["working folder", process.cwd()],
    ["registered telemetry", registeredTelemetry()],
    ...EVENTS.map(
      (event) => [`listeners of ${event}`, String(process.listenerCount(event))] as const,
    ),
    ...Object.keys(env)
      .filter((name) => !name.startsWith("VITEST"))
      .map((name) => [`variable ${name}`, `'${env[name]}'`] as const),
  ]);
}

function registeredTelemetry(): string {
  const registry: unknown = Reflect.get(globalThis, TELEMETRY);
  const names = typeof registry === "object" && registry !== null ? Object.keys(registry) : [];
  return names.filter((name) => name !== "version").join(", ") || "none";
}
