/**
 * The house plan as data: which package may import which. Arrows point one way, towards `contracts`.
 * A new package is one row here; moving a wall is an edit here with its reason in docs/decisions.
 */
export interface Room {
  /** Workspace packages that shipped code may import. */
  readonly mayImport: readonly string[];
  /** May be imported only by `import()`: heavy, and most commands never need it. */
  readonly onlyLazily?: readonly string[];
}

const PURE = ["@scouter/contracts"];
const CORES = [...PURE, "@scouter/stats"];
const PORTS_AND_CORES = [
  ...CORES,
  "@scouter/drift",
  "@scouter/telemetry",
  "@scouter/delta",
  "@scouter/evaluate",
  "@scouter/lake",
  "@scouter/database",
  "@scouter/models",
  "@scouter/alerts",
  "@scouter/sdk",
  "@scouter/tabular",
];

export const HOUSE: Readonly<Record<string, Room>> = {
  "@scouter/contracts": { mayImport: [] },
  "@scouter/stats": { mayImport: PURE },
  "@scouter/drift": { mayImport: CORES },
  "@scouter/tabular": { mayImport: [...PURE, "@scouter/drift"] },
  "@scouter/telemetry": { mayImport: PURE },
  "@scouter/delta": { mayImport: PURE },
  "@scouter/evaluate": { mayImport: CORES },
  "@scouter/lake": { mayImport: [...PURE, "@scouter/telemetry", "@scouter/delta"] },
  // The adapter of the lake's port IngestLog: an adapter imports the port, never the reverse.
  "@scouter/database": { mayImport: [...PURE, "@scouter/lake"] },
  "@scouter/models": { mayImport: [...PURE, "@scouter/evaluate"] },
  "@scouter/alerts": { mayImport: [...PURE, "@scouter/drift"] },
  // Entry "@scouter/sdk/offline" runs suites; an app that only sends loads none of it.
  "@scouter/sdk": { mayImport: [...PURE, "@scouter/evaluate"] },
  "@scouter/testkit": { mayImport: PORTS_AND_CORES },
  "@scouter/example-support-agent": { mayImport: [...PURE, "@scouter/sdk"] },
  "@scouter/example-help-desk": { mayImport: [...PURE, "@scouter/sdk"] },
  "@scouter/example-framework-agents": { mayImport: [...PURE, "@scouter/sdk"] },
  "@scouter/example-temperature-model": {
    mayImport: [...PURE, "@scouter/drift", "@scouter/sdk", "@scouter/tabular"],
  },
  // Of the dashboard the server knows only the folder of its built files.
  "@scouter/server": { mayImport: [...PORTS_AND_CORES, "@scouter/dashboard"] },
  // Its tests run the examples.
  "@scouter/dashboard": {
    mayImport: [...PURE, "@scouter/example-support-agent", "@scouter/example-temperature-model"],
  },
  "@scouter/cli": {
    mayImport: [
      ...PURE,
      "@scouter/drift",
      "@scouter/evaluate",
      "@scouter/models",
      "@scouter/sdk",
      "@scouter/tabular",
      "@scouter/server",
      "@scouter/example-support-agent",
      "@scouter/example-temperature-model",
    ],
    onlyLazily: [
      "@scouter/drift",
      "@scouter/evaluate",
      "@scouter/models",
      "@scouter/tabular",
      "@scouter/server",
      "@scouter/example-support-agent",
      "@scouter/example-temperature-model",
    ],
  },
  "@scouter/benchmarks": {
    mayImport: [...PORTS_AND_CORES, "@scouter/testkit", "@scouter/server"],
  },
};

/** Imported by tests and benchmarks only, never by what is shipped. */
export const TEST_ONLY_PACKAGE = "@scouter/testkit";

/** Dependencies that no import names, each with its reason. */
export const USED_WITHOUT_IMPORT: Readonly<Record<string, string>> = {
  "openapi-types": "types in the declarations of @fastify/swagger",
  "@opentelemetry/context-async-hooks":
    "optional peer of @scouter/sdk, loaded by its tracing set-up",
  "@opentelemetry/core": "optional peer of @scouter/sdk, loaded by its tracing set-up",
  "@opentelemetry/otlp-transformer": "optional peer of @scouter/sdk, loaded by its tracing set-up",
  "@opentelemetry/resources": "optional peer of @scouter/sdk, loaded by its tracing set-up",
  "@opentelemetry/sdk-trace": "optional peer of @scouter/sdk, loaded by its tracing set-up",
};
