import { loadPeers } from "../peer/load-peers.ts";

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
  return (await loadPeers("tracing", loaders)) as PeerPackages;
}
