// Starts the server: see serve-until-signal.ts.
import { limitMemoryArenas } from "./memory-arenas.ts";

limitMemoryArenas(process);
// Only now, so that a process which begins anew has loaded nothing.
await import("./serve-until-signal.ts");
