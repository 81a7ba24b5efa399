import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOME_MARK, removeHome } from "./home-folder.ts";

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-home-"));
  home = join(folder, ".scouter");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("removeHome", () => {
  it("removes a folder with our mark", () => {
    mkdirSync(join(home, "lake"), { recursive: true });
    writeFileSync(join(home, HOME_MARK), "{}");
    writeFileSync(join(home, "lake", "part.parquet"), "data");
    removeHome(home);
    expect(existsSync(home)).toBe(false);
  });

  it("has nothing to do without a folder, or with an empty one", () => {
    removeHome(home);
    mkdirSync(home);
    removeHome(home);
    expect(existsSync(home)).toBe(true);
  });

  it("leaves a folder of others alone", () => {
    mkdirSync(home);
    writeFileSync(join(home, "thesis.txt"), "years of work");
    expect(() => removeHome(home)).toThrow("it has no file 'scouter-home.json', so it is not ours");
    expect(existsSync(join(home, "thesis.txt"))).toBe(true);
  });

  it("leaves the folder of a running server alone, and names the process", () => {
    mkdirSync(home);
    writeFileSync(join(home, HOME_MARK), "{}");
    writeFileSync(join(home, "scouter.lock.json"), JSON.stringify({ pid: 4711 }));
    const server = new DatabaseSync(join(home, "scouter.lock"));
    server.exec("BEGIN EXCLUSIVE");
    try {
      expect(() => removeHome(home)).toThrow("process 4711 uses it");
      expect(existsSync(join(home, HOME_MARK))).toBe(true);
    } finally {
      server.close();
    }
    removeHome(home);
    expect(existsSync(home)).toBe(false);
  });
});
