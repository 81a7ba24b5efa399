// Runs the server until a signal. Exit codes: 0 stopped, 2 configuration or usage, 3 our fault.
import { isScouterError } from "@scouter/contracts";
import { keepGenericWasmWrappers } from "@scouter/database";
import { compose } from "./compose.ts";
import { readConfig } from "./config/read-config.ts";

const EXIT_CONFIGURATION = 2;
const EXIT_FAULT = 3;

// Whoever read the log may be gone (a closed terminal, a pipe that ended). That must not end the server, and to log that
// logging failed would go on for ever.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

async function main(): Promise<number> {
  // Also with a PostgreSQL: what speaks HTTP is WebAssembly too, in several threads.
  keepGenericWasmWrappers();
  const system = compose(readConfig(process.env));
  const ended = Promise.withResolvers<{ readonly reason: string; readonly code: number }>();
  const onSignal = (signal: NodeJS.Signals) => ended.resolve({ reason: signal, code: 0 });
  process.once("SIGTERM", onSignal);
  process.once("SIGINT", onSignal);
  const onFault = (err: unknown) => {
    system.logger.fatal({ err }, "unexpected error");
    ended.resolve({ reason: "an unexpected error", code: EXIT_FAULT });
  };
  process.on("unhandledRejection", onFault);
  process.on("uncaughtException", onFault);
  void system.failed.then(() =>
    ended.resolve({ reason: "a part that is needed ended", code: EXIT_FAULT }),
  );
  await system.start();
  const { reason, code } = await ended.promise;
  await system.stop(reason);
  return code;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = isScouterError(error);
  const remedy = known && error.remedy !== undefined ? `\n  ${error.remedy}` : "";
  const text = known ? `${error.message}${remedy}\n  [${error.code}]` : String(error);
  process.stderr.write(`${text}\n`);
  const usage = known && (error.kind === "invalid" || error.kind === "conflict");
  process.exitCode = usage ? EXIT_CONFIGURATION : EXIT_FAULT;
}
