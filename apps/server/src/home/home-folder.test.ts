import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isScouterError } from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHome } from "./home-folder.ts";

const holder = { pid: process.pid, hostName: "here", startedAt: "2026-01-01T00:00:00Z" };
const childScript = fileURLToPath(new URL("../../test/fake/hold-home.ts", import.meta.url));

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "scouter-home-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function startChild(home: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ["--conditions=scouter-source", childScript, home], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: line.toString().trim() };
}

function refusal(home: string): string {
  try {
    openHome(home, holder).release();
  } catch (error) {
    if (isScouterError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "opened";
}

describe("openHome", () => {
  it("makes the folder, marks it, and opens it again after release", () => {
    const home = path.join(folder, "a/b");
    const lock = openHome(home, holder);
    expect(readdirSync(home)).toContain("scouter-home.json");
    lock.release();
    lock.release();
    expect(refusal(home)).toBe("opened");
  });

  it("refuses a second holder in this process and names the first", () => {
    const lock = openHome(folder, holder);
    expect(refusal(folder)).toBe(
      `SERVER_HOME_LOCKED: the folder '${folder}' is in use by process ${process.pid} on 'here', started 2026-01-01T00:00:00Z`,
    );
    lock.release();
  });

  it("refuses while another process lives, and opens at once after kill -9", async () => {
    const { child, said } = await startChild(folder);
    expect(said).toBe("held");
    expect(refusal(folder)).toContain(`in use by process ${child.pid} on 'child'`);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(refusal(folder)).toBe("opened");
  });

  it("gives the folder to exactly one of several that start together", async () => {
    const starts = await Promise.all(Array.from({ length: 4 }, () => startChild(folder)));
    expect(starts.map((start) => start.said).toSorted()).toEqual([
      "SERVER_HOME_LOCKED",
      "SERVER_HOME_LOCKED",
      "SERVER_HOME_LOCKED",
      "held",
    ]);
  });

  it("writes nothing into a folder that is not ours", () => {
    writeFileSync(path.join(folder, "thesis.tex"), "");
    expect(refusal(folder)).toContain("SERVER_HOME_FOREIGN");
    expect(refusal(folder)).toContain("thesis.tex");
    expect(readdirSync(folder)).toEqual(["thesis.tex"]);
  });

  it.each([
    ["a later format", '{"format":2}', "has format 2"],
    ["no format", "{}", "has format unknown"],
    ["a broken mark", "{", "has format unknown"],
    ["another type", '{"format":"1"}', 'has format "1"'],
  ])("refuses %s and leaves the folder unlocked", (_name, mark, message) => {
    writeFileSync(path.join(folder, "scouter-home.json"), mark);
    expect(refusal(folder)).toContain(
      `SERVER_HOME_FORMAT_UNKNOWN: the folder '${folder}' ${message}`,
    );
    writeFileSync(path.join(folder, "scouter-home.json"), '{"format":1}');
    expect(refusal(folder)).toBe("opened");
  });

  it("says why a path cannot be a folder", () => {
    writeFileSync(path.join(folder, "file"), "");
    expect(refusal(path.join(folder, "file"))).toContain("SERVER_HOME_UNUSABLE");
    mkdirSync(path.join(folder, "ok"));
    expect(refusal(path.join(folder, "ok"))).toBe("opened");
  });
});
