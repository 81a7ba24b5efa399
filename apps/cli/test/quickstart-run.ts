import { main } from "../src/main.ts";
import { testTerminal, type TestTerminal } from "./test-terminal.ts";

/** What `quickstart --json` prints, as far as tests look at it. */
export interface QuickstartDocument {
  readonly urls: { readonly http: string };
  readonly profile: { readonly uid: string; readonly version: string };
  readonly sent: { readonly spans: number; readonly records: number };
  readonly figures: {
    readonly spans: number;
    readonly recordsEvaluated: number;
    readonly passRate: number;
    readonly tasksErrored: number;
    readonly tasksSkipped: number;
    readonly failedAnswer: { readonly recordUid: string; readonly traceId: string };
  };
  readonly model: {
    readonly profiles: Readonly<
      Record<"psi" | "spc" | "custom", { readonly uid: string; readonly version: string }>
    >;
  };
  readonly drift: {
    readonly drifted: readonly { readonly by: string; readonly name: string }[];
    readonly stable: readonly { readonly by: string; readonly name: string }[];
    readonly alerts: readonly { readonly by: string; readonly name: string }[];
  };
  readonly login: { readonly username: string; readonly passwordFile: string | null } | null;
  readonly checks: readonly { readonly what: string; readonly holds: boolean }[];
}

/** A terminal in `folder` with free ports. */
export function quickstartTerminal(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): TestTerminal {
  const ports = {
    SCOUTER_SERVER_PORT: "0",
    SCOUTER_OTLP_HTTP_PORT: "random",
    SCOUTER_GRPC_PORT: "random",
    SCOUTER_OTLP_GRPC_PORT: "random",
    SCOUTER_METRICS_PORT: "random",
  };
  // The bucket of another program, as a developer's shell may name it: the quickstart must leave it alone.
  const foreign = { SCOUTER_STORAGE_URI: "s3://production" };
  return testTerminal({
    workingFolder: folder,
    env: { PATH: process.env["PATH"] ?? "", ...ports, ...foreign, ...env },
  });
}

export function documentOf(console: TestTerminal): QuickstartDocument {
  return JSON.parse(console.stdout()) as QuickstartDocument;
}

export interface KeptQuickstart {
  readonly console: TestTerminal;
  readonly document: QuickstartDocument;
  /** Resolves with the exit code. */
  stop(): Promise<number>;
}

/** A quickstart whose server goes on until it is stopped. */
export async function keptQuickstart(
  console: TestTerminal,
  ...options: readonly string[]
): Promise<KeptQuickstart> {
  const ended = main(["quickstart", "--json", ...options], console);
  const ready = console.saysOnStderr("The server keeps running").then(() => "ready");
  if ((await Promise.race([ready, ended])) !== "ready") throw new Error(console.stderr());
  return {
    console,
    document: documentOf(console),
    stop() {
      console.signals.emit("SIGTERM");
      return ended;
    },
  };
}
