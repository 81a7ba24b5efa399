import { errors } from "../errors.ts";

/**
 * Loads every package by its name, or says at once which ones are missing.
 *
 * @param purpose what needs them, for the message: `tracing`, `the Kafka transport`
 * @param peerLoaders calls of `import()` with literal names, so that bundlers find them
 * @throws SDK_PEER_MISSING, naming every package that is not installed
 */
export async function loadPeers(
  purpose: string,
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
  if (missing.length > 0) throw errors.SDK_PEER_MISSING({ purpose, packages: missing });
  return loaded;
}

/** As `loadPeers`, for one package. */
export async function loadPeer<Module extends object>(
  purpose: string,
  name: string,
  load: () => Promise<Module>,
): Promise<Module> {
  const loaded = await loadPeers(purpose, { [name]: load });
  return loaded[name] as Module;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
