import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { childRunner } from "./child.mjs";

const node = process.execPath;
const root = fileURLToPath(new URL("../..", import.meta.url));
const FOREVER = "setInterval(() => {}, 1000);";

// Every runner marks this process, so that its own programs inherit the mark; when a check runs these tests, it has one.
const { CHECK_RUN_ID: mark } = process.env;
afterEach(() => {
  delete process.env["CHECK_RUN_ID"];
  if (mark !== undefined) process.env["CHECK_RUN_ID"] = mark;
});

describe("childRunner", () => {
  it.each([
    ["process.exitCode = 0", { ok: true, why: "" }],
    ["process.exitCode = 3", { ok: false, why: "exit code 3" }],
    ["process.kill(process.pid, 'SIGKILL')", { ok: false, why: "ended by SIGKILL" }],
  ])("reports how '%s' ended", async (code, expected) => {
    expect(await childRunner(root).run(node, ["-e", code])).toMatchObject(expected);
  });

  it("tells what it said when it died", async () => {
    const code = "require('node:fs').writeSync(2, '# Fatal error in\\n# Check failed: it.\\n')";
    const errors = new PassThrough();
    const { lastWords } = await childRunner(root, errors).run(node, ["-e", code]);
    expect(lastWords).toBe("# Fatal error in\n# Check failed: it.");
    expect(String(errors.read())).toContain("Check failed: it.");
  });

  it("reports a program that does not exist", async () => {
    const { ok, why } = await childRunner(root).run("no-such-program", []);
    expect(ok).toBe(false);
    expect(why).toContain("ENOENT");
  });

  it("stops a program at its limit", async () => {
    const end = await childRunner(root).run(node, ["-e", FOREVER], { limitSeconds: 0.2 });
    expect(end).toMatchObject({ ok: false, why: "stopped after its limit of 0.2 s" });
  });
});

// What left its group can only be found where the system shows environments.
describe.runIf(process.platform === "linux")("strays", () => {
  const detach = `require("node:child_process")
    .spawn(process.execPath, ["-e", "${FOREVER}"], { detached: true, stdio: "ignore" }).unref()`;

  it("kills and names what a program left running", async () => {
    const runner = childRunner(root);
    expect((await runner.run(node, ["-e", detach])).ok).toBe(true);
    const killed = await runner.killStrays();
    expect(killed).toHaveLength(1);
    expect(killed[0]).toContain("setInterval");
  });

  it("takes them along when the check itself is asked to end", async () => {
    const module = new URL("./child.mjs", import.meta.url).href;
    const code = `import { childRunner } from ${JSON.stringify(module)};
      const runner = childRunner(".");
      process.on("SIGTERM", () => runner.stopAll().then(() => process.exit(130)));
      const stray = ${JSON.stringify(detach)};
      await runner.run(process.execPath, ["-e", stray]);
      runner.run(process.execPath, ["-e", "console.log('pid', process.pid); ${FOREVER}"]);`;
    const check = spawn(node, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(check.stdout, "data");
    const pid = Number(/pid (\d+)/.exec(String(line))?.[1]);
    expect(() => process.kill(pid, 0)).not.toThrow();
    check.kill("SIGTERM");
    expect(await once(check, "exit")).toEqual([130, null]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
