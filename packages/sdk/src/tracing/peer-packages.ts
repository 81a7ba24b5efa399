import { errors } from "../errors.ts";

/** Loaders of the packages that tracing needs and an app may lack. Literal names, so that bundlers find them. */
const loaders = {
  "@opentelemetry/api": () => import("@opentelemetry/api"),
  "@opentelemetry/context-async-hooks": () => import("@opentelemetry/context-async-hooks"),
  "@opentelemetry/core": () => import("@opentelemetry/core"),
  "@opentelemetry/otlp-transformer": () => import("@opentelemetry/otlp-transformer"),
  "@opentelemetry/resources": () => import("@opentelemetry/resources"),
  "@opentelemetry/sdk-trace": () => import("@opentelemetry/sdk-trace"),
};

type Loaders = typeof loaders;
export type PeerPackages = { readonly [Name in keyof Loaders]: Awaited<ReturnType<Loaders[Name]>> };

/** @throws SDK_PEER_MISSING, naming every package that is not installed */
export async function tracingPeers(): Promise<PeerPackages> {
  return (await loadPeers(loaders)) as PeerPackages;
}

/** Loads every package by its name, or says at once which ones are missing. */
export async function loadPeers(
  peerLoaders: Readonly<Record<string, () => Promise<object>>>,
): Promise<Readonly<Record<string, object>>> {
  const loaded: Record<string, object> = {};
  const missing: string[] = [];
  for (const [name, load] of Object.entries(peerLoaders)) {
    try {
      loaded[name] = await load();
    } catch (error) {
      // A package that is installed but broken says more by its own error than we could.
      if (!isMissing(error)) throw error;
      missing.push(name);
    }
  }
  if (missing.length > 0) throw errors.SDK_PEER_MISSING({ packages: missing });
  return loaded;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
