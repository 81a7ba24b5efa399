import { setFlagsFromString } from "node:v8";

/** The most that the engine takes: a call of WebAssembly into JavaScript counts one. */
const NEVER = 2 ** 31 - 1;

/**
 * For the whole process, and for WebAssembly that is loaded from then on: what leads from it into JavaScript is not
 * compiled for each signature once it is busy (1,000 calls) but stays the one that fits all.
 *
 * The compiled ones are shared by all threads of a process, and the engine of Node 24 frees them while another thread has
 * them: it then ends the process ("Check failed: jit_page.has_value()"), or writes into memory that is somebody else's.
 * A process with the embedded database in a thread is one that meets this. See docs/decisions/0048-wrappers-of-wasm.md.
 */
export function keepGenericWasmWrappers(): void {
  setFlagsFromString(`--wasm-wrapper-tiering-budget=${NEVER}`);
}
