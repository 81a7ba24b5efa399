import { errors } from "../errors.ts";

/** Loads a client library that only this store needs; `OBJECT_STORE_LIBRARY_MISSING` when it is not installed. */
export async function loadLibrary<Library>(
  store: string,
  library: string,
  load: () => Promise<Library>,
): Promise<Library> {
  try {
    return await load();
  } catch (error) {
    const isMissing =
      error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing) throw error;
    throw errors.OBJECT_STORE_LIBRARY_MISSING({ store, library }, { cause: error });
  }
}
