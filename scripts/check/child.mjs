import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { finished } from "node:stream/promises";
import { setTimeout as passed } from "node:timers/promises";
import { LastWords } from "./last-words.mjs";

const GRACE_MS = 8_000;
/** What a program said last may still be on its way when it ended; what it left running may hold the stream open. */
const STREAM_GRACE_MS = 500;
/** Programs that watch over their parent need a moment to see that it is gone. */
const STRAY_GRACE_MS = 2_000;
const isWindows = process.platform === "win32";

/**
 * Runs programs one after the other so that none outlives this process: each is a process group of its own, and every
 * descendant inherits `CHECK_RUN_ID`, by which strays that left their group are found (Linux).
 *
 * @param {string} root folder in which programs run
 * @param {NodeJS.WritableStream} errors where what they say on standard error goes
 */
export function childRunner(root, errors = process.stderr) {
  const runId = `${process.pid}-${Date.now()}`;
  process.env["CHECK_RUN_ID"] = runId;
  const running = new Set();
  let stopping = false;
  process.on("exit", () => {
    for (const child of running) signalGroup(child, "SIGKILL");
    killStrays(runId);
  });

  return {
    /**
     * Its output goes through. Resolves when it ended; never rejects.
     * @returns {Promise<{ ok: boolean, why: string, lastWords: string }>} `why` is empty when it went well; `lastWords`
     *   are those of a program that died by its own hand, or of one that it started
     */
    run(program, parameters, { env = {}, limitSeconds = 600 } = {}) {
      return new Promise((resolve) => {
        const child = spawn(program, parameters, {
          cwd: root,
          env: { ...process.env, ...env },
          stdio: ["ignore", "inherit", "pipe"],
          detached: !isWindows,
        });
        running.add(child);
        const lastWords = new LastWords();
        child.stderr.setEncoding("utf8").on("data", (chunk) => {
          errors.write(chunk);
          lastWords.add(chunk);
        });
        let late = false;
        const limit = setTimeout(() => {
          late = true;
          void stop(child);
        }, limitSeconds * 1_000);
        const settle = (why) => {
          clearTimeout(limit);
          running.delete(child);
          // Whoever waits must not go on to the next program while everything is being stopped.
          if (!stopping) resolve({ ok: why === "", why, lastWords: lastWords.text() });
        };
        child.on("error", (error) => settle(error.message));
        child.on("exit", (code, signal) => {
          clearTimeout(limit);
          const how = () => {
            if (late) return `stopped after its limit of ${limitSeconds} s`;
            if (signal !== null) return `ended by ${signal}`;
            return code === 0 ? "" : `exit code ${code}`;
          };
          void endOf(child.stderr).then(() => settle(how()));
        });
      });
    },

    /** Asks everything under way to end, then makes it. */
    async stopAll() {
      stopping = true;
      await Promise.all([...running].map(stop));
      killStrays(runId);
    },

    /** Kills what earlier programs left running, if it does not end by itself, and returns its command lines. */
    async killStrays() {
      const deadline = performance.now() + STRAY_GRACE_MS;
      while (strays(runId).length > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return killStrays(runId);
    },
  };
}

function endOf(stream) {
  const ended = finished(stream).catch(() => undefined);
  return Promise.race([ended, passed(STREAM_GRACE_MS)]);
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  signalGroup(child, "SIGTERM");
  const force = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
  await ended;
  clearTimeout(force);
  signalGroup(child, "SIGKILL");
}

function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (isWindows) spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone, which is what was wanted.
  }
}

function killStrays(runId) {
  return strays(runId).map(({ pid, command }) => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself between the look and the signal.
    }
    return command;
  });
}

function strays(runId) {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "latin1").split("\0");
      if (!environment.includes(`CHECK_RUN_ID=${runId}`)) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return [{ pid, command }];
    } catch {
      return []; // Another user's process, or one that ended meanwhile.
    }
  });
}
