import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Path of a program in `PATH`, or of the first of the other places where it is; undefined when there is none. */
export function findProgram(name: string, otherPlaces: readonly string[] = []): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...otherPlaces, ...folders.map((folder) => join(folder, name))].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
